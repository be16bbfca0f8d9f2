// The sparse buckets of one series: pages of neighbouring buckets in a small open-addressed table, so that memory follows the
// buckets in use and not the range between them. What becomes of too many of them is decided by the family.
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
import type { NativeIndex } from './native-index.js';
import type { NativeLimits } from './native-options.js';

// A table is one array, so that an observation touches few cache lines: a head, the key of the page in each place, and then
// the counts of the pages. Places follow from the low bits of a page's key: neighbours, which most are, never collide.
const ZERO_THRESHOLD = 0;
const ZERO_COUNT = 1;
const RESET_AT = 2;
const HEAD = 4;
const PAGE_BITS = 3;
const PAGE = 1 << PAGE_BITS;
const FEWEST_PLACES = 2;
/** The key of bucket 1. Indexes are within -275000 and 263000; no page has the key 0, which marks an empty place. */
const FIRST_KEY = 2 ** 20;

/** A positive bucket's key; a negative one's is its complement, and so below 0. */
const keyOf = (index: number, negative: boolean): number => {
  const raised = index - 1 + FIRST_KEY;
  return negative ? ~raised : raised;
};

/** The index of the bucket that a key stands for, of either side. */
const indexOf = (key: number): number => (key < 0 ? ~key : key) - FIRST_KEY + 1;

/** A bucket, by its key, and the observations in it. */
type Entry = readonly [key: number, count: number];

export class NativeSeries {
  // Hot fields are private to the compiler only, and first, so that they share a cache line.
  private readonly index: NativeIndex;
  private table = newTable(FEWEST_PLACES);
  private mask = FEWEST_PLACES - 1;
  /** By how many steps the schema is below that of `index`. */
  private shift = 0;
  /** The key of the bucket that the zero threshold is in: what is in higher ones is not in the zero bucket. */
  private zeroKey = 0;
  /** Whether the series is to start anew as soon as it is old enough. */
  resetPending = false;
  readonly group: SeriesGroup;
  readonly slot: number;
  readonly #limits: NativeLimits;
  #pages = 0;
  #positive = 0;
  #negative = 0;

  constructor(at: { readonly group: SeriesGroup; readonly slot: number }, index: NativeIndex, limits: NativeLimits) {
    this.index = index;
    this.group = at.group;
    this.slot = at.slot;
    this.#limits = limits;
    this.clear(0);
  }

  get schema(): number {
    return this.index.schema - this.shift;
  }

  get zeroThreshold(): number {
    return this.table[ZERO_THRESHOLD] as number;
  }

  get zeroCount(): number {
    return this.table[ZERO_COUNT] as number;
  }

