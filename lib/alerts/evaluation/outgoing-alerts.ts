// What notifiers are told of an alert beyond what its rule says: the labels of the whole installation, a link, and for how long
// to believe it.
import { newLabelSet } from '../../model/label-set.js';
import type { Alert } from '../alert.js';
import { graphPath } from '../graph-path.js';
import type { GroupOutcome } from './group-evaluation.js';
import type { Surroundings } from './surroundings.js';

/** Two tellings in a row may be lost before a receiver takes the alert for resolved. */
const TELLINGS_OF_VALIDITY = 4;

export function outgoingAlerts(
  { alerts }: Pick<GroupOutcome, 'alerts'>,
  surroundings: Surroundings,
  { timeMs, intervalMs }: { readonly timeMs: number; readonly intervalMs: number },
): readonly Alert[] {
  const { externalLabels, externalUrl, resendDelayMs } = surroundings;
  const validUntilMs = timeMs + TELLINGS_OF_VALIDITY * Math.max(resendDelayMs, intervalMs);
  return alerts.flatMap(({ expr, alerts: ofRule }) =>
    ofRule.map((alert) => ({
      ...alert,
      labels: Object.assign(newLabelSet(), externalLabels, alert.labels),
      ...(alert.state === 'firing' && { validUntilMs }),
      generatorUrl: `${externalUrl}${graphPath(expr, 1)}`,
    })),
  );
}
