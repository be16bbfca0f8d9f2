// The notifiers whose readers want to hear of an alert when it begins and when it ends, and not every minute in between: webhooks,
// logs and callbacks. One target each, whatever it is.
import type { Notifier } from '../alert.js';
import { CurrentAlerts, type Taken } from './current-alerts.js';
import { type Attempt, Delivery } from './delivery.js';
import type { NotifierSettings } from './notifier-options.js';
import { StandingNotifier } from './standing-notifier.js';

export interface ChangesOptions extends NotifierSettings {
  /** Tells of these alerts, given by their keys. */
  readonly send: (keys: readonly string[], memory: CurrentAlerts) => Promise<Attempt>;
  /** Which alerts are due; those that changed by default. */
  readonly due?: (taken: Taken) => readonly string[];
  readonly end?: () => void;
}

export function changesNotifier(options: ChangesOptions): Notifier {
  const { maxAlerts, send, due = ({ changed }) => changed } = options;
  // Nobody here reads until when an alert is to be believed.
  const memory = new CurrentAlerts({ maxAlerts, validSeconds: 0 });
  const delivery = new Delivery({
    ...options,
    send: (keys) => send(keys, memory),
    isHeld: (key) => memory.get(key) !== undefined,
    batchSize: Number.POSITIVE_INFINITY,
  });
  return new StandingNotifier({ ...options, memory, deliveries: [delivery], due });
}
