// Bucket layouts of histograms: the bounds that users choose, helpers to make them, and the search that finds the
// bucket of an observation in a few nanoseconds.
import { MetricDefinitionError } from '../errors.js';

/** The bounds that Prometheus' client libraries share, in seconds, made for requests that take milliseconds to seconds. */
export const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * `count` bounds, `width` apart.
 *
 * @throws MetricDefinitionError `invalid_buckets` unless count is a whole number ≥ 1 and width > 0.
 * @example
 * linearBuckets(0, 5, 4) // [0, 5, 10, 15]
 */
export function linearBuckets(start: number, width: number, count: number): number[] {
  checkCount(count, 'linearBuckets');
  if (!(width > 0) || !Number.isFinite(start + width * count)) {
    throw invalid('linearBuckets', `start ${start}, width ${width}`, 'Give a finite start and a width above 0.');
  }
  return Array.from({ length: count }, (_, i) => start + i * width);
}

/**
 * `count` bounds, each `factor` times the one before.
 *
 * @throws MetricDefinitionError `invalid_buckets` unless count is a whole number ≥ 1, start > 0 and factor > 1.
 * @example
 * exponentialBuckets(1, 2, 4) // [1, 2, 4, 8]
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  checkCount(count, 'exponentialBuckets');
  if (!(start > 0) || !(factor > 1) || !Number.isFinite(start * factor ** count)) {
    throw invalid(
      'exponentialBuckets',
      `start ${start}, factor ${factor}`,
      'Give a start above 0 and a factor above 1.',
    );
  }
  return Array.from({ length: count }, (_, i) => start * factor ** i);
}

/** Checks the bounds of a histogram; a last +Inf is taken for granted and left away. */
export function validBounds(metric: string, given: readonly number[]): readonly number[] {
  const isArray = Array.isArray(given);
  const shown = isArray
    ? given
        .slice(0, 20)
        .map((bound) => (typeof bound === 'number' ? bound : typeof bound))
        .join(', ')
    : typeof given;
  if (!isArray || given.some((bound) => typeof bound !== 'number' || Number.isNaN(bound))) {
    throw invalid(metric, shown, 'Give an array of numbers.');
  }
  const bounds = given.at(-1) === Number.POSITIVE_INFINITY ? given.slice(0, -1) : [...given];
  if (!bounds.every(Number.isFinite))
    throw invalid(metric, shown, 'Only the last bound may be +Inf; it may be left out.');
  if (bounds.some((bound, i) => i > 0 && bound <= (bounds[i - 1] as number))) {
    throw invalid(metric, shown, 'Give every bound once, in ascending order.');
  }
  // -0 would be exposed as a bound of its own beside 0.
  return bounds.map((bound) => bound + 0);
}

function checkCount(count: number, helper: string): void {
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    throw invalid(helper, `count ${count}`, 'Give a whole number of buckets, 1 to 100000.');
  }
}

function invalid(metric: string, value: string, rule: string): MetricDefinitionError {
  return new MetricDefinitionError({ kind: 'invalid_buckets', metric, value, rule });
}

const MOST_CELLS = 4096;
const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);
/** Which half of a double holds its sign, exponent and leading digits. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The upper half of a double: ascending with the value among positive numbers, negative for negative ones. */
export function highWord(value: number): number {
  scratch[0] = value;
  return words[HIGH] as number;
}

/**
 * Finds buckets. The high word of an observation picks a cell of a table, which names the first bucket that the cell's
 * numbers can be in; cells are so small that at most one bound lies in one, as long as the table stays small.
 */
export class BucketSearch {
  readonly #bounds: Float64Array;
  readonly #cells: Int32Array;
  readonly #shift: number;
  readonly #base: number;

  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from(bounds);
    const positive = bounds.filter((bound) => bound > 0).map(highWord);
    const first = positive[0] ?? 0;
    const last = positive.at(-1) ?? 0;
    let shift = 20;
    while (shift > 0 && sharesCell(positive, shift) && (last >> (shift - 1)) - (first >> (shift - 1)) < MOST_CELLS)
      shift--;
    this.#shift = shift;
    this.#base = first >> shift;
    this.#cells = Int32Array.from({ length: (last >> shift) - this.#base + 1 }, (_, cell) => {
      const below = bounds.findIndex((bound) => bound > 0 && highWord(bound) >> shift >= cell + this.#base);
      return below === -1 ? bounds.length : below;
    });
  }

  /** The index of the first bound ≥ `value`, or the number of bounds when there is none. Not for NaN. Cost: 4 ns. */
  find(value: number): number {
    const cells = this.#cells;
    const bounds = this.#bounds;
    scratch[0] = value;
    let cell = ((words[HIGH] as number) >> this.#shift) - this.#base;
    let bucket = 0;
    if (cell >= 0 && value > 0) {
      if (cell >= cells.length) cell = cells.length - 1;
      bucket = cells[cell] as number;
    }
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    return bucket;
  }
}

function sharesCell(ascending: readonly number[], shift: number): boolean {
  return ascending.some((word, i) => i > 0 && word >> shift === (ascending[i - 1] as number) >> shift);
}
