// What a webhook gets to read: version 4 of the message that Alertmanager sends, so that whatever understands an Alertmanager
// understands this. Apart from the notifier, because it is a format and nothing else.
import type { Labels } from '../../model/label-set.js';
import type { Alert } from '../alert.js';
import { generatorUrlOf, startsAtMs, timeText } from './alert-times.js';
import { fingerprint } from './fingerprint.js';

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export interface WebhookMessage {
  readonly version: '4';
  readonly groupKey: string;
  /** How many alerts were left out, because `maxAlerts` were in it. */
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly externalURL: string;
  readonly alerts: readonly WebhookAlert[];
}

export interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  /** As in RFC 3339. */
  readonly startsAt: string;
  /** The year 1 while it fires. */
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

export interface WebhookMessageOptions {
  readonly receiver: string;
  readonly externalUrl: string | undefined;
  readonly maxAlerts: number;
}

const NO_END = '0001-01-01T00:00:00Z';

/** All alerts in one group, as those of an Alertmanager whose route does not group. */
export function webhookMessage(alerts: readonly Alert[], options: WebhookMessageOptions): WebhookMessage {
  const { receiver, externalUrl, maxAlerts } = options;
  return {
    receiver,
    status: alerts.some(({ state }) => state === 'firing') ? 'firing' : 'resolved',
    alerts: alerts.slice(0, maxAlerts).map((alert) => webhookAlert(alert, externalUrl)),
    groupLabels: {},
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl ?? '',
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: Math.max(0, alerts.length - maxAlerts),
  };
}

function webhookAlert(alert: Alert, externalUrl: string | undefined): WebhookAlert {
  const isResolved = alert.state === 'resolved';
  return {
    status: isResolved ? 'resolved' : 'firing',
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: timeText(startsAtMs(alert)),
    endsAt: isResolved ? timeText(alert.resolvedAtMs ?? startsAtMs(alert)) : NO_END,
    generatorURL: generatorUrlOf(alert, externalUrl),
    fingerprint: fingerprint(alert.labels),
  };
}

/** What all of them have, with the same value. */
function common([first, ...others]: readonly Labels[]): Labels {
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((labels) => labels[name] === value)),
  );
}
