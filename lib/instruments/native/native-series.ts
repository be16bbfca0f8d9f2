// The sparse buckets of one series: a small open-addressed table, so that memory follows the number of buckets and not the
// range between them. What becomes of too many of them is decided by the family.
import {
  addNativeHistograms,
  coarserIndex,
  LEAST_SCHEMA,
  type NativeBuckets,
  type NativeHistogram,
  nativeUpperBound,
} from '../../model/native-histogram.js';
import type { SeriesGroup } from '../series-group.js';
import type { NativeIndex } from './native-index.js';
import type { NativeLimits } from './native-options.js';

// A table is one array, so that an observation touches few cache lines: a head, then key and count of each place.
const ZERO_THRESHOLD = 0;
const ZERO_COUNT = 1;
const RESET_AT = 2;
const HEAD = 4;
const FEWEST_PLACES = 8;
/** Indexes of finite values are within -275000 and 263000. A key is never 0, which marks an empty place. */
const KEY_OF_INDEX_0 = 2 ** 20;

/** A positive bucket's key; a negative one's is its complement, and so below 0. */
const keyOf = (index: number, negative: boolean): number =>
  negative ? ~(index + KEY_OF_INDEX_0) : index + KEY_OF_INDEX_0;

/** The index of the bucket that a key stands for, of either side. */
export const indexOfKey = (key: number): number => (key < 0 ? ~key : key) - KEY_OF_INDEX_0;

export class NativeSeries {
  readonly group: SeriesGroup;
  readonly slot: number;
  /** Whether the series is to start anew as soon as it is old enough. */
  resetPending = false;
  readonly #limits: NativeLimits;
  // Hot fields are private to the compiler only. Places follow from the low bits of a key: neighbouring buckets, which most
  // are, never collide.
  private readonly index: NativeIndex;
  private table: Float64Array;
  private mask: number;
  /** By how many steps the schema is below that of `index`. */
  private shift: number;
  #positive = 0;
  #negative = 0;

