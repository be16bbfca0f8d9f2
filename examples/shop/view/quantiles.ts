// Quantiles out of the stored buckets of a histogram, as PromQL makes them with `histogram_quantile`: any reader that keeps
// a history can do this, over many processes as well as over this one.
import type { SeriesData } from 'telltale';
import { groupedBy, type Point, sumOf } from './history.js';

/** How many observations were at most `bound`, at every moment. */
export interface Bucket {
  readonly bound: number;
  readonly totals: readonly Point[];
}

/** The buckets of all series together, by ascending bound. */
export function bucketsOf(series: readonly SeriesData[]): readonly Bucket[] {
  const byBound = groupedBy(series, ({ labels }) => (labels.le === '+Inf' ? Infinity : Number(labels.le)));
  return [...byBound].map(([bound, some]) => ({ bound, totals: sumOf(some) })).sort((a, b) => a.bound - b.bound);
}

/** Of everything observed so far. */
export function totalQuantile(q: number, buckets: readonly Bucket[]): number {
  return quantile(
    q,
    buckets.map(({ bound, totals }) => [bound, totals.at(-1)?.value ?? 0]),
  );
}

/** At every moment but the first: of what was observed in the `seconds` before it. */
export function recentQuantiles(q: number, buckets: readonly Bucket[], seconds: number): readonly number[] {
  const moments = buckets.at(-1)?.totals ?? [];
  return moments.slice(1).map(({ timestampMs }, i) => {
    const start = moments.findIndex((point) => point.timestampMs >= timestampMs - seconds * 1000);
    const growth = (totals: readonly Point[]) => (totals[i + 1]?.value ?? 0) - (totals[start]?.value ?? 0);
    return quantile(
      q,
      buckets.map(({ bound, totals }) => [bound, growth(totals)]),
    );
  });
}

// Within the bucket in which the quantile falls, observations are taken to be spread evenly.
function quantile(q: number, cumulative: readonly (readonly [bound: number, count: number])[]): number {
  const observed = cumulative.at(-1)?.[1] ?? 0;
  if (observed === 0) return Number.NaN;
  const rank = q * observed;
  const index = cumulative.findIndex(([, count]) => count >= rank);
  const [upper, count] = cumulative[index] as readonly [number, number];
  const [lower, below] = cumulative[index - 1] ?? [0, 0];
  return upper === Infinity ? lower : lower + (upper - lower) * ((rank - below) / (count - below));
}
