// Tells a webhook of alerts, with the message that Alertmanager would send: for a service that has a chat or a pager to tell and
// no Alertmanager to run.
import type { HttpTargetOptions } from '../../../storage/delivery/http-options.js';
import { HttpTarget } from '../../../storage/delivery/http-target.js';
import type { Notifier } from '../alert.js';
import { postAlerts } from './alert-post.js';
import { changesNotifier } from './changes.js';
import type { CurrentAlerts, Taken } from './current-alerts.js';
import { checkedUrl, type NotifierOptions, notifierSettings, requireNumber } from './notifier-options.js';
import { webhookMessage } from './webhook-message.js';

export interface WebhookOptions extends NotifierOptions, HttpTargetOptions {
  /** What the message calls its receiver. Default `webhook`. */
  readonly receiver?: string;
  /** After how long it is told again of what still fires. Default 14 400 (4 hours), as in Alertmanager. */
  readonly repeatSeconds?: number;
  /** Put before the paths in `generatorURL`, and shown as `externalURL`. */
  readonly externalUrl?: string | URL;
}

const MONTH_SECONDS = 31 * 86_400;

/**
 * Posts Alertmanager's webhook message (version 4) whenever an alert begins to fire or ends: all that fires then, and what has ended
 * since the message before. There is one group, `{}:{}`: whoever wants grouping, silences or several receivers runs an Alertmanager.
 *
 * It goes on trying while the webhook cannot be reached or answers 429 or 5xx, and tells the present state when it succeeds.
 *
 * Errors: `notify_failed` (it goes on trying), `notify_refused`, `alerts_dropped`, `notifier_closed`.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 *
 * @throws MetricDefinitionError `invalid_option` for options that could never work.
 *
 * @example
 * const notifier = webhookNotifier({ url: 'http://10.0.0.7:8080/alerts', auth: { bearerToken: 'secret' } });
 */
export function webhookNotifier(options: WebhookOptions): Notifier {
  const { receiver = 'webhook', repeatSeconds = 4 * 3_600 } = options;
  requireNumber('repeatSeconds', repeatSeconds, { least: 1, most: MONTH_SECONDS });
  const externalUrl = checkedUrl('externalUrl', options.externalUrl);
  const settings = notifierSettings(options, 'webhook');
  const { name, clock, maxAlerts } = settings;
  const target = new HttpTarget(options);
  let repeatAt = clock.monotonic() + repeatSeconds;
  const send = async (keys: readonly string[], memory: CurrentAlerts) => {
    const alerts = messageAlerts(keys, memory);
    if (alerts.length === 0) return {};
    const message = webhookMessage(alerts, { receiver, externalUrl, maxAlerts });
    const attempt = await postAlerts({ notifier: name, target, message });
    if (attempt.error === undefined) repeatAt = clock.monotonic() + repeatSeconds;
    return attempt;
  };
  const due = ({ told, changed }: Taken) => (clock.monotonic() >= repeatAt ? told : changed);
  return changesNotifier({ ...settings, send, due, end: () => target.close() });
}

function messageAlerts(keys: readonly string[], memory: CurrentAlerts) {
  const ended = keys.filter((key) => memory.get(key)?.alert.state === 'resolved');
  return [...memory.keys('firing'), ...ended].flatMap((key) => memory.get(key)?.alert ?? []);
}
