// The series of one metric: found by their labels when samples come in, and by single labels when they are asked for.
import type { LabelPredicate } from '../../lib/model/matchers.js';
import type { SampleKind } from '../../lib/model/samples.js';
import type { Budget } from './budget.js';
import { hashOf, type LabelNames, NEVER, type StoredSeries } from './stored-series.js';

/** Scanning up to this many series costs less than an index is worth. */
const FEW_SERIES = 64;

/** A table as it was at one moment. */
export interface TableView<S extends StoredSeries> {
  readonly table: SeriesTable<S>;
  /** A few series among which are all that fulfil the predicates; to be asked which of them the view holds. */
  candidates(predicates: readonly LabelPredicate[]): readonly S[];
  /** Whether a series had not been removed. Series that were added later have no samples that the reader sees. */
  holds(series: S): boolean;
}

export class SeriesTable<S extends StoredSeries> {
  /** What one series exposes: the names and the extra label of each sample. */
  readonly kinds: readonly SampleKind[];
  readonly #budget: Budget;
  /** Grows at its end; replaced by another array when series have gone, so that readers can go on with theirs. */
  #series: S[] = [];
  readonly #byHash = new Map<number, S>();
  readonly #labels = new Map<string, LabelNames>();
  /** Label name → value → series. Made when a label is first asked for, because most labels never are. */
  readonly #index = new Map<string, Map<string, S[]>>();
  #indexBytes = 0;
  /** Removed, and still in `#series`. */
  #gone = 0;
  #removals = 0;

  constructor(kinds: readonly SampleKind[], budget: Budget) {
    this.kinds = kinds;
    this.#budget = budget;
  }

  get size(): number {
    return this.#series.length - this.#gone;
  }

  /** The series there are. They may be removed on the way. */
  *[Symbol.iterator](): Generator<S> {
    for (const series of this.#series) if (series.goneAt === NEVER) yield series;
  }

  /** The shared object for these names, which are sorted. */
  labelNames(names: readonly string[]): LabelNames {
    const key = JSON.stringify(names);
    let labels = this.#labels.get(key);
    if (labels === undefined) {
      labels = { names, seed: hashOf(0x811c9dc5, names), seriesCount: 0, isRetired: false };
      this.#labels.set(key, labels);
    }
    return labels;
  }

  /** The same, if there is a series with these names. */
  knownNames(names: readonly string[]): LabelNames | undefined {
    return this.#labels.get(JSON.stringify(names));
  }

  find(labels: LabelNames, values: readonly string[], hash: number): S | undefined {
    let series = this.#byHash.get(hash);
    while (series !== undefined && !series.has(labels, values)) series = series.next as S | undefined;
    return series;
  }

  add(series: S): void {
    series.next = this.#byHash.get(series.hash);
    this.#byHash.set(series.hash, series);
    this.#series.push(series);
    series.labels.seriesCount++;
    this.#budget.take(series.bytes);
    for (const [name, byValue] of this.#index) this.#addTo(byValue, series.valueOf(name), series);
  }

  remove(series: S): void {
    series.goneAt = ++this.#removals;
    this.#unlink(series);
    this.#release(series.labels);
    this.#budget.give(series.bytes);
    this.#gone++;
    if (this.#gone * 4 < this.#series.length) return;
    this.#series = this.#series.filter((kept) => kept.goneAt === NEVER);
    this.#gone = 0;
    this.#index.clear();
    this.#budget.give(this.#indexBytes);
    this.#indexBytes = 0;
  }

  /** What the table holds now, for a reader that goes on reading it later. */
  view(): TableView<S> {
    const series = this.#series;
    const removals = this.#removals;
    return {
      table: this,
      candidates: (predicates) => this.#candidates(predicates, series),
      holds: ({ goneAt }) => goneAt > removals,
    };
  }

  #candidates(predicates: readonly LabelPredicate[], all: readonly S[]): readonly S[] {
    let fewest = all;
    // Once the series have been replaced, the index speaks of others than the reader's.
    if (all !== this.#series || all.length <= FEW_SERIES) return fewest;
    for (const { name, values } of predicates) {
      if (values === undefined || values.includes('')) continue;
      const byValue = this.#indexOf(name);
      const found = values.map((value) => byValue.get(value) ?? []);
      const count = found.reduce((sum, series) => sum + series.length, 0);
      if (count < fewest.length) fewest = found.length === 1 ? (found[0] as S[]) : [...new Set(found.flat())];
    }
    return fewest;
  }

  #unlink(series: S): void {
    const first = this.#byHash.get(series.hash) as S;
    if (first === series) {
      if (series.next === undefined) this.#byHash.delete(series.hash);
      else this.#byHash.set(series.hash, series.next as S);
      return;
    }
    let before = first;
    while (before.next !== series) before = before.next as S;
    before.next = series.next;
  }

  /** Lets names go with their last series: those that come and go must not add up. */
  #release(labels: LabelNames): void {
    if (--labels.seriesCount > 0) return;
    labels.isRetired = true;
    this.#labels.delete(JSON.stringify(labels.names));
  }

  #indexOf(name: string): Map<string, S[]> {
    let byValue = this.#index.get(name);
    if (byValue === undefined) {
      byValue = new Map();
      for (const series of this.#series) this.#addTo(byValue, series.valueOf(name), series);
      // Whoever asks could name labels without end that no series has.
      if (byValue.size > 0) this.#index.set(name, byValue);
    }
    return byValue;
  }

  #addTo(byValue: Map<string, S[]>, value: string, series: S): void {
    if (value === '') return;
    const found = byValue.get(value);
    if (found === undefined) byValue.set(value, [series]);
    else found.push(series);
    const bytes = found === undefined ? 120 : 12;
    this.#indexBytes += bytes;
    this.#budget.take(bytes);
  }
}
