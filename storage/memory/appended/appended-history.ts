// History that came sample by sample (`append`). Each series keeps time stamps of its own, because nothing says that any
// two series are appended to together; snapshots have a cheaper way, see `generation.ts`.
import type { Labels } from '../../../lib/model/label-set.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import type { Budget, Evictable } from '../budget.js';
import { SeriesTable } from '../series-table.js';
import { hashOf, type LabelNames, StoredSeries } from '../stored-series.js';
import { HistogramChunk } from './histogram-chunk.js';
import { MOST_CHUNK_BYTES, SampleChunk } from './sample-chunk.js';

/** The number itself; lists of them grow in steps. */
const BYTES_PER_END = 16;

/** Samples of one kind: a series whose samples are now numbers, now histograms, begins a chunk with each change. */
export type AppendedChunk = SampleChunk | HistogramChunk;

export class AppendedSeries extends StoredSeries {
  readonly table: SeriesTable<AppendedSeries>;
  /** In the order in which they began; only the last one takes samples. Replaced, never changed. */
  chunks: readonly AppendedChunk[] = [];
  /** When it was said to have ended, ascending. Replaced, never changed. */
  endsMs: readonly number[] = [];

  constructor(table: SeriesTable<AppendedSeries>, labels: LabelNames, values: readonly string[]) {
    super(labels, values, hashOf(labels.seed, values));
    this.table = table;
  }
}

interface QueuedChunk {
  readonly series: AppendedSeries;
  readonly chunk: AppendedChunk;
}

