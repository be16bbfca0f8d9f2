// Tells Alertmanagers, each of several of everything, through version 2 of their API: as Prometheus does, so that an Alertmanager
// cannot tell the two apart. Grouping, silencing and inhibiting is left to them.
import type { PushAuth, PushTls } from '../../../storage/delivery/http-options.js';
import { HttpTarget } from '../../../storage/delivery/http-target.js';
import type { Notifier } from '../alert.js';
import { postAlerts } from './alert-post.js';
import { generatorUrlOf, startsAtMs, timeText } from './alert-times.js';
import { CurrentAlerts, type HeldAlert } from './current-alerts.js';
import { Delivery } from './delivery.js';
import { checkedUrl, type NotifierOptions, notifierSettings, refuseOption, requireNumber } from './notifier-options.js';
import { StandingNotifier } from './standing-notifier.js';

export interface AlertmanagerOptions extends NotifierOptions {
  /** Of every Alertmanager, with the prefix that it may be served under: `['http://127.0.0.1:9093']`. */
  readonly urls: readonly (string | URL)[];
  readonly auth?: PushAuth;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: PushTls;
  /** For one request. Default 10 000. */
  readonly timeoutMs?: number;
  /** How often alerts that have ended are told again, for 15 minutes. Default 60. */
  readonly resendDelaySeconds?: number;
  /** How often rules are evaluated, for alerts that do not say until when they hold. Default 60. */
  readonly evaluationIntervalSeconds?: number;
  /** Put before the paths in `generatorUrl`, so that the links in notifications lead somewhere. */
  readonly externalUrl?: string | URL;
}

/** As many as Prometheus sends in one request. */
const BATCH_SIZE = 256;
const PATH = '/api/v2/alerts';
const DAY_SECONDS = 86_400;

/**
 * Tells one or several Alertmanagers of alerts. Each has its own connections, retries and waits: one that is down delays no other,
 * and hears the present state when it is back. What it missed in between is not told afterwards, except alerts that have ended in
 * the last 15 minutes.
 *
 * An alert is sent with an end in the future, four times the longer of `resendDelaySeconds` and `evaluationIntervalSeconds` away: if
 * this process dies, Alertmanager takes its alerts for resolved by then.
 *
 * Errors: `notify_failed` where none could be told (it goes on trying), `notify_refused`, `alerts_dropped`, `notifier_closed`.
 * Source: https://prometheus.io/docs/alerting/latest/alerts_api/
 *
 * @throws MetricDefinitionError `invalid_option` for options that could never work.
 *
 * @example
 * const notifier = alertmanagerNotifier({ urls: ['http://10.0.0.5:9093', 'http://10.0.0.6:9093'] });
 */
export function alertmanagerNotifier(options: AlertmanagerOptions): Notifier {
  const { urls, resendDelaySeconds = 60, evaluationIntervalSeconds = 60 } = options;
  requireNumber('resendDelaySeconds', resendDelaySeconds, { least: 1, most: DAY_SECONDS });
  requireNumber('evaluationIntervalSeconds', evaluationIntervalSeconds, { least: 0.01, most: DAY_SECONDS });
  const externalUrl = checkedUrl('externalUrl', options.externalUrl);
  const settings = notifierSettings(options, 'alertmanager');
  const { name, maxAlerts } = settings;
  const validSeconds = 4 * Math.max(resendDelaySeconds, evaluationIntervalSeconds);
  const memory = new CurrentAlerts({ maxAlerts, validSeconds });
  const targets = targetsOf(urls, options);
  const deliveries = targets.map((target) => {
    const send = (keys: readonly string[]) => {
      const message = keys.flatMap((key) => postable(memory.get(key), externalUrl));
      return postAlerts({ notifier: name, target, path: PATH, message });
    };
    const isHeld = (key: string) => memory.get(key) !== undefined;
    return new Delivery({ ...settings, send, isHeld, batchSize: BATCH_SIZE });
  });
  const end = () => {
    for (const target of targets) target.close();
  };
  const due = ({ told }: { readonly told: readonly string[] }) => told;
  return new StandingNotifier({ ...settings, memory, deliveries, due, end, resendResolvedSeconds: resendDelaySeconds });
}

function targetsOf(urls: AlertmanagerOptions['urls'], options: AlertmanagerOptions): readonly HttpTarget[] {
  if (!Array.isArray(urls) || urls.length === 0) {
    refuseOption('urls', Array.isArray(urls) ? 'empty' : typeof urls, 'Give the URL of at least one Alertmanager.');
  }
  const { auth, headers, tls, timeoutMs } = options;
  const shared = {
    ...(auth === undefined ? {} : { auth }),
    ...(headers === undefined ? {} : { headers }),
    ...(tls === undefined ? {} : { tls }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  return urls.map((url) => new HttpTarget({ url, ...shared }));
}

/** An alert as the API takes it; nothing for one that has been forgotten. */
function postable(held: HeldAlert | undefined, externalUrl: string | undefined): readonly object[] {
  if (held === undefined) return [];
  const { alert, validUntilMs } = held;
  const generatorURL = generatorUrlOf(alert, externalUrl);
  const endsAtMs = alert.state === 'resolved' ? (alert.resolvedAtMs ?? validUntilMs) : validUntilMs;
  return [
    {
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: timeText(startsAtMs(alert)),
      endsAt: timeText(endsAtMs),
      // One that is no URL would have the whole request refused.
      ...(generatorURL === '' ? {} : { generatorURL }),
    },
  ];
}
