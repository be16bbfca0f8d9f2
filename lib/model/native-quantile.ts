// The quantile of a native histogram, interpolated as PromQL does it, so that a figure shown in the process and the same
// figure on a Prometheus agree.
import { CUSTOM_BOUNDS_SCHEMA, type NativeHistogram } from './native-histogram.js';
import { sidedBucket, type ValueBucket, valueBucketAt, valueBucketsIn, valueCountAt } from './value-buckets.js';

const NO_BUCKET: ValueBucket = { lower: 0, upper: 0, count: 0 };

/**
 * Works like `histogram_quantile` on one native histogram: exponentially within buckets, linearly within the zero bucket
 * and between custom bounds.
 *
 * The answer and the observation of that rank are in the same bucket, so they differ by less than a bucket grows: for
 * schema 3, the default, by 9.05 %, and by the zero threshold twice over within the zero bucket.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function nativeQuantile(q: number, histogram: NativeHistogram): number {
  const { count, sum } = histogram;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  if (count === 0 || Number.isNaN(q)) return Number.NaN;
  // NaN is counted and in no bucket, as if it were above all others: then only the way up meets the right one.
  const upwards = Number.isNaN(sum) || q < 0.5;
  const rank = (upwards ? q : 1 - q) * count;
  const places = valueBucketsIn(histogram);
  let seen = 0;
  let place = -1;
  for (let i = 0; i < places; i++) {
    place = upwards ? i : places - 1 - i;
    seen += valueCountAt(histogram, place);
    if (seen >= rank) break;
  }
  const bucket = place < 0 ? NO_BUCKET : valueBucketAt(histogram, place);
  seen = Math.min(seen, count);
  const isCustom = histogram.schema === CUSTOM_BOUNDS_SCHEMA;
  if (isCustom && isOpen(bucket)) return bucket.lower === Number.NEGATIVE_INFINITY ? bucket.upper : bucket.lower;
  const sided = isCustom ? fromZero(bucket) : sidedBucket(bucket, histogram);
  if (seen < rank) return Number.isNaN(sum) ? Number.NaN : sided.upper;
  const within = upwards ? rank - (seen - bucket.count) : seen - rank;
  return isCustom ? linear(sided, within / bucket.count) : interpolate(sided, within / bucket.count);
}

/** Whether a bucket between custom bounds has one bound only to answer with: below 0, or above all bounds. */
function isOpen({ lower, upper }: ValueBucket): boolean {
  return lower === Number.NEGATIVE_INFINITY ? upper <= 0 : upper === Number.POSITIVE_INFINITY;
}

/** As in classic histograms, the first bucket begins at 0 if it ends above. */
function fromZero(bucket: ValueBucket): ValueBucket {
  return bucket.lower === Number.NEGATIVE_INFINITY ? { ...bucket, lower: 0 } : bucket;
}

function interpolate(bucket: ValueBucket, fraction: number): number {
  const { lower, upper } = bucket;
  if (lower <= 0 && upper >= 0) return linear(bucket, fraction);
  const [low, high] = [Math.log2(Math.abs(lower)), Math.log2(Math.abs(upper))];
  if (lower > 0) return 2 ** (low + (high - low) * fraction);
  return -(2 ** (high + (low - high) * (1 - fraction)));
}

function linear({ lower, upper }: ValueBucket, fraction: number): number {
  return lower + (upper - lower) * fraction;
}
