// Which steps charts show: as fine as there is room for, as late as one looks for.
import { stepWindow } from '../../../lib/dashboard/panels/time-window.js';

const NOW_S = 1_800_000_017;
const MONTH_S = 30 * 86_400;

describe('stepWindow', () => {
  it.each([
    [60, 15, 2],
    [900, 15, 15],
    [3600, 15, 15],
    [21_600, 15, 120],
    [86_400, 15, 600],
    [MONTH_S, 15, 14_400],
  ])('cuts %d s of samples every %d s into steps of %d s', (rangeS, intervalS, stepS) => {
    const window = stepWindow(NOW_S, rangeS, intervalS);
    expect(window.stepS).toBe(stepS);
    expect(window.count).toBeLessThanOrEqual(241);
    expect(window.stepS * (window.count - 1)).toBeGreaterThan(rangeS - stepS);
  });

  it('keeps points where they are while steps are short', () => {
    expect(stepWindow(NOW_S, 900, 15).endS % 15).toBe(0);
    expect(stepWindow(NOW_S, 60, 1).endS).toBe(NOW_S);
  });

  it.each([21_600, 86_400, MONTH_S])('ends less than a minute ago, even for the last %d s', (rangeS) => {
    const { endS } = stepWindow(NOW_S, rangeS, 15);
    expect(NOW_S - endS).toBeGreaterThanOrEqual(0);
    expect(NOW_S - endS).toBeLessThan(60);
  });
});
