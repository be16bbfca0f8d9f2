// Histograms as Prometheus shows them: as a text, as its test language writes them, and as the buckets of its HTTP API.
import type { NativeBuckets } from '../../model/native-buckets.js';
import { type ValueBucket, valueBucketAt, valueBucketsIn } from '../../model/value-buckets.js';
import { shortNumber } from '../values/short-number.js';
import { type FloatHistogram, resetHintOf, usesCustomBounds } from './float-histogram.js';

/** Which bounds are in a bucket: 0 the upper one, 1 the lower one, 2 neither, 3 both. Then the bounds, and its count. */
export type ApiBucket = readonly [boundaryRule: 0 | 1 | 2 | 3, lower: number, upper: number, count: number];

/** By ascending values; without those that are empty. */
export function toApiBuckets(histogram: FloatHistogram): ApiBucket[] {
  const isCustom = usesCustomBounds(histogram);
  return Array.from({ length: valueBucketsIn(histogram) }, (_, place): ApiBucket => {
    const bucket = valueBucketAt(histogram, place);
    return [boundaryRule(bucket, isCustom), bucket.lower, bucket.upper, bucket.count];
  }).filter(([, , , count]) => count !== 0);
}

/** As in `{count:3, sum:4.5, [-0.001,0.001]:1, (1,2]:2}`. */
export function histogramText(histogram: FloatHistogram): string {
  const { count, sum } = histogram;
  const buckets = toApiBuckets(histogram).map(([rule, lower, upper, inIt]) => {
    const [open, close] = [rule === 1 || rule === 3 ? '[' : '(', rule === 0 || rule === 3 ? ']' : ')'];
    return `${open}${shortNumber(lower)},${shortNumber(upper)}${close}:${shortNumber(inIt)}`;
  });
  return `{${[`count:${shortNumber(count)}, sum:${shortNumber(sum)}`, ...buckets].join(', ')}}`;
}

/**
 * As in `{{schema:1 count:3 sum:4.5 offset:-1 buckets:[1 0 2]}}`.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
export function histogramTestText(histogram: FloatHistogram): string {
  const { schema, count, sum, zeroCount, zeroThreshold, customBounds, positive, negative } = histogram;
  const hint = resetHintOf(histogram);
  const parts = [
    ...unlessZero('schema', schema),
    ...unlessZero('count', count),
    ...unlessZero('sum', sum),
    ...unlessZero('z_bucket', zeroCount),
    ...unlessZero('z_bucket_w', zeroThreshold),
    ...(usesCustomBounds(histogram) ? [`custom_values:[${listed(customBounds ?? [])}]`] : []),
    ...(hint === 'unknown' ? [] : [`counter_reset_hint:${hint}`]),
    ...sideText(positive, ['offset', 'buckets']),
    ...sideText(negative, ['n_offset', 'n_buckets']),
  ];
  return `{{${parts.join(' ')}}}`;
}

function boundaryRule({ lower, upper }: ValueBucket, isCustom: boolean): 0 | 1 | 3 {
  if (isCustom) return lower === Number.NEGATIVE_INFINITY ? 3 : 0;
  if (lower <= 0 && upper >= 0) return 3;
  return lower < 0 ? 1 : 0;
}

/** All buckets from the first to the last, those included that are empty. */
function sideText({ indexes, counts }: NativeBuckets, [offset, buckets]: readonly [string, string]): string[] {
  const first = indexes[0];
  if (first === undefined) return [];
  const filled = new Float64Array((indexes.at(-1) as number) - first + 1);
  indexes.forEach((index, i) => {
    filled[index - first] = counts[i] as number;
  });
  return [...unlessZero(offset, first), `${buckets}:[${listed(filled)}]`];
}

function unlessZero(name: string, value: number): string[] {
  return value === 0 ? [] : [`${name}:${shortNumber(value)}`];
}

function listed(numbers: ArrayLike<number>): string {
  return Array.from(numbers, shortNumber).join(' ');
}
