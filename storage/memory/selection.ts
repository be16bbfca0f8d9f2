// Answers a `select`: first which series, then, one at a time as the caller asks for them, their samples. What there is
// to answer is settled when the selection begins; writes that follow add nothing to it and take nothing from it.
import { type Labels, newLabelSet } from '../../lib/model/label-set.js';
import type { LabelPredicate } from '../../lib/model/matchers.js';
import { Pace } from '../../lib/model/pace.js';
import { matchSamples } from '../../lib/model/sample-match.js';
import { merged, type Samples } from '../../lib/model/sample-order.js';
import type { SampleKind } from '../../lib/model/samples.js';
import { SeriesEnds } from '../../lib/model/series-ends.js';
import type { SeriesData, TimeRange } from '../../lib/model/storage.js';
import type { AppendedHistory } from './appended/appended-history.js';
import { type AppendedView, readAppended, viewOf } from './appended/appended-reader.js';
import { LabelTest } from './series-match.js';
import type { TableView } from './series-table.js';
import { readHistograms } from './snapshots/histogram-reader.js';
import type { SnapshotHistory } from './snapshots/snapshot-history.js';
import { SnapshotRange, SnapshotReader } from './snapshots/snapshot-reader.js';
import type { SnapshotSeries } from './snapshots/snapshot-table.js';
import type { LabelNames } from './stored-series.js';

export interface Histories {
  readonly snapshots: SnapshotHistory;
  readonly appended: AppendedHistory;
}

/** Series of one table and which of their samples are asked for. */
interface Found<S> {
  readonly kinds: readonly SampleKind[];
  readonly series: readonly S[];
}

/** In steps of `Pace`, per series that is looked at. */
const STEPS_PER_SERIES = 3;
/** The same where a predicate may take long: enough for the time to be read each time. */
const STEPS_PER_SLOW_SERIES = 2000;

/**
 * Finds the series. Pauses while it looks through many of them, but settles what it will answer before the first pause.
 *
 * @param predicates - All of them must hold.
 */
export async function select(
  { snapshots, appended }: Histories,
  predicates: readonly LabelPredicate[],
  range: TimeRange,
): Promise<Iterable<SeriesData>> {
  const snapshotRange = new SnapshotRange(snapshots.generations(), range);
  const views = [...snapshots.tables].map((table) => ({
    view: table.view(),
    ...matchSamples(table.kinds, predicates),
  }));
  const viewedAppended = viewAppended(appended, predicates, range);
  const foundInSnapshots: Found<SnapshotSeries>[] = [];
  const pace = new Pace();
  for (const { view, kinds, predicates: onLabels } of views) {
    if (kinds.length === 0 || snapshotRange.spans.length === 0) continue;
    foundInSnapshots.push({ kinds, series: await findSeries(view, onLabels, pace) });
  }
  const foundAppended: Found<AppendedView>[] = [];
  for (const { kinds, series, slow } of viewedAppended) {
    foundAppended.push({ kinds, series: slow.length === 0 ? series : await askSlowly(series, slow, pace) });
  }
  return new Selection(foundInSnapshots, foundAppended, { range, snapshotRange });
}

async function findSeries<S extends SnapshotSeries>(
  view: TableView<S>,
  predicates: readonly LabelPredicate[],
  pace: Pace,
): Promise<readonly S[]> {
  const test = new LabelTest(predicates);
  const steps = predicates.some(({ isSlow }) => isSlow) ? STEPS_PER_SLOW_SERIES : STEPS_PER_SERIES;
  const found: S[] = [];
  for (const series of view.candidates(predicates)) {
    if (view.holds(series) && test.isFulfilledBy(series)) found.push(series);
    pace.count(steps);
    if (pace.isDue) await pace.pause();
  }
  return found;
}

/** Series of one table as they were at one moment, and what is still to be asked of them. */
interface Viewed extends Found<AppendedView> {
  readonly slow: readonly LabelPredicate[];
}

/** Without a pause: samples that are appended during one would be among those that are found afterwards. */
function viewAppended(
  history: AppendedHistory,
  predicates: readonly LabelPredicate[],
  range: TimeRange,
): readonly Viewed[] {
  const all: Viewed[] = [];
  for (const table of history.tables) {
    const { kinds, predicates: onLabels } = matchSamples(table.kinds, predicates);
    if (kinds.length === 0) continue;
    const view = table.view();
    const test = new LabelTest(onLabels.filter(({ isSlow }) => !isSlow));
    const found = view.candidates(onLabels).filter((series) => view.holds(series) && test.isFulfilledBy(series));
    const slow = onLabels.filter(({ isSlow }) => isSlow);
    all.push({ kinds, series: found.map((series) => viewOf(series, range)), slow });
  }
  return all;
}

