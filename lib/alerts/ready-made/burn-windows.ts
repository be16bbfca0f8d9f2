// Over which windows, and from which speed on, a budget of errors counts as burning: data, and what makes it sensible.
import { checkedSeconds, refuseOption } from './checked-group.js';

export interface BurnWindow {
  /** Over which the budget has to burn. */
  readonly longSeconds: number;
  /** Over which it still has to: a twelfth of the long one, so that the alert ends soon after the errors. */
  readonly shortSeconds: number;
  /** How many times faster than the objective allows. */
  readonly burnRate: number;
  /** The label of that name. */
  readonly severity: string;
}

/** Source: https://sre.google/workbook/alerting-on-slos/, table 5-8. */
export const defaultWindows: readonly BurnWindow[] = [
  { longSeconds: 3_600, shortSeconds: 300, burnRate: 14.4, severity: 'page' },
  { longSeconds: 21_600, shortSeconds: 1_800, burnRate: 6, severity: 'page' },
  { longSeconds: 86_400, shortSeconds: 7_200, burnRate: 3, severity: 'ticket' },
  { longSeconds: 259_200, shortSeconds: 21_600, burnRate: 1, severity: 'ticket' },
];

/** @throws MetricDefinitionError `invalid_option` */
export function checkedWindows(windows: readonly BurnWindow[], budget: number): readonly BurnWindow[] {
  if (windows.length === 0) refuseOption('windows', 'empty', 'Give at least one, or leave the option out.');
  for (const { longSeconds, shortSeconds, burnRate } of windows) {
    checkedSeconds('windows.longSeconds', longSeconds);
    checkedSeconds('windows.shortSeconds', shortSeconds);
    if (shortSeconds >= longSeconds) {
      refuseOption(
        'windows',
        `${shortSeconds} and ${longSeconds}`,
        'The short window has to be shorter than the long one.',
      );
    }
    if (!(burnRate > 0)) refuseOption('windows.burnRate', String(burnRate), 'Give a number greater than 0.');
    // Not even if everything fails.
    if (burnRate * budget >= 1) {
      const most = Math.floor(1 / budget);
      const rule = `Where a share of ${budget} may fail, it can never burn more than ${most} times as fast: give windows with smaller burn rates.`;
      refuseOption('windows.burnRate', String(burnRate), rule);
    }
  }
  return windows;
}
