// The buckets of one classic histogram at one moment, and what is read out of them. They are filled and read again at each
// step, so that a step costs no object.
import type { Range } from './histogram-statistics.js';

/** Counts that differ by less than this part of their sum are taken for equal: sums of floats are not exact. */
const LEAST_DIFFERENCE = 1e-12;
const LEAST_NORMAL = 2 ** -1022;

export class ClassicBuckets {
  length = 0;
  #bounds = new Float64Array(32);
  /** How many observations are up to each bound. */
  #counts = new Float64Array(32);

  /** Whether there is a bucket for all observations, without which nothing can be said of them. */
  get isComplete(): boolean {
    return this.length > 0 && this.#bounds[this.length - 1] === Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.length = 0;
  }

  /** Bounds come in ascending order. Counts of equal bounds, of `le="1"` and `le="1.0"`, are added. */
  add(bound: number, count: number): void {
    const last = this.length - 1;
    if (last >= 0 && this.#bounds[last] === bound) {
      this.#counts[last] = (this.#counts[last] as number) + count;
      return;
    }
    if (this.length === this.#bounds.length) this.#grow();
    this.#bounds[this.length] = bound;
    this.#counts[this.length++] = count;
  }

  /**
   * Raises counts that are less than the one before, which happens where buckets are scraped or computed apart. Answers
   * whether there were any, besides those that differ by a rounding only.
   */
  makeMonotonic(): boolean {
    let isFixed = false;
    let before = this.#counts[0] as number;
    for (let i = 1; i < this.length; i++) {
      const count = this.#counts[i] as number;
      if (count === before) continue;
      const isRounding = areAlmostEqual(before, count);
      if (!isRounding && !(count < before)) {
        before = count;
        continue;
      }
      this.#counts[i] = before;
      if (!isRounding) isFixed = true;
    }
    return isFixed;
  }

  /** `histogram_quantile`, linear within buckets; counts have to be monotonic. */
  quantile(q: number): number {
    if (Number.isNaN(q)) return Number.NaN;
    if (q < 0) return Number.NEGATIVE_INFINITY;
    if (q > 1) return Number.POSITIVE_INFINITY;
    const last = this.length - 1;
    const bounds = this.#bounds;
    const counts = this.#counts;
    if (last < 1 || !this.isComplete || counts[last] === 0) return Number.NaN;
    const rank = q * (counts[last] as number);
    const at = this.#firstWith(rank);
    if (at === last) return bounds[last - 1] as number;
    const upper = bounds[at] as number;
    if (at === 0 && upper <= 0) return upper;
    const lower = at === 0 ? 0 : (bounds[at - 1] as number);
    const below = at === 0 ? 0 : (counts[at - 1] as number);
    return lower + (upper - lower) * ((rank - below) / ((counts[at] as number) - below));
  }

  /** `histogram_fraction`, linear within buckets. */
  fraction({ lower, upper }: Range): number {
    const last = this.length - 1;
    const count = this.#counts[last] as number;
    if (!this.isComplete || count === 0) return Number.NaN;
    if (Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
    if (lower >= upper) return 0;
    return (Math.min(this.#rankOf(upper), count) - Math.min(this.#rankOf(lower), count)) / count;
  }

  /** The first bucket up to whose bound there are so many, or the last one. */
  #firstWith(rank: number): number {
    let [from, to] = [0, this.length - 1];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#counts[middle] as number) >= rank) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** How many observations are below a value; infinite above all buckets. */
  #rankOf(value: number): number {
    let below = 0;
    let lower = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.length; i++) {
      const upper = this.#bounds[i] as number;
      const count = this.#counts[i] as number;
      if (lower >= value) return below;
      if (upper > value) return below + ((count - below) * (value - lower)) / (upper - lower);
      below = count;
      lower = upper;
    }
    return Number.POSITIVE_INFINITY;
  }

  #grow(): void {
    const [bounds, counts] = [this.#bounds, this.#counts];
    this.#bounds = new Float64Array(2 * bounds.length);
    this.#counts = new Float64Array(2 * counts.length);
    this.#bounds.set(bounds);
    this.#counts.set(counts);
  }
}

/** What the label `le` says; undefined where it is no number. */
export function bucketBound(le: string): number | undefined {
  if (/^\+?inf(inity)?$/i.test(le)) return Number.POSITIVE_INFINITY;
  if (/^-inf(inity)?$/i.test(le)) return Number.NEGATIVE_INFINITY;
  if (/^nan$/i.test(le)) return Number.NaN;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(le)) return undefined;
  const bound = Number(le);
  return Number.isFinite(bound) ? bound : undefined;
}

function areAlmostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const difference = Math.abs(a - b);
  const sum = Math.abs(a) + Math.abs(b);
  if (a === 0 || b === 0 || sum < LEAST_NORMAL) return difference < LEAST_DIFFERENCE * LEAST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < LEAST_DIFFERENCE;
}
