// The sparse buckets of one series: everything about them but the hot way of an observation, which is in the table. What
// becomes of too many of them is decided by the family.
import {
  addNativeHistograms,
  coarserIndex,
  LEAST_SCHEMA,
  type NativeBucketColumns,
  type NativeBuckets,
  type NativeHistogram,
  nativeUpperBound,
} from '../../model/native-histogram.js';
import type { SeriesGroup } from '../series-group.js';
import { type NativeIndex, observed } from './native-index.js';
import type { NativeLimits } from './native-options.js';
import {
  countAt,
  FEWEST_PLACES,
  firstKeyOf,
  HEAD,
  indexOf,
  keyOf,
  MASK,
  type NativeTable,
  newTable,
  observedKey,
  PAGE,
  pageOf,
  placeOf,
  RESET_AT,
  SHIFT,
  ZERO_COUNT,
  ZERO_KEY,
  ZERO_THRESHOLD,
} from './native-table.js';

/** A bucket, by its key, and the observations in it. */
type Entry = readonly [key: number, count: number];

export class NativeSeries {
  readonly group: SeriesGroup;
  readonly slot: number;
  /** Of the series of its group, this one's in its slot: where recordings find them without a detour over this object. */
  readonly tables: (NativeTable | undefined)[];
  readonly #index: NativeIndex;
  readonly #limits: NativeLimits;
  #resetPending = false;
  #pages = 0;
  #positive = 0;
  #negative = 0;

  constructor(
    at: { readonly group: SeriesGroup; readonly slot: number; readonly tables: (NativeTable | undefined)[] },
    index: NativeIndex,
    limits: NativeLimits,
  ) {
    this.group = at.group;
    this.slot = at.slot;
    this.tables = at.tables;
    this.#index = index;
    this.#limits = limits;
    this.tables[this.slot] = newTable(FEWEST_PLACES);
    this.clear(0);
  }