export class AppendedHistory implements Evictable {
  readonly #budget: Budget;
  /** By name of the metric, '' for series without one. */
  readonly #tables = new Map<string, SeriesTable<AppendedSeries>>();
  /** Every chunk, in the order in which they began; those before `#head` are gone. */
  #queue: QueuedChunk[] = [];
  #head = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
    budget.register(this);
  }

  get tables(): Iterable<SeriesTable<AppendedSeries>> {
    return this.#tables.values();
  }

  *chunks(): Generator<AppendedChunk> {
    for (const table of this.#tables.values()) for (const series of table) yield* series.chunks;
  }

  get oldestMs(): number {
    return this.#queue[this.#head]?.chunk.lastMs ?? Infinity;
  }

  dropOldest(): void {
    const { series, chunk } = this.#queue[this.#head++] as QueuedChunk;
    this.#keep(series, (other) => other !== chunk);
    if (this.#head * 2 > this.#queue.length) this.#trimQueue();
  }

  /** Drops chunks that are over before a time. */
  expire(cutoffMs: number): void {
    const over = ({ lastMs }: AppendedChunk): boolean => lastMs < cutoffMs;
    for (const table of this.#tables.values()) {
      for (const series of table) if (series.chunks.some(over)) this.#keep(series, (chunk) => !over(chunk));
    }
    this.#trimQueue();
    this.#queue = this.#queue.filter(({ chunk }) => !over(chunk));
  }

  /** Adds a number or a histogram. It is refused when the limit on memory leaves no room for it. */
  append(
    labels: Labels,
    timestampMs: number,
    sample: number | NativeHistogram,
  ): 'stored' | 'refused' | 'invalid_labels' {
    const key = keyOf(labels);
    return key === undefined ? 'invalid_labels' : this.#appendTo(key, timestampMs, sample);
  }

  /** The same, unless the series has one of that time or a later one. */
  appendLater(
    labels: Labels,
    timestampMs: number,
    sample: number | NativeHistogram,
  ): 'stored' | 'refused' | 'invalid_labels' | 'known' {
    const key = keyOf(labels);
    if (key === undefined) return 'invalid_labels';
    const last = this.#known(key)?.chunks.at(-1);
    if (last !== undefined && last.lastMs >= timestampMs) return 'known';
    return this.#appendTo(key, timestampMs, sample);
  }

  #appendTo(key: AppendKey, timestampMs: number, sample: number | NativeHistogram): 'stored' | 'refused' {
    const chunkBytes = typeof sample === 'number' ? MOST_CHUNK_BYTES : HistogramChunk.mostBytes(sample);
    // Room is made first: it may take the very series that is appended to.
    if (!this.#budget.makeRoom(StoredSeries.bytesFor(key.values) + chunkBytes)) return 'refused';
    const series = this.#seriesOf(key);
    if (typeof sample === 'number') {
      const chunk = this.#openChunk(series, SampleChunk);
      this.#budget.give(chunk.bytes);
      chunk.append(timestampMs, sample);
      this.#budget.take(chunk.bytes);
    } else {
      const chunk = this.#openChunk(series, HistogramChunk);
      this.#budget.give(chunk.bytes);
      chunk.append(timestampMs, sample);
      this.#budget.take(chunk.bytes);
    }
    return 'stored';
  }

  /** Notes that a series has ended. One that has no samples has nothing that could end. */
  appendEnd(labels: Labels, timestampMs: number): 'stored' | 'refused' | 'unknown' {
    const key = keyOf(labels);
    const series = key === undefined ? undefined : this.#known(key);
    if (series === undefined) return 'unknown';
    if (series.endsMs.includes(timestampMs)) return 'stored';
    if (!this.#budget.makeRoom(BYTES_PER_END) || series.chunks.length === 0) return 'refused';
    this.#budget.take(BYTES_PER_END);
    series.endsMs = [...series.endsMs, timestampMs].sort((a, b) => a - b);
    return 'stored';
  }

  #known({ metric, names, values }: AppendKey): AppendedSeries | undefined {
    const table = this.#tables.get(metric);
    const labels = table?.knownNames(names);
    return labels === undefined ? undefined : table?.find(labels, values, hashOf(labels.seed, values));
  }

  #seriesOf({ metric, names, values }: AppendKey): AppendedSeries {
    let table = this.#tables.get(metric);
    if (table === undefined) {
      table = new SeriesTable([{ name: metric, label: undefined, column: 0, cumulative: false }], this.#budget);
      this.#tables.set(metric, table);
    }
    const labels = table.labelNames(names);
    let series = table.find(labels, values, hashOf(labels.seed, values));
    if (series === undefined) {
      series = new AppendedSeries(table, labels, values);
      table.add(series);
    }
    return series;
  }

  /** The chunk that takes the next sample of a series. */
  #openChunk<C extends AppendedChunk>(series: AppendedSeries, type: new () => C): C {
    const last = series.chunks.at(-1);
    // A sealed one is the last one again where what came after it has expired.
    const isSealed = last?.isSealed === true;
    if (last instanceof type && !last.isFull && !isSealed) return last;
    if (last !== undefined && !isSealed) {
      this.#budget.give(last.bytes);
      last.seal();
      this.#budget.take(last.bytes);
    }
    const chunk = new type();
    this.#budget.take(chunk.bytes);
    series.chunks = [...series.chunks, chunk];
    this.#queue.push({ series, chunk });
    return chunk;
  }

  /** Lets go of the other chunks, and of the series with its last one. */
  #keep(series: AppendedSeries, isKept: (chunk: AppendedChunk) => boolean): void {
    for (const chunk of series.chunks) if (!isKept(chunk)) this.#budget.give(chunk.bytes);
    series.chunks = series.chunks.filter(isKept);
    this.#forgetEnds(series);
    if (series.chunks.length > 0) return;
    const { table } = series;
    table.remove(series);
    if (table.size === 0) this.#tables.delete((table.kinds[0] as { name: string }).name);
  }

  /** Lets go of the ends from before the first sample: nothing is left that they could end. */
  #forgetEnds(series: AppendedSeries): void {
    const firstMs = Math.min(...series.chunks.map((chunk) => chunk.firstMs));
    const kept = series.endsMs.filter((at) => at >= firstMs);
    this.#budget.give((series.endsMs.length - kept.length) * BYTES_PER_END);
    series.endsMs = kept;
  }

  #trimQueue(): void {
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }
}

interface AppendKey {
  readonly metric: string;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

function keyOf(labels: Labels): AppendKey | undefined {
  const names: string[] = [];
  for (const name of Object.keys(labels)) {
    if (typeof labels[name] !== 'string') return undefined;
    if (name !== '__name__' && labels[name] !== '') names.push(name);
  }
  names.sort();
  const metric = Object.hasOwn(labels, '__name__') ? (labels.__name__ as string) : '';
  return { metric, names, values: names.map((name) => labels[name] as string) };
}
