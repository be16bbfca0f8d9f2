// Sums, differences and multiples of histograms. Two that differ in resolution meet at the lower one, and two zero buckets at
// the wider one, widened further where it would cut a bucket with observations in it; no result has an empty bucket. Results
// are written out member by member: spreading one histogram into the next takes several times as long.
import {
  addBuckets,
  coarserBuckets,
  NO_BUCKETS,
  scaleBuckets,
  withoutEmptyBuckets,
} from '../../model/native-buckets.js';
import { type ResetHint, withZeroThreshold } from '../../model/native-histogram.js';
import { type FloatHistogram, type HistogramMismatch, mismatchOf, resetHintOf } from './float-histogram.js';

/**
 * Both together: a gauge where either is one, and of unknown resets where the two do not say the same of them.
 *
 * Cost: some tens of ns and an array by side where both have the same buckets, a few times that otherwise.
 */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): FloatHistogram | HistogramMismatch {
  const sum = combined(a, b, 1);
  return typeof sum === 'string' ? sum : withResetHint(sum, hintOfSum(resetHintOf(a), resetHintOf(b)));
}

/** What `a` has more than `b`; counts may come out negative. It says of resets what `a` says. */
export function subtractHistograms(a: FloatHistogram, b: FloatHistogram): FloatHistogram | HistogramMismatch {
  return combined(a, b, -1);
}

/** Count, sum and all buckets `factor` times. */
export function scaleHistogram(histogram: FloatHistogram, factor: number): FloatHistogram {
  return scaled(histogram, factor, 1);
}

/** Divided by 0, a histogram has no buckets, and a count and a sum that are infinite or NaN. */
export function divideHistogram(histogram: FloatHistogram, divisor: number): FloatHistogram {
  const divided = divisor === 0 ? { ...histogram, positive: NO_BUCKETS, negative: NO_BUCKETS } : histogram;
  return scaled(divided, 1, divisor);
}

/** The mean of `count` histograms, given the mean of those before the last one. */
export function nextMean(
  mean: FloatHistogram,
  last: FloatHistogram,
  count: number,
): FloatHistogram | HistogramMismatch {
  const difference = subtractHistograms(divideHistogram(last, count), divideHistogram(mean, count));
  return typeof difference === 'string' ? difference : addHistograms(mean, difference);
}

/** Without the empty buckets that a histogram from elsewhere may have. */
export function compactHistogram(histogram: FloatHistogram): FloatHistogram {
  const positive = withoutEmptyBuckets(histogram.positive);
  const negative = withoutEmptyBuckets(histogram.negative);
  const isCompact = positive === histogram.positive && negative === histogram.negative;
  return isCompact ? histogram : { ...histogram, positive, negative };
}

export function withResetHint(histogram: FloatHistogram, resetHint: ResetHint): FloatHistogram {
  if (resetHintOf(histogram) === resetHint) return histogram;
  const { schema, zeroThreshold, zeroCount, count, sum, positive, negative, customBounds } = histogram;
  const made = { schema, zeroThreshold, zeroCount, count, sum, positive, negative, resetHint };
  return customBounds === undefined ? made : { ...made, customBounds };
}

function combined(a: FloatHistogram, b: FloatHistogram, factor: 1 | -1): FloatHistogram | HistogramMismatch {
  const mismatch = mismatchOf(a, b);
  if (mismatch !== undefined) return mismatch;
  let [left, right] = [a, b];
  while (left.zeroThreshold !== right.zeroThreshold) {
    const threshold = Math.max(left.zeroThreshold, right.zeroThreshold);
    [left, right] = [withZeroThreshold(left, threshold), withZeroThreshold(right, threshold)];
  }
  const schema = Math.min(a.schema, b.schema);
  const [leftSteps, rightSteps] = [a.schema - schema, b.schema - schema];
  const made = {
    schema,
    zeroThreshold: left.zeroThreshold,
    zeroCount: left.zeroCount + factor * right.zeroCount,
    count: a.count + factor * b.count,
    sum: a.sum + factor * b.sum,
    positive: addBuckets(coarserBuckets(left.positive, leftSteps), coarserBuckets(right.positive, rightSteps), factor),
    negative: addBuckets(coarserBuckets(left.negative, leftSteps), coarserBuckets(right.negative, rightSteps), factor),
    resetHint: resetHintOf(a),
  };
  return a.customBounds === undefined ? made : { ...made, customBounds: a.customBounds };
}

function scaled(histogram: FloatHistogram, factor: number, divisor: number): FloatHistogram {
  const { schema, zeroThreshold, customBounds } = histogram;
  const made = {
    schema,
    zeroThreshold,
    zeroCount: (histogram.zeroCount * factor) / divisor,
    count: (histogram.count * factor) / divisor,
    sum: (histogram.sum * factor) / divisor,
    positive: scaleBuckets(histogram.positive, factor, divisor),
    negative: scaleBuckets(histogram.negative, factor, divisor),
    resetHint: resetHintOf(histogram),
  };
  return customBounds === undefined ? made : { ...made, customBounds };
}

function hintOfSum(a: ResetHint, b: ResetHint): ResetHint {
  if (a === b) return a;
  return a === 'gauge' || b === 'gauge' ? 'gauge' : 'unknown';
}
