// Answers a `select`, in as many passes over the segments as memory asks for. The segments that it needs are pinned when it is
// made, so that what there is to answer is settled then: writes that follow add nothing to it, retention takes nothing from it.
import { type Labels, newLabelSet } from '../../../lib/model/label-set.js';
import { Pace } from '../../../lib/model/pace.js';
import { merged, picked, type Samples } from '../../../lib/model/sample-order.js';
import type { SampleKind } from '../../../lib/model/samples.js';
import { SeriesEnds } from '../../../lib/model/series-ends.js';
import type { SeriesData } from '../../../lib/model/storage.js';
import type { SegmentFolder } from '../segments/folder.js';
import type { PinnedSegment } from '../segments/segment.js';
import { type Batch, EVERYTHING, RowCollector, type RowQuery } from './row-collector.js';
import type { RowResult, RowSamples } from './row-result.js';
import { SegmentScan } from './segment-scan.js';

/** Lets go of the segments of selections that nobody ever read, or read to the end. */
const forgotten = new FinalizationRegistry<readonly PinnedSegment[]>(releaseAll);

/** In steps of `Pace`. */
const STEPS_PER_SERIES = 50;

/** May be iterated again; it then reads what the folder holds at that time. */
export class Selection implements AsyncIterable<SeriesData> {
  readonly #folder: SegmentFolder;
  readonly #query: RowQuery;
  #pinned: readonly PinnedSegment[] | undefined;

  constructor(folder: SegmentFolder, query: RowQuery) {
    this.#folder = folder;
    this.#query = query;
    this.#pinned = folder.pin(query.range);
    forgotten.register(this, this.#pinned, this);
  }

  [Symbol.asyncIterator](): AsyncGenerator<SeriesData> {
    const segments = this.#pinned ?? this.#folder.pin(this.#query.range);
    this.#pinned = undefined;
    forgotten.unregister(this);
    const series = readSeries(this.#folder, segments, this.#query);
    forgotten.register(series, segments, segments);
    return series;
  }
}

async function* readSeries(
  folder: SegmentFolder,
  segments: readonly PinnedSegment[],
  query: RowQuery,
): AsyncGenerator<SeriesData> {
  const pace = new Pace();
  try {
    for await (const { rows, snapshotsMs } of readRows(folder, segments, query)) {
      for (const series of seriesOf(rows, new SeriesEnds(snapshotsMs))) {
        yield series;
        pace.count(STEPS_PER_SERIES + series.values.length);
        if (pace.isDue) await pace.pause();
      }
    }
  } finally {
    forgotten.unregister(segments);
    releaseAll(segments);
  }
}

/** Reads rows, one batch per pass: the batches have no series in common. */
export async function* readRows(
  folder: SegmentFolder,
  segments: readonly PinnedSegment[],
  query: RowQuery,
): AsyncGenerator<Pick<RowCollector, 'rows' | 'snapshotsMs'>> {
  const pace = new Pace();
  let batch: Batch | undefined = EVERYTHING;
  while (batch !== undefined) {
    const collector: RowCollector = new RowCollector(query, pace, batch);
    for (const { segment, end } of segments) {
      const scan = new SegmentScan(collector, pace, (damage) => {
        segment.isDamaged = true;
        folder.report({ kind: 'file_corrupt', file: segment.path, ...damage });
      });
      try {
        for await (const snapshot of scan.snapshots(await segment.open(), end)) await collector.note(snapshot);
      } catch (cause) {
        const problem = `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
        folder.report({ kind: 'file_corrupt', file: segment.path, offset: 0, problem });
      }
    }
    yield collector;
    batch = collector.next;
  }
}

export function releaseAll(segments: readonly PinnedSegment[]): void {
  for (const { segment } of segments) segment.release();
}

function* seriesOf(rows: readonly RowResult[], ends: SeriesEnds): Generator<SeriesData> {
  const shared = namesOfSeveral(rows);
  const together = new Map<string, { readonly labels: Labels; readonly places: Samples[] }>();
  for (const row of rows) {
    const found = row.samples();
    for (let k = 0; k < row.kinds.length; k++) {
      const kind = row.kinds[k] as SampleKind;
      const labels = labelSetOf(row, kind);
      const read = samplesOf(kind, found.columns[k] as Float64Array, found);
      if (read.timestampsMs.length === 0) continue;
      const endsMs = row.isTimed ? undefined : ends.of(read.timestampsMs);
      const samples = endsMs === undefined ? read : { ...read, endsMs };
      if (!shared.has(kind.name)) {
        yield { labels, ...samples };
        continue;
      }
      const key = JSON.stringify(Object.entries(labels).sort(byName));
      const known = together.get(key);
      if (known === undefined) together.set(key, { labels, places: [samples] });
      else known.places.push(samples);
    }
  }
  for (const { labels, places } of together.values()) yield { labels, ...merged(places) };
}

/** Where a series had no histogram, it has no sample of that kind. */
function samplesOf(kind: SampleKind, values: Float64Array, { timestampsMs, histograms }: RowSamples): Samples {
  if (!kind.isHistogram || histograms === undefined) return { timestampsMs, values };
  if (!histograms.includes(undefined)) return { timestampsMs, values, histograms };
  const places = Array.from(histograms.keys()).filter((place) => histograms[place] !== undefined);
  return {
    timestampsMs: picked(timestampsMs, places),
    values: picked(values, places),
    histograms: places.map((place) => histograms[place]),
  };
}

/** The same series can come from several families of one name: a metric that was redefined. */
function namesOfSeveral(rows: readonly RowResult[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  const known = new Set<string>();
  for (const { signature, kinds } of rows) {
    if (known.has(signature)) continue;
    known.add(signature);
    for (const name of new Set(kinds.map((kind) => kind.name))) (seen.has(name) ? shared : seen).add(name);
  }
  return shared;
}

function labelSetOf({ labels }: RowResult, kind: SampleKind): Labels {
  const set = newLabelSet();
  set.__name__ = kind.name;
  for (const [name, value] of labels) set[name] = value;
  if (kind.label !== undefined) set[kind.label[0]] = kind.label[1];
  return set;
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