async function askSlowly(
  views: readonly AppendedView[],
  predicates: readonly LabelPredicate[],
  pace: Pace,
): Promise<readonly AppendedView[]> {
  const test = new LabelTest(predicates);
  const found: AppendedView[] = [];
  for (const view of views) {
    if (test.isFulfilledBy(view)) found.push(view);
    pace.count(STEPS_PER_SLOW_SERIES);
    if (pace.isDue) await pace.pause();
  }
  return found;
}

/** What `select` answers. May be iterated any number of times. */
class Selection implements Iterable<SeriesData> {
  readonly #snapshots: readonly Found<SnapshotSeries>[];
  readonly #appended: readonly Found<AppendedView>[];
  readonly #range: TimeRange;
  readonly #snapshotRange: SnapshotRange;

  constructor(
    snapshots: readonly Found<SnapshotSeries>[],
    appended: readonly Found<AppendedView>[],
    { range, snapshotRange }: { readonly range: TimeRange; readonly snapshotRange: SnapshotRange },
  ) {
    this.#snapshots = snapshots;
    this.#appended = appended;
    this.#range = range;
    this.#snapshotRange = snapshotRange;
  }

  *[Symbol.iterator](): Generator<SeriesData> {
    const shared = this.#namesOfSeveralTables();
    if (shared.size === 0) {
      yield* this.#series();
      return;
    }
    const together = new Map<string, { readonly labels: Labels; readonly places: Samples[] }>();
    for (const series of this.#series()) {
      if (!shared.has(series.labels.__name__ as string)) {
        yield series;
        continue;
      }
      const key = JSON.stringify(Object.entries(series.labels).sort(byName));
      const known = together.get(key);
      if (known === undefined) together.set(key, { labels: series.labels, places: [series] });
      else known.places.push(series);
    }
    for (const { labels, places } of together.values()) yield { labels, ...merged(places) };
  }

  /** The same series can come from several tables: a metric that was redefined, or one that is appended to as well. */
  #namesOfSeveralTables(): ReadonlySet<string> {
    const seen = new Set<string>();
    const shared = new Set<string>();
    for (const { kinds } of [...this.#snapshots, ...this.#appended]) {
      const names = new Set(kinds.map(({ name }) => name));
      for (const name of names) (seen.has(name) ? shared : seen).add(name);
    }
    return shared;
  }

  /** Appended samples last: of one time stamp the last one stays. */
  *#series(): Generator<SeriesData> {
    const reader = new SnapshotReader(this.#snapshotRange);
    const ends = new SeriesEnds(this.#snapshotRange.timestampsMs());
    for (const { kinds, series } of this.#snapshots) {
      const numbers = kinds.filter((kind) => !kind.isHistogram);
      const histogram = kinds.find((kind) => kind.isHistogram);
      for (const one of series) {
        const samples = numbers.length === 0 ? [] : reader.read(one, numbers);
        for (let k = 0; k < samples.length; k++) {
          const found = samples[k] as Samples;
          yield seriesData(one, numbers[k] as SampleKind, { samples: found, endsMs: ends.of(found.timestampsMs) });
        }
        if (histogram === undefined) continue;
        for (const found of readHistograms(one, this.#snapshotRange)) {
          yield seriesData(one, histogram, { samples: found, endsMs: ends.of(found.timestampsMs) });
        }
      }
    }
    for (const { kinds, series } of this.#appended) {
      for (const one of series) {
        for (const samples of readAppended(one, this.#range)) {
          yield seriesData(one, kinds[0] as SampleKind, { samples, endsMs: samples.endsMs });
        }
      }
    }
  }
}

function seriesData(
  series: { readonly labels: LabelNames; readonly values: readonly string[] },
  kind: SampleKind,
  { samples, endsMs }: { readonly samples: Samples; readonly endsMs: Float64Array | undefined },
): SeriesData {
  const labels = newLabelSet();
  if (kind.name !== '') labels.__name__ = kind.name;
  const { names } = series.labels;
  for (let n = 0; n < names.length; n++) labels[names[n] as string] = series.values[n] as string;
  if (kind.label !== undefined) labels[kind.label[0]] = kind.label[1];
  const { timestampsMs, values } = samples;
  const end = endsMs === undefined ? {} : { endsMs };
  if (!('histograms' in samples)) return { labels, timestampsMs, values, ...end };
  // Read when somebody asks for them: whoever wants the labels only need not wait for that.
  return {
    labels,
    timestampsMs,
    values,
    ...end,
    get histograms() {
      return samples.histograms as NonNullable<SeriesData['histograms']>;
    },
  };
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
