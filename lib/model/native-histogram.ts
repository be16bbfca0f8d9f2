// Native histograms as readers see them: sparse buckets whose bounds follow from a resolution instead of being listed.
// In a block they are columns, so that a hundred thousand series are no hundred thousand objects; for those who look at
// single ones there is an object of the same content.
import { addBuckets, coarserBuckets, type NativeBuckets } from './native-buckets.js';
import { octaveBounds } from './octave-bounds.js';

export { coarserIndex, type NativeBuckets } from './native-buckets.js';

/** What is known of a histogram and the one before it in its series. */
export type ResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';

/**
 * One native histogram at one moment. Observations that are in no bucket (NaN) are in its count all the same. Recordings
 * make none with custom bounds or a hint; queries do, and compute with counts that are any numbers.
 */
export interface NativeHistogram {
  /** -4 (bounds grow by 65536) to 8 (by 1.0027); or `CUSTOM_BOUNDS_SCHEMA`. */
  readonly schema: number;
  /** Magnitudes up to and with this one are in the zero bucket. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positive: NativeBuckets;
  readonly negative: NativeBuckets;
  /**
   * Upper bounds, ascending, without +Inf; with `CUSTOM_BOUNDS_SCHEMA` only. Positive bucket i then ends at bound i, bucket
   * `customBounds.length` at +Inf, and there are neither negative buckets nor a zero bucket.
   */
  readonly customBounds?: Float64Array;
  /** Left out: unknown. */
  readonly resetHint?: ResetHint;
}

/** Row r's buckets stand from `starts[r]` to before `starts[r + 1]`; `starts` has one entry more than there are rows. */
export interface NativeBucketColumns {
  readonly starts: Int32Array;
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}

/** What native histograms have besides the numbers of their rows. The total count and the sum are in the row. */
export interface NativeColumns {
  readonly schemas: Int8Array;
  readonly zeroThresholds: Float64Array;
  readonly zeroCounts: Float64Array;
  readonly positive: NativeBucketColumns;
  readonly negative: NativeBucketColumns;
}

export const LEAST_SCHEMA = -4;
export const MOST_SCHEMA = 8;
/** The schema of histograms whose buckets have `customBounds`. */
export const CUSTOM_BOUNDS_SCHEMA = -53;
/** The smallest double ends an octave, and the largest is in the one that ends here. */
const LEAST_OCTAVE = -1074;
const MOST_OCTAVE = 1024;

/** What a block of series has to have for its native histograms to be read. */
interface NativeBlock {
  readonly native?: NativeColumns;
  readonly values: Float64Array;
  readonly width: number;
}

/**
 * The native histogram of a row, its buckets as views into the columns; undefined where the block has none.
 *
 * Cost: one object and four views.
 */
export function nativeHistogramAt(block: NativeBlock, row: number): NativeHistogram | undefined {
  const { native, values, width } = block;
  if (native === undefined) return undefined;
  const sumAt = (row + 1) * width - 1;
  let count = 0;
  for (let at = row * width; at < sumAt; at++) count += values[at] as number;
  return {
    schema: native.schemas[row] as number,
    zeroThreshold: native.zeroThresholds[row] as number,
    zeroCount: native.zeroCounts[row] as number,
    count,
    sum: values[sumAt] as number,
    positive: bucketsAt(native.positive, row),
    negative: bucketsAt(native.negative, row),
  };
}

/**
 * Whether a histogram from elsewhere is one that recordings make: a schema there is, buckets by ascending index within those
 * of doubles, none of them empty, and as many observations in them as its count says. One that counted NaN is not.
 */
export function isNativeHistogram({ schema, zeroThreshold, zeroCount, count, ...sides }: NativeHistogram): boolean {
  if (!Number.isInteger(schema) || schema < LEAST_SCHEMA || schema > MOST_SCHEMA) return false;
  if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY && zeroCount >= 0)) return false;
  const [least, most] = [LEAST_OCTAVE, MOST_OCTAVE].map((octave) => Math.ceil(octave * 2 ** schema)) as [
    number,
    number,
  ];
  let total = zeroCount;
  for (const { indexes, counts } of [sides.positive, sides.negative]) {
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i] as number;
      const isAscending = i === 0 || index > (indexes[i - 1] as number);
      // The bucket of infinities comes after the one of the largest double.
      if (!isAscending || index < least || index > most + 1 || !((counts[i] as number) > 0)) return false;
      total += counts[i] as number;
    }
  }
  return total === count && count < Number.POSITIVE_INFINITY;
}

