// Quantiles of plain numbers, as `quantile` and `quantile_over_time` have them, and what is said of quantiles that are none.
import { shortNumber } from './short-number.js';

/**
 * Between the two numbers that enclose the quantile, in proportion.
 *
 * @param quantile - ±Infinity below 0 and above 1; NaN for NaN.
 * @param sorted - The first `count` are the numbers, ascending, with NaN before all others.
 */
export function quantileOf(quantile: number, sorted: Float64Array, count: number): number {
  if (count === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const rank = quantile * (count - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - lower;
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight;
}

export function isQuantile(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** For what is no quantile. */
export function quantileWarning(value: number): string {
  return `quantile value should be between 0 and 1, got ${shortNumber(value)}`;
}
