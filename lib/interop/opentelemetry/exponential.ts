// Native histograms in the form of OpenTelemetry: the same buckets, counted from another index, and in a row without gaps.
import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { LEAST_SCHEMA, type NativeBuckets, type NativeHistogram } from '../../model/native-histogram.js';

/** As many buckets in a row as are sent: what is spread wider is sent at a lower resolution. */
const MOST_IN_A_ROW = 640;

type Counts = ReadonlyMap<number, number>;

/** Buckets at one resolution, under the index of OpenTelemetry. */
interface Buckets {
  readonly scale: number;
  readonly positive: Counts;
  readonly negative: Counts;
}

export function exponentialOf(histogram: NativeHistogram): ExponentialHistogram {
  return rows(
    { scale: histogram.schema, positive: countsOf(histogram.positive), negative: countsOf(histogram.negative) },
    histogram,
  );
}

/** What was added since; undefined where that is nothing. */
export function exponentialSince(now: NativeHistogram, before: NativeHistogram): ExponentialHistogram | undefined {
  if (now.count === before.count) return undefined;
  const scale = Math.min(now.schema, before.schema);
  const side = (name: 'positive' | 'negative'): Counts => {
    const left = new Map(coarser(countsOf(now[name]), now.schema - scale));
    for (const [index, count] of coarser(countsOf(before[name]), before.schema - scale)) {
      // What has moved into the zero bucket meanwhile is in no bucket any more.
      left.set(index, Math.max(0, (left.get(index) ?? 0) - count));
    }
    return left;
  };
  return rows(
    { scale, positive: side('positive'), negative: side('negative') },
    {
      count: now.count - before.count,
      sum: now.sum - before.sum,
      zeroCount: Math.max(0, now.zeroCount - before.zeroCount),
    },
  );
}

function countsOf({ indexes, counts }: NativeBuckets): Counts {
  return new Map(Array.from(indexes, (index, i) => [index - 1, counts[i] as number]));
}

function coarser(counts: Counts, by: number): Counts {
  if (by === 0) return counts;
  const merged = new Map<number, number>();
  for (const [index, count] of counts) {
    const target = Math.floor(index / 2 ** by);
    merged.set(target, (merged.get(target) ?? 0) + count);
  }
  return merged;
}

function rows(
  { scale, positive, negative }: Buckets,
  totals: { readonly count: number; readonly sum: number; readonly zeroCount: number },
): ExponentialHistogram {
  let by = 0;
  while (scale - by > LEAST_SCHEMA && (spanOf(positive, by) > MOST_IN_A_ROW || spanOf(negative, by) > MOST_IN_A_ROW))
    by++;
  return {
    count: totals.count,
    sum: totals.sum,
    scale: scale - by,
    zeroCount: totals.zeroCount,
    positive: rowOf(coarser(positive, by)),
    negative: rowOf(coarser(negative, by)),
  };
}

function ends(counts: Counts): { readonly first: number; readonly last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, count] of counts) {
    if (count === 0) continue;
    if (index < first) first = index;
    if (index > last) last = index;
  }
  return { first, last };
}

function spanOf(counts: Counts, by: number): number {
  const { first, last } = ends(counts);
  return first > last ? 0 : Math.floor(last / 2 ** by) - Math.floor(first / 2 ** by) + 1;
}

function rowOf(counts: Counts): { offset: number; bucketCounts: number[] } {
  const { first, last } = ends(counts);
  if (first > last) return { offset: 0, bucketCounts: [] };
  return {
    offset: first,
    bucketCounts: Array.from({ length: last - first + 1 }, (_, i) => counts.get(first + i) ?? 0),
  };
}