  /** Monotonic seconds at the start or the last reset. */
  get resetAt(): number {
    return this.table[RESET_AT] as number;
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

  /**
   * Counts a value; NaN is in no bucket. Answers whether it is the first in its bucket.
   *
   * Cost: 5 ns. Allocates when the number of pages doubles.
   */
  add(value: number): boolean {
    const magnitude = Math.abs(value);
    const raised = ((this.index.find(magnitude) - 1) >> this.shift) + FIRST_KEY;
    if (raised <= this.zeroKey && this.#isNearZero(magnitude)) return false;
    const { table, mask } = this;
    const key = value < 0 ? ~raised : raised;
    const page = key >> PAGE_BITS;
    let place = page & mask;
    for (let found = table[HEAD + place]; found !== page; found = table[HEAD + place]) {
      if (found === 0) return this.#put(key, 1);
      place = (place + 1) & mask;
    }
    const at = HEAD + mask + 1 + place * PAGE + (key & (PAGE - 1));
    const count = table[at] as number;
    table[at] = count + 1;
    return count === 0 && this.#note(key);
  }

  /** Starts anew: no observations, full resolution, the first zero bucket. */
  clear(resetAt: number): void {
    this.#setZeroBucket(this.#limits.zeroThreshold, 0);
    this.#replaceBy([], this.#limits.schema);
    this.table[RESET_AT] = resetAt;
    this.resetPending = false;
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
    const [above, below] = [positive.starts[row] as number, negative.starts[row] as number];
    let [upwards, downwards] = [above, below + this.#negative];
    for (const page of this.#pageKeys()) {
      const counts = this.#countsOf(page);
      for (let i = 0; i < PAGE; i++) {
        const count = counts[i] as number;
        if (count === 0) continue;
        const side = page < 0 ? negative : positive;
        // Keys of negative buckets ascend with the value, so from the largest magnitude on.
        const at = page < 0 ? --downwards : upwards++;
        side.indexes[at] = indexOf((page << PAGE_BITS) | i);
        side.counts[at] = count;
      }
    }
  }

  #pageKeys(): Int32Array {
    const keys = new Int32Array(this.#pages);
    let count = 0;
    for (let place = 0; place <= this.mask; place++) {
      const page = this.table[HEAD + place] as number;
      if (page !== 0) keys[count++] = page;
    }
    return keys.sort();
  }

  /** Of a page that is there. */
  #countsOf(page: number): Float64Array {
    const { table, mask } = this;
    const from = HEAD + mask + 1 + placeOf(table, mask, page) * PAGE;
    return table.subarray(from, from + PAGE);
  }

  #entries(): Entry[] {
    const entries: Entry[] = [];
    for (const page of this.#pageKeys()) {
      this.#countsOf(page).forEach((count, i) => {
        if (count > 0) entries.push([(page << PAGE_BITS) | i, count]);
      });
    }
    return entries;
  }

  /** Counts what is in the zero bucket, and knows NaN, which is in none. */
  #isNearZero(magnitude: number): boolean {
    if (magnitude > this.zeroThreshold) return false;
    if (!Number.isNaN(magnitude)) (this.table[ZERO_COUNT] as number) += 1;
    return true;
  }

  #setZeroBucket(threshold: number, count: number): void {
    this.table[ZERO_THRESHOLD] = threshold;
    this.table[ZERO_COUNT] = count;
  }

  /** Other buckets, of another schema, in place of those there are; several of one key are added up. */
  #replaceBy(entries: readonly Entry[], schema: number): void {
    this.#lay(FEWEST_PLACES);
    this.#positive = 0;
    this.#negative = 0;
    this.shift = this.index.schema - schema;
    this.zeroKey = ((this.index.find(this.zeroThreshold) - 1) >> this.shift) + FIRST_KEY;
    for (const [key, count] of entries) this.#put(key, count);
  }

  /** Adds to a bucket whose page may be new. Answers whether it was empty. */
  #put(key: number, added: number): boolean {
    const page = key >> PAGE_BITS;
    if (this.table[HEAD + placeOf(this.table, this.mask, page)] === 0) this.#addPage(page);
    const counts = this.#countsOf(page);
    const count = counts[key & (PAGE - 1)] as number;
    counts[key & (PAGE - 1)] = count + added;
    return count === 0 && this.#note(key);
  }

  /** Notes that a bucket is no longer empty. */
  #note(key: number): true {
    if (key < 0) this.#negative++;
    else this.#positive++;
    return true;
  }

  /** An eighth of the places stays empty, so that a look-up for what is not there ends. */
  #addPage(page: number): void {
    const places = this.mask + 1;
    if ((this.#pages + 1) * 8 > places * 7) {
      const entries = this.#entries();
      const [positive, negative] = [this.#positive, this.#negative];
      this.#lay(places * 2);
      for (const [key, count] of entries) this.#put(key, count);
      [this.#positive, this.#negative] = [positive, negative];
    }
    this.table[HEAD + placeOf(this.table, this.mask, page)] = page;
    this.#pages++;
  }

  /** An empty table with the same head. */
  #lay(places: number): void {
    const table = newTable(places);
    table.set(this.table.subarray(0, HEAD));
    this.table = table;
    this.mask = places - 1;
    this.#pages = 0;
  }
}

function newTable(places: number): Float64Array {
  return new Float64Array(HEAD + places + places * PAGE);
}

/** Where a page is, or would be. */
function placeOf(table: Float64Array, mask: number, page: number): number {
  let place = page & mask;
  while (table[HEAD + place] !== page && table[HEAD + place] !== 0) place = (place + 1) & mask;
  return place;
}