  constructor(at: { readonly group: SeriesGroup; readonly slot: number }, index: NativeIndex, limits: NativeLimits) {
    this.group = at.group;
    this.slot = at.slot;
    this.index = index;
    this.#limits = limits;
    this.table = newTable(FEWEST_PLACES);
    this.mask = FEWEST_PLACES - 1;
    this.shift = 0;
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

  get positiveCount(): number {
    return this.#positive;
  }

  get negativeCount(): number {
    return this.#negative;
  }

  /** Buckets of both sides with observations in them. */
  get bucketCount(): number {
    return this.#positive + this.#negative;
  }

  /**
   * Counts a value; NaN is in no bucket. Answers whether a bucket was new.
   *
   * Cost: 5 ns. Allocates when the number of buckets doubles.
   */
  add(value: number): boolean {
    const { table } = this;
    const magnitude = Math.abs(value);
    if (!(magnitude > (table[ZERO_THRESHOLD] as number))) {
      if (!Number.isNaN(magnitude)) (table[ZERO_COUNT] as number) += 1;
      return false;
    }
    const raised = ((this.index.find(magnitude) - 1) >> this.shift) + (1 + KEY_OF_INDEX_0);
    const key = value < 0 ? ~raised : raised;
    const { mask } = this;
    let place = key & mask;
    for (;;) {
      const at = HEAD + 2 * place;
      const found = table[at] as number;
      if (found === key) {
        (table[at + 1] as number) += 1;
        return false;
      }
      if (found === 0) break;
      place = (place + 1) & mask;
    }
    this.#insert(key, 1);
    return true;
  }

  /** Starts anew: no observations, full resolution, the first zero bucket. */
  clear(resetAt: number): void {
    this.#replaceBy([], this.#limits.schema);
    this.table[ZERO_THRESHOLD] = this.#limits.zeroThreshold;
    this.table[ZERO_COUNT] = 0;
    this.table[RESET_AT] = resetAt;
    this.resetPending = false;
  }

  /** Joins every two buckets into one. False at the lowest resolution. */
  halveResolution(): boolean {
    if (this.schema === LEAST_SCHEMA) return false;
    const coarser = this.#entries().map(([key, count]) => {
      return [keyOf(coarserIndex(indexOfKey(key), 1), key < 0), count] as const;
    });
    this.#replaceBy(coarser, this.schema - 1);
    return true;
  }

  /** Takes the bucket next to zero into the zero bucket, on both sides. False where that would reach beyond `most`. */
  widenZeroBucket(most: number): boolean {
    if (this.zeroThreshold >= most || this.bucketCount === 0) return false;
    const entries = this.#entries();
    const nearest = entries.reduce((least, [key]) => Math.min(least, indexOfKey(key)), Number.POSITIVE_INFINITY);
    const threshold = nativeUpperBound(this.schema, nearest);
    if (threshold > most) return false;
    const kept = entries.filter(([key]) => indexOfKey(key) !== nearest);
    for (const [key, count] of entries) {
      if (indexOfKey(key) === nearest) (this.table[ZERO_COUNT] as number) += count;
    }
    this.table[ZERO_THRESHOLD] = threshold;
    this.#replaceBy(kept, this.schema);
    return true;
  }

  /** Adds what an earlier process counted. */
  merge(stored: NativeHistogram): void {
    const merged = addNativeHistograms(this.read(0, 0), stored);
    const entriesOf = ({ indexes, counts }: NativeBuckets, negative: boolean) =>
      Array.from(indexes, (index, i) => [keyOf(index, negative), counts[i] as number] as const);
    const entries = [...entriesOf(merged.positive, false), ...entriesOf(merged.negative, true)];
    this.table[ZERO_THRESHOLD] = merged.zeroThreshold;
    this.table[ZERO_COUNT] = merged.zeroCount;
    this.#replaceBy(entries, merged.schema);
  }

  /** The buckets as readers see them, with the totals that are kept in the row. */
  read(count: number, sum: number): NativeHistogram {
    const { schema, zeroThreshold, zeroCount } = this;
    const keys = this.keys();
    const side = (of: Int32Array) => ({
      indexes: of.map(indexOfKey),
      counts: Float64Array.from(of, (key) => this.countOf(key)),
    });
    const negative = side(keys.subarray(0, this.#negative).reverse());
    return { schema, zeroThreshold, zeroCount, count, sum, positive: side(keys.subarray(this.#negative)), negative };
  }

  /** The keys of all buckets in ascending order: the negative ones from the lowest value up, then the positive ones. */
  keys(): Int32Array {
    const { table } = this;
    const keys = new Int32Array(this.bucketCount);
    let count = 0;
    for (let at = HEAD; at < table.length; at += 2) if (table[at] !== 0) keys[count++] = table[at] as number;
    return keys.sort();
  }

  countOf(key: number): number {
    const { table, mask } = this;
    let place = key & mask;
    while (table[HEAD + 2 * place] !== key) place = (place + 1) & mask;
    return table[HEAD + 2 * place + 1] as number;
  }

  #entries(): (readonly [key: number, count: number])[] {
    const entries: [number, number][] = [];
    for (let at = HEAD; at < this.table.length; at += 2) {
      if (this.table[at] !== 0) entries.push([this.table[at] as number, this.table[at + 1] as number]);
    }
    return entries;
  }

  /** Other buckets of another schema in place of those there are; several of one key are added up. */
  #replaceBy(entries: readonly (readonly [key: number, count: number])[], schema: number): void {
    this.#lay(FEWEST_PLACES, []);
    this.#positive = 0;
    this.#negative = 0;
    this.shift = this.index.schema - schema;
    for (const [key, count] of entries) this.#insert(key, count);
  }

  #insert(key: number, count: number): void {
    if (!put(this.table, key, count)) return;
    if (key < 0) this.#negative++;
    else this.#positive++;
    // Half of the places stay empty, so that a look-up finds its key or an empty place at once.
    if (this.bucketCount * 2 > this.mask) this.#lay((this.mask + 1) * 2, this.#entries());
  }

  #lay(places: number, entries: readonly (readonly [number, number])[]): void {
    const table = newTable(places);
    table.set(this.table.subarray(0, HEAD));
    this.table = table;
    this.mask = places - 1;
    for (const [key, count] of entries) put(table, key, count);
  }
}

function newTable(places: number): Float64Array {
  return new Float64Array(HEAD + 2 * places);
}

/** Adds to the count of a key. Answers whether it is new. */
function put(table: Float64Array, key: number, count: number): boolean {
  const mask = (table.length - HEAD) / 2 - 1;
  let place = key & mask;
  while (table[HEAD + 2 * place] !== 0 && table[HEAD + 2 * place] !== key) place = (place + 1) & mask;
  const isNew = table[HEAD + 2 * place] === 0;
  table[HEAD + 2 * place] = key;
  (table[HEAD + 2 * place + 1] as number) += count;
  return isNew;
}
