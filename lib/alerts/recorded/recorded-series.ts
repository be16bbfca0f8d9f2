// What rules have recorded and what is there of it now, as a snapshot: for storages that take nothing else. Rules write sample by
// sample; here the last one of every series that has not ended is kept.
import type { LabelDictionary, MetricFamily, SeriesBlock, Snapshot } from '../../model/family.js';
import type { Labels } from '../../model/label-set.js';
import { keyOf } from '../../query/values/label-sets.js';

interface Recorded {
  readonly labels: Labels;
  value: number;
}

/** Where the numbers of some series stand. */
interface Layout {
  readonly family: MetricFamily['descriptor'];
  readonly block: Omit<SeriesBlock, 'values'>;
  readonly series: readonly Recorded[];
}

const NAME = '__name__';

export class RecordedSeries {
  readonly #series = new Map<string, Recorded>();
  #layouts: readonly Layout[] | undefined;
  #latestMs = Number.NEGATIVE_INFINITY;

  /** When the newest sample was taken; infinite before the first one. */
  get latestMs(): number {
    return this.#latestMs;
  }

  set(labels: Labels, timestampMs: number, value: number): void {
    this.#latestMs = Math.max(this.#latestMs, timestampMs);
    const key = keyOf(labels);
    const known = this.#series.get(key);
    if (known === undefined) {
      this.#series.set(key, { labels, value });
      this.#layouts = undefined;
    } else known.value = value;
  }

  end(labels: Labels, timestampMs: number): void {
    this.#latestMs = Math.max(this.#latestMs, timestampMs);
    if (this.#series.delete(keyOf(labels))) this.#layouts = undefined;
  }

  /** Label columns are the same arrays as long as the same series are there. */
  snapshot(): Snapshot {
    this.#layouts ??= layoutsOf([...this.#series.values()]);
    const families = this.#layouts.map(({ family, block, series }): MetricFamily => {
      const blocks: readonly SeriesBlock[] = [{ ...block, values: Float64Array.from(series, ({ value }) => value) }];
      return { descriptor: family, observedNegative: false, blocks: () => blocks };
    });
    return { timestampMs: this.#latestMs, families };
  }
}

/** One for each name and set of label names. */
function layoutsOf(all: readonly Recorded[]): readonly Layout[] {
  const groups = new Map<string, Recorded[]>();
  for (const one of all) {
    const key = JSON.stringify([one.labels[NAME], ...Object.keys(one.labels).sort()]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map(layoutOf);
}

function layoutOf(series: readonly Recorded[]): Layout {
  const [{ labels }] = series as readonly [Recorded];
  const names = Object.keys(labels)
    .filter((name) => name !== NAME)
    .sort();
  const columns = names.map((name) => columnOf(series.map((one) => one.labels[name] ?? '')));
  const dictionaries = names.map((name, c): LabelDictionary => ({ name, values: columns[c]!.values }));
  const labelIds = new Int32Array(series.length * names.length);
  columns.forEach(({ ids }, c) => {
    for (let row = 0; row < ids.length; row++) labelIds[row * names.length + c] = ids[row]!;
  });
  const createdMs = new Float64Array(series.length).fill(Number.NaN);
  return {
    family: { name: labels[NAME] ?? '', description: '', unit: '', type: 'gauge' },
    block: { size: series.length, live: undefined, dictionaries, labelIds, constantLabels: [], width: 1, createdMs },
    series,
  };
}

function columnOf(texts: readonly string[]): { readonly values: readonly string[]; readonly ids: readonly number[] } {
  const known = new Map<string, number>();
  const ids = texts.map((text) => {
    const id = known.get(text) ?? known.size;
    known.set(text, id);
    return id;
  });
  return { values: [...known.keys()], ids };
}
