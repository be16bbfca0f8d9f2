// What most notifiers can be told, checked once. Whatever could never work is refused where it is given, as everywhere else.
import { type Clock, systemClock } from '../../clock.js';
import { type AlertError, MetricDefinitionError } from '../../errors.js';

export interface NotifierOptions {
  /** As errors and the rules' page show it. */
  readonly name?: string;
  /** How many alerts it remembers at most, and in one message at most. Default 10 000. */
  readonly maxAlerts?: number;
  /** The first wait after a failure; twice as long after each further one. Default 500. */
  readonly minBackoffMs?: number;
  /** Default 60 000. */
  readonly maxBackoffMs?: number;
  readonly clock?: Clock;
  /** Hears of every attempt that failed. */
  readonly onError?: (error: AlertError) => void;
}

export interface NotifierSettings {
  readonly name: string;
  readonly maxAlerts: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly clock: Clock;
  readonly tell: (error: AlertError) => void;
}

const DAY_MS = 86_400_000;

/** @throws MetricDefinitionError `invalid_option` */
export function notifierSettings(options: NotifierOptions, defaultName: string): NotifierSettings {
  const { name = defaultName, maxAlerts = 10_000, minBackoffMs = 500, maxBackoffMs = 60_000, onError } = options;
  requireNumber('maxAlerts', maxAlerts, { least: 1, most: 1_000_000 });
  requireNumber('minBackoffMs', minBackoffMs, { least: 1, most: DAY_MS });
  requireNumber('maxBackoffMs', maxBackoffMs, { least: minBackoffMs, most: DAY_MS });
  const tell = (error: AlertError): void => {
    try {
      onError?.(error);
    } catch {
      // Whoever is told of a failure must not add one of its own.
    }
  };
  return { name, maxAlerts, minBackoffMs, maxBackoffMs, clock: options.clock ?? systemClock, tell };
}

/** @throws MetricDefinitionError `invalid_option` */
export function requireNumber(
  option: string,
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  refuseOption(option, String(value), `Give a number from ${least} to ${most}.`);
}

export function refuseOption(option: string, value: string, rule: string): never {
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value, rule });
}

/** Without a slash at its end; undefined where none is given. */
export function checkedUrl(option: string, url: string | URL | undefined): string | undefined {
  if (url === undefined) return undefined;
  const text = String(url);
  if (URL.canParse(text) && /^https?:/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  return refuseOption(option, JSON.stringify(text), 'Give a URL with http:// or https://.');
}
