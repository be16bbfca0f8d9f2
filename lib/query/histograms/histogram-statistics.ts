// What is read out of one native histogram: quantiles, fractions, variance. As fine as its buckets are; within a bucket, the
// observations are taken to be spread evenly, on a logarithmic scale where its bounds are exponential.
import { nativeQuantile } from '../../model/native-quantile.js';
import {
  sidedBucket,
  type ValueBucket,
  valueBucketAt,
  valueBucketsIn,
  valueCountAt,
} from '../../model/value-buckets.js';
import { KahanSum } from '../values/kahan-sum.js';
import { type FloatHistogram, usesCustomBounds } from './float-histogram.js';
import { type NotePlace, tellOfNaNsInFraction, tellOfNaNsInQuantile } from './histogram-notes.js';

export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** `histogram_quantile` of a native histogram. NaN observations count as if they were above all others, which is told. */
export function histogramQuantile(q: number, histogram: FloatHistogram, place: NotePlace): number {
  const quantile = nativeQuantile(q, histogram);
  if (!Number.isNaN(histogram.sum) || histogram.count === 0 || !(q >= 0 && q <= 1)) return quantile;
  // A sum that is NaN may also come of infinities: there are NaN observations if some are in no bucket.
  const inBuckets = observationsIn(histogram);
  if (inBuckets < q * histogram.count) tellOfNaNsInQuantile(place, false);
  else if (inBuckets < histogram.count) tellOfNaNsInQuantile(place, true);
  return quantile;
}

/** The fraction of observations from `lower` to `upper`. NaN observations are in no fraction, which is told. */
export function histogramFraction(range: Range, histogram: FloatHistogram, place: NotePlace): number {
  const { lower, upper } = range;
  const { count, sum } = histogram;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  let most = count;
  if (Number.isNaN(sum)) {
    most = observationsIn(histogram);
    if (most < count) tellOfNaNsInFraction(place);
  }
  return (Math.min(rankOf(upper, histogram), most) - Math.min(rankOf(lower, histogram), most)) / count;
}

/** The variance of the observations, each taken to be in the middle of its bucket: the geometric one of exponential bounds. */
export function histogramVariance(histogram: FloatHistogram): number {
  const mean = histogram.sum / histogram.count;
  const isCustom = usesCustomBounds(histogram);
  const sum = new KahanSum();
  const places = valueBucketsIn(histogram);
  for (let place = 0; place < places; place++) {
    const bucket = valueBucketAt(histogram, place);
    const deviation = middleOf(bucket, isCustom) - mean;
    sum.add(bucket.count * deviation * deviation);
  }
  return sum.total / histogram.count;
}

/** How many observations are below a value, by the buckets; infinite above all of them. */
function rankOf(value: number, histogram: FloatHistogram): number {
  const isCustom = usesCustomBounds(histogram);
  const places = valueBucketsIn(histogram);
  let rank = 0;
  for (let place = 0; place < places; place++) {
    const bucket = sidedBucket(valueBucketAt(histogram, place), histogram);
    if (bucket.lower >= value) return rank;
    if (bucket.upper > value) return rank + bucket.count * shareBelow(value, bucket, isCustom);
    rank += bucket.count;
  }
  return Number.POSITIVE_INFINITY;
}

/** Which part of a bucket is below a value within it. */
function shareBelow(value: number, { lower, upper }: ValueBucket, isLinear: boolean): number {
  if (isLinear || (lower <= 0 && upper >= 0)) return (value - lower) / (upper - lower);
  const [low, high, at] = [lower, upper, value].map((bound) => Math.log2(Math.abs(bound))) as [number, number, number];
  return (at - low) / (high - low);
}

function middleOf({ lower, upper }: ValueBucket, isCustom: boolean): number {
  if (isCustom) return (lower + upper) / 2;
  if (lower <= 0 && upper >= 0) return 0;
  return upper < 0 ? -Math.sqrt(lower * upper) : Math.sqrt(lower * upper);
}

function observationsIn(histogram: FloatHistogram): number {
  let observations = 0;
  const places = valueBucketsIn(histogram);
  for (let place = 0; place < places; place++) observations += valueCountAt(histogram, place);
  return observations;
}