  get #table(): NativeTable {
    return this.tables[this.slot] as NativeTable;
  }

  get schema(): number {
    return this.#index.schema - (this.#table[SHIFT] as number);
  }

  get zeroThreshold(): number {
    return this.#table[ZERO_THRESHOLD] as number;
  }

  get zeroCount(): number {
    return this.#table[ZERO_COUNT] as number;
  }

  /** Monotonic seconds at the start or the last reset. */
  get resetAt(): number {
    return this.#table[RESET_AT] as number;
  }

  /** Whether the series is to start anew as soon as it is old enough. */
  get resetPending(): boolean {
    return this.#resetPending;
  }

  /** Positive buckets with observations in them. */
  get positiveCount(): number {
    return this.#positive;
  }

  get negativeCount(): number {
    return this.#negative;
  }

  get bucketCount(): number {
    return this.#positive + this.#negative;
  }

  /** Counts `observed`; NaN is in no bucket. Answers whether a new bucket was needed and is one too many. */
  count(): boolean {
    const value = observed[0] as number;
    if (Number.isNaN(value)) return false;
    if (Math.abs(value) > this.zeroThreshold) return this.#put(observedKey(this.#table, this.#index), 1);
    (this.#table[ZERO_COUNT] as number) += 1;
    return false;
  }

  /** Starts anew: no observations, full resolution, the first zero bucket. */
  clear(resetAt: number): void {
    this.#resetPending = false;
    this.#setZeroBucket(this.#limits.zeroThreshold, 0);
    this.#replaceBy([], this.#limits.schema);
    this.#table[RESET_AT] = resetAt;
  }

  /** From now on no observation takes the short way, so that each can look whether it is time to start anew. */
  awaitReset(): void {
    this.#resetPending = true;
    this.#table[ZERO_KEY] = Number.POSITIVE_INFINITY;
  }

  /** Joins every two buckets into one. False at the lowest resolution. */
  halveResolution(): boolean {
    if (this.schema === LEAST_SCHEMA) return false;
    const coarser = this.#entries().map(([key, count]): Entry => {
      return [keyOf(coarserIndex(indexOf(key), 1), key < 0), count];
    });
    this.#replaceBy(coarser, this.schema - 1);
    return true;
  }

  /** Takes the bucket next to zero into the zero bucket, on both sides. False where that would reach beyond `most`. */
  widenZeroBucket(most: number): boolean {
    if (this.zeroThreshold >= most || this.bucketCount === 0) return false;
    const entries = this.#entries();
    const nearest = entries.reduce((least, [key]) => Math.min(least, indexOf(key)), Number.POSITIVE_INFINITY);
    const threshold = nativeUpperBound(this.schema, nearest);
    if (threshold > most) return false;
    const taken = entries.filter(([key]) => indexOf(key) === nearest);
    this.#setZeroBucket(
      threshold,
      taken.reduce((total, [, count]) => total + count, this.zeroCount),
    );
    this.#replaceBy(
      entries.filter(([key]) => indexOf(key) !== nearest),
      this.schema,
    );
    return true;
  }

  /** Adds what an earlier process counted. */
  merge(stored: NativeHistogram): void {
    const merged = addNativeHistograms(this.read(0, 0), stored);
    const entriesOf = ({ indexes, counts }: NativeBuckets, negative: boolean) =>
      Array.from(indexes, (index, i): Entry => [keyOf(index, negative), counts[i] as number]);
    this.#setZeroBucket(merged.zeroThreshold, merged.zeroCount);
    this.#replaceBy([...entriesOf(merged.positive, false), ...entriesOf(merged.negative, true)], merged.schema);
  }

  /** The buckets as readers see them, with the totals that are kept in the row. */
  read(count: number, sum: number): NativeHistogram {
    const { schema, zeroThreshold, zeroCount } = this;
    const sideOf = (length: number): NativeBuckets => {
      return { indexes: new Int32Array(length), counts: new Float64Array(length) };
    };
    const [positive, negative] = [sideOf(this.#positive), sideOf(this.#negative)];
    this.copyTo({ ...positive, starts: Int32Array.of(0) }, { ...negative, starts: Int32Array.of(0) }, 0);
    return { schema, zeroThreshold, zeroCount, count, sum, positive, negative };
  }

  /** Writes the buckets of both sides, by ascending index, to where a row of columns starts. */
  copyTo(positive: NativeBucketColumns, negative: NativeBucketColumns, row: number): void {
    let upwards = positive.starts[row] as number;
    // Keys of negative buckets ascend with the value, so from the largest magnitude on.
    let downwards = (negative.starts[row] as number) + this.#negative;
    for (const [key, count] of this.#entries()) {
      const [side, at] = key < 0 ? [negative, --downwards] : [positive, upwards++];
      side.indexes[at] = indexOf(key);
      side.counts[at] = count;
    }
  }

  /** All buckets that are not empty, the lowest values first. */
  #entries(): Entry[] {
    const table = this.#table;
    const pages = new Int32Array(this.#pages);
    let found = 0;
    for (let place = 0; place <= (table[MASK] as number); place++) {
      const page = table[HEAD + place] as number;
      if (page !== 0) pages[found++] = page;
    }
    const entries: Entry[] = [];
    for (const page of pages.sort()) {
      const first = countAt(table, firstKeyOf(page));
      for (let i = 0; i < PAGE; i++) {
        const count = table[first + i] as number;
        if (count > 0) entries.push([firstKeyOf(page) + i, count]);
      }
    }
    return entries;
  }

  #setZeroBucket(threshold: number, count: number): void {
    this.#table[ZERO_THRESHOLD] = threshold;
    this.#table[ZERO_COUNT] = count;
  }

  /** Other buckets, of another schema, in place of those there are; several of one key are added up. */
  #replaceBy(entries: readonly Entry[], schema: number): void {
    this.#lay(FEWEST_PLACES);
    this.#positive = 0;
    this.#negative = 0;
    const shift = this.#index.schema - schema;
    const zeroKey = keyOf(coarserIndex(this.#index.find(this.zeroThreshold), shift), false);
    this.#table[SHIFT] = shift;
    this.#table[ZERO_KEY] = this.#resetPending ? Number.POSITIVE_INFINITY : zeroKey;
    for (const [key, count] of entries) this.#put(key, count);
  }

  /** Adds to a bucket, whose page may be new. Answers whether it was empty and is one too many. */
  #put(key: number, added: number): boolean {
    const page = pageOf(key);
    if (this.#table[HEAD + placeOf(this.#table, page)] === 0) this.#addPage(page);
    const at = countAt(this.#table, key);
    const count = this.#table[at] as number;
    this.#table[at] = count + added;
    if (count !== 0) return false;
    if (key < 0) this.#negative++;
    else this.#positive++;
    return this.bucketCount > this.#limits.maxBuckets;
  }

  /** An eighth of the places stays empty, so that a look-up for what is not there ends. */
  #addPage(page: number): void {
    const places = (this.#table[MASK] as number) + 1;
    if ((this.#pages + 1) * 8 > places * 7) {
      const entries = this.#entries();
      const [positive, negative] = [this.#positive, this.#negative];
      this.#lay(places * 2);
      for (const [key, count] of entries) this.#put(key, count);
      [this.#positive, this.#negative] = [positive, negative];
    }
    this.#table[HEAD + placeOf(this.#table, page)] = page;
    this.#pages++;
  }

  /** An empty table with the same head. */
  #lay(places: number): void {
    const table = newTable(places);
    for (let i = 0; i < HEAD; i++) if (i !== MASK) table[i] = this.#table[i] as number;
    this.tables[this.slot] = table;
    this.#pages = 0;
  }
}