/** The upper bound of a positive bucket; the one that the largest double is in ends there, and the next one at infinity. */
export function nativeUpperBound(schema: number, index: number): number {
  // The largest bucket would end at 2^1024, which is no double, and holds all finite magnitudes that are left.
  const largest = schema >= 0 ? 1024 * 2 ** schema : 1024 / 2 ** -schema;
  if (index === largest) return Number.MAX_VALUE;
  if (index > largest) return Number.POSITIVE_INFINITY;
  if (schema <= 0) return 2 ** (index * 2 ** -schema);
  const bounds = octaveBounds(schema);
  const octave = index >> schema;
  return scaled(bounds[index - (octave << schema)] as number, octave);
}

/** In two steps, because 2^octave alone is no double for the smallest of them. */
function scaled(bound: number, octave: number): number {
  const half = octave >> 1;
  return bound * 2 ** half * 2 ** (octave - half);
}

/**
 * Two histograms added up: at the lower of their resolutions, and with the zero bucket of the wider one, which is widened
 * until it cuts no populated bucket of the other.
 *
 * Source: https://prometheus.io/docs/specs/native_histograms/#merging
 */
export function addNativeHistograms(a: NativeHistogram, b: NativeHistogram): NativeHistogram {
  const schema = Math.min(a.schema, b.schema);
  let [left, right] = [withSchema(a, schema), withSchema(b, schema)];
  while (left.zeroThreshold !== right.zeroThreshold) {
    const threshold = Math.max(left.zeroThreshold, right.zeroThreshold);
    [left, right] = [withZeroThreshold(left, threshold), withZeroThreshold(right, threshold)];
  }
  return {
    schema,
    zeroThreshold: left.zeroThreshold,
    zeroCount: left.zeroCount + right.zeroCount,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    positive: addBuckets(left.positive, right.positive),
    negative: addBuckets(left.negative, right.negative),
  };
}

/** The same observations at a lower resolution, or at the same one. */
export function withSchema(histogram: NativeHistogram, schema: number): NativeHistogram {
  const steps = histogram.schema - schema;
  if (steps === 0) return histogram;
  const [positive, negative] = [coarserBuckets(histogram.positive, steps), coarserBuckets(histogram.negative, steps)];
  return { ...histogram, schema, positive, negative };
}

/**
 * The same observations with a zero bucket that reaches to `threshold` at least: further where that would cut a bucket with
 * observations in it. A threshold below that of the histogram changes nothing.
 */
export function withZeroThreshold(histogram: NativeHistogram, threshold: number): NativeHistogram {
  let zeroThreshold = Math.max(threshold, histogram.zeroThreshold);
  if (zeroThreshold === histogram.zeroThreshold) return histogram;
  const { schema, positive, negative } = histogram;
  for (const { indexes } of [positive, negative]) {
    const cut = indexes.find((index) => nativeUpperBound(schema, index) >= zeroThreshold);
    if (cut !== undefined && nativeUpperBound(schema, cut - 1) < zeroThreshold) {
      zeroThreshold = nativeUpperBound(schema, cut);
    }
  }
  let zeroCount = histogram.zeroCount;
  const above = ({ indexes, counts }: NativeBuckets): NativeBuckets => {
    const kept = indexes.findIndex((index) => nativeUpperBound(schema, index) > zeroThreshold);
    const from = kept < 0 ? indexes.length : kept;
    for (let i = 0; i < from; i++) zeroCount += counts[i] as number;
    return { indexes: indexes.subarray(from), counts: counts.subarray(from) };
  };
  const kept = { positive: above(positive), negative: above(negative) };
  return { ...histogram, zeroThreshold, zeroCount, ...kept };
}

function bucketsAt({ starts, indexes, counts }: NativeBucketColumns, row: number): NativeBuckets {
  const [from, to] = [starts[row] as number, starts[row + 1] as number];
  return { indexes: indexes.subarray(from, to), counts: counts.subarray(from, to) };
}

/** The custom bounds of two histograms; both may have none. */
export function haveSameBounds({ customBounds: a }: CustomBounds, { customBounds: b }: CustomBounds): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

interface CustomBounds {
  readonly customBounds?: Float64Array | undefined;
}
