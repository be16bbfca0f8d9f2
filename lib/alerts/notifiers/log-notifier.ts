// Writes into the program's own log when an alert begins to fire and when it ends.
import type { Alert, Notifier } from '../alert.js';
import { changesNotifier } from './changes.js';
import type { CurrentAlerts } from './current-alerts.js';
import type { Attempt } from './delivery.js';
import { type NotifierOptions, notifierSettings, refuseOption } from './notifier-options.js';

type Write = (...parts: never[]) => unknown;

/** The part of a logger that is used: that of pino, bunyan, winston, `console` and most others. */
export interface AlertLogger {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

type Level = keyof AlertLogger;

const LEVELS: readonly Level[] = ['info', 'warn', 'error'];
/** Values of the label `severity` that somebody is woken for. */
const SEVERE = new Set(['critical', 'page', 'error', 'emergency']);

/**
 * Logs one line when an alert begins to fire, at `error` where its label `severity` is critical, page, error or emergency, at `info`
 * where it is info, else at `warn`; and one at `info` when it ends. pino and bunyan get `(fields, message)`, all others `(message, fields)`.
 *
 * Errors: `notify_failed` where the logger throws (it is tried again), `alerts_dropped`, `notifier_closed`.
 *
 * @throws MetricDefinitionError `invalid_option` for a logger without `info`, `warn` and `error`.
 *
 * @example
 * const notifier = logNotifier(console);
 * // HighErrorRate fires: 7 % of requests fail { labels: { alertname: 'HighErrorRate' }, value: 0.07, … }
 */
export function logNotifier(logger: AlertLogger, options: NotifierOptions = {}): Notifier {
  const missing = LEVELS.find((level) => typeof (logger as Partial<AlertLogger> | undefined)?.[level] !== 'function');
  if (missing !== undefined) refuseOption('logger', `without ${missing}`, 'Give a logger with info, warn and error.');
  const settings = notifierSettings(options, 'log');
  const fieldsFirst = isFieldsFirst(logger);
  const send = async (keys: readonly string[], memory: CurrentAlerts): Promise<Attempt> => {
    for (const key of keys) {
      const alert = memory.get(key)?.alert;
      if (alert === undefined) continue;
      const parts = fieldsFirst ? [fieldsOf(alert), messageOf(alert)] : [messageOf(alert), fieldsOf(alert)];
      const write = logger[levelOf(alert)] as (this: AlertLogger, ...parts: unknown[]) => unknown;
      write.apply(logger, parts);
    }
    return {};
  };
  return changesNotifier({ ...settings, send });
}

/** pino's loggers, Fastify's and Nest's with them, tell their bindings; bunyan's hold their fields. */
function isFieldsFirst(logger: object): boolean {
  return 'bindings' in logger || ('fields' in logger && 'streams' in logger);
}

function levelOf({ state, labels }: Alert): Level {
  if (state === 'resolved' || labels.severity === 'info') return 'info';
  return SEVERE.has(labels.severity ?? '') ? 'error' : 'warn';
}

function messageOf({ state, labels, annotations }: Alert): string {
  const { alertname: _, ...others } = labels;
  const named = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  const what = annotations.summary ?? annotations.description ?? (named.length > 0 ? named.join(', ') : undefined);
  const text = `${labels.alertname ?? 'An alert'} ${state === 'resolved' ? 'is resolved' : 'fires'}${what === undefined ? '' : `: ${what}`}`;
  // Labels come from whoever is measured: none may begin a line of its own in the log.
  return text.replace(/\p{Cc}+/gu, ' ');
}

function fieldsOf({ labels, annotations, state, value, activeAtMs, firedAtMs, resolvedAtMs }: Alert): object {
  const time = (ms: number | undefined, member: string) => (ms === undefined ? {} : { [member]: ms });
  return {
    labels,
    annotations,
    state,
    value,
    activeAtMs,
    ...time(firedAtMs, 'firedAtMs'),
    ...time(resolvedAtMs, 'resolvedAtMs'),
  };
}
