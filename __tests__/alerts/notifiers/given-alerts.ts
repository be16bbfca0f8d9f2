// Alerts as an evaluator would tell of them, and the turns of the event loop that a notifier's answers take.
import type { Alert } from '../../../lib/alerts/alert.js';

export interface GivenAlert extends Partial<Omit<Alert, 'labels'>> {
  readonly labels?: Readonly<Record<string, string>>;
}

/** One that fires since `firedAtMs`, called `name`. */
export function firing(name: string, firedAtMs: number, { labels = {}, ...rest }: GivenAlert = {}): Alert {
  return {
    labels: { alertname: name, ...labels },
    annotations: { summary: `${name} is the case` },
    state: 'firing',
    value: 1,
    activeAtMs: firedAtMs - 60_000,
    firedAtMs,
    ...rest,
  };
}

/** The same alert after it has ended. */
export function ended(alert: Alert, resolvedAtMs: number): Alert {
  return { ...alert, state: 'resolved', resolvedAtMs };
}

/** Lets everything happen that waits for nothing but its turn. */
export const turns = async (count = 5): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};
