// The buckets of a native histogram in the order of the values in them: the negative ones, the zero bucket, the positive
// ones. Places in that order are numbers and bounds are made for one bucket at a time, since most readers look at few bounds.
import { CUSTOM_BOUNDS_SCHEMA, type NativeHistogram, nativeUpperBound } from './native-histogram.js';

/** A bucket on the line of all values. */
export interface ValueBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** How many places there are. The zero bucket has one if there is anything in it. */
export function valueBucketsIn({ zeroCount, positive, negative }: NativeHistogram): number {
  return negative.counts.length + (zeroCount > 0 ? 1 : 0) + positive.counts.length;
}

/** How many observations are in the bucket at a place. */
export function valueCountAt({ zeroCount, positive, negative }: NativeHistogram, place: number): number {
  const below = negative.counts.length;
  if (place < below) return negative.counts[below - 1 - place] as number;
  const zero = zeroCount > 0 ? 1 : 0;
  return place < below + zero ? zeroCount : (positive.counts[place - below - zero] as number);
}

/** The bucket at a place. What the zero bucket has of another one is not part of that one any more. */
export function valueBucketAt(histogram: NativeHistogram, place: number): ValueBucket {
  const { schema, zeroThreshold, zeroCount, positive, negative, customBounds } = histogram;
  const count = valueCountAt(histogram, place);
  const below = negative.counts.length;
  if (place < below) {
    const index = negative.indexes[below - 1 - place] as number;
    const upper = -Math.max(nativeUpperBound(schema, index - 1), zeroThreshold);
    return { lower: -nativeUpperBound(schema, index), upper, count };
  }
  const zero = zeroCount > 0 ? 1 : 0;
  if (place < below + zero) return { lower: -zeroThreshold, upper: zeroThreshold, count };
  const index = positive.indexes[place - below - zero] as number;
  if (schema === CUSTOM_BOUNDS_SCHEMA) {
    return { lower: customBound(customBounds, index - 1), upper: customBound(customBounds, index), count };
  }
  const lower = Math.max(nativeUpperBound(schema, index - 1), zeroThreshold);
  return { lower, upper: nativeUpperBound(schema, index), count };
}

/**
 * The same bucket, where it reaches over zero and all other buckets are on one side of it: then it is taken that its
 * observations are on that side as well.
 */
export function sidedBucket(
  { lower, upper, count }: ValueBucket,
  { positive, negative }: NativeHistogram,
): ValueBucket {
  if (!(lower <= 0 && upper >= 0)) return { lower, upper, count };
  const [hasAbove, hasBelow] = [positive.counts.length > 0, negative.counts.length > 0];
  if (hasAbove && !hasBelow) return { lower: 0, upper, count };
  return hasBelow && !hasAbove ? { lower, upper: 0, count } : { lower, upper, count };
}

function customBound(bounds: Float64Array | undefined, index: number): number {
  if (index < 0) return Number.NEGATIVE_INFINITY;
  return bounds?.[index] ?? Number.POSITIVE_INFINITY;
}
