// The quantile of a histogram, interpolated as PromQL does it, so that a figure shown in the process and the same
// figure on a Prometheus agree.

/**
 * Works like `histogram_quantile` on one series.
 *
 * @param counts - Observations per bucket, not cumulative, the one above all bounds at `bounds.length`; more may follow.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function bucketQuantile(q: number, bounds: readonly number[], counts: ArrayLike<number>): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  let total = 0;
  for (let b = 0; b <= bounds.length; b++) total += counts[b] as number;
  if (total === 0 || bounds.length === 0) return Number.NaN;
  const rank = q * total;
  let below = 0;
  let bucket = 0;
  while (bucket < bounds.length && below + (counts[bucket] as number) < rank) below += counts[bucket++] as number;
  if (bucket === bounds.length) return bounds[bounds.length - 1] as number;
  const upper = bounds[bucket] as number;
  if (bucket === 0 && upper <= 0) return upper;
  const lower = bucket === 0 ? 0 : (bounds[bucket - 1] as number);
  return lower + (upper - lower) * ((rank - below) / (counts[bucket] as number));
}
