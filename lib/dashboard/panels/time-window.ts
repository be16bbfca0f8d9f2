// Which steps a chart shows and over which range rates are taken. Apart because every panel must agree on it, or charts under
// one another would not line up.
import type { StepWindow } from './series-table.js';

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const POINTS = 240;

/**
 * The last `rangeS` seconds in at most 240 steps of a round length. Short steps end at a multiple of their length, so that points
 * stay put; long ones at the last quarter of a minute, or minute, because the newest value is the one that people look for.
 */
export function stepWindow(nowS: number, rangeS: number, intervalS: number): StepWindow {
  const least = Math.max(rangeS / POINTS, Math.min(intervalS, rangeS / 30));
  const stepS = STEPS.find((step) => step >= least) ?? Math.ceil(least / 86_400) * 86_400;
  const movesS = Math.min(stepS, stepS > 120 ? 60 : 15);
  return { endS: Math.floor(nowS / movesS) * movesS, stepS, count: Math.floor(rangeS / stepS) + 1 };
}

/** The range for rates: long enough for two samples at least, whatever the collecting, and for every sample to count once. */
export function rateWindow(stepS: number, intervalS: number): string {
  return `${Math.max(4, Math.ceil(Math.max(4 * intervalS, stepS + intervalS)))}s`;
}
