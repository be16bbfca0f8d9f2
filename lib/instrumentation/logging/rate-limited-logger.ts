// A listener for `onError` that writes to a log without ever flooding it: the first of each kind at once, then few, and how many
// were left out.
import { type Clock, systemClock } from '../../clock.js';
import { describe, MetricDefinitionError, type MetricsError } from '../../errors.js';

export interface RateLimitedLoggerOptions {
  /** Seconds in which an error of one kind is logged at most once. Above 0; default 60. */
  readonly intervalSeconds?: number;
  /** Of the errors of one kind, only every so many may be logged at all, the first among them. Default 1: all. */
  readonly sampleOneIn?: number;
  readonly clock?: Clock;
}

export interface LoggedError {
  readonly error: MetricsError;
  /** How many of the same kind were left out since the last one that was logged. */
  readonly suppressed: number;
}

/**
 * Makes a function for the option `onError` of a collector that writes to a log without flooding it: of each kind of error the first at
 * once, then at most one in an interval, with the number of those left out. It records no metric.
 *
 * @param log - Called with a sentence that says what happened and what to do, and with the error itself.
 * @throws MetricDefinitionError `invalid_option`.
 * @example
 * new MetricsCollector({ onError: rateLimitedLogger((message, details) => log.warn(details, message)) });
 * // {"level":40,"error":{"kind":"push_unreachable",…},"suppressed":11,"msg":"… cannot be reached: … (11 more since the last one)"}
 */
export function rateLimitedLogger(
  log: (message: string, details: LoggedError) => void,
  { intervalSeconds = 60, sampleOneIn = 1, clock = systemClock }: RateLimitedLoggerOptions = {},
): (error: MetricsError) => void {
  check('intervalSeconds', intervalSeconds, 'Give seconds above 0.', intervalSeconds > 0);
  check('sampleOneIn', sampleOneIn, 'Give a whole number above 0.', Number.isInteger(sampleOneIn) && sampleOneIn > 0);
  // As many entries as there are kinds of errors.
  const kinds = new Map<MetricsError['kind'], { seen: number; suppressed: number; loggedAt: number }>();
  return (error) => {
    const kind = kinds.get(error.kind) ?? { seen: 0, suppressed: 0, loggedAt: Number.NEGATIVE_INFINITY };
    kinds.set(error.kind, kind);
    const now = clock.monotonic();
    const sampled = kind.seen++ % sampleOneIn === 0;
    if (!sampled || now - kind.loggedAt < intervalSeconds) {
      kind.suppressed++;
      return;
    }
    const { suppressed } = kind;
    kind.loggedAt = now;
    kind.suppressed = 0;
    const more = suppressed === 0 ? '' : ` (${suppressed} more since the last one)`;
    log(`${describe(error)}${more}`, { error, suppressed });
  };
}

function check(option: string, value: number, rule: string, fits: boolean): void {
  if (!fits) throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
