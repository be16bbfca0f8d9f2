// What a QueryEngine can be told, and what a query can be asked for: defaults, bounds, and how moments are given.
import { type Clock, systemClock } from '../clock.js';
import { MetricDefinitionError } from '../errors.js';

export interface QueryEngineOptions {
  /** How old a sample may be and still count as the series' value. Greater than 0. Default 300, as in Prometheus. */
  readonly lookbackSeconds?: number;
  /** How many samples a query may have in memory at one time; histograms and gaps count by what they take. Default 50 000 000, as in Prometheus. */
  readonly maxSamples?: number;
  /** How long a query may take, the time that it waits for its turn included. Default 120, as in Prometheus. */
  readonly timeoutSeconds?: number;
  /** How many queries are worked on at a time; others wait. Default 20, as in Prometheus. */
  readonly maxConcurrent?: number;
  /** The step of subqueries that give none, as in `up[1h:]`. Default 60, as in Prometheus. */
  readonly subqueryStepSeconds?: number;
  readonly clock?: Clock;
}

/** A moment: a date, or seconds since the epoch. Milliseconds are the least that counts. */
export type Moment = Date | number;

interface AskingOptions {
  /** Aborting it has the query answer `cancelled` at once, and stop soon after. */
  readonly signal?: AbortSignal;
  /** For this query, where that is less than the engine allows. */
  readonly timeoutSeconds?: number;
  /** For this query. Greater than 0. Default: that of the engine. */
  readonly lookbackSeconds?: number;
}

export interface InstantOptions extends AskingOptions {
  /** Default: now. */
  readonly time?: Moment;
}

export interface RangeOptions extends AskingOptions {
  readonly start: Moment;
  /** The last step is at it or before it. */
  readonly end: Moment;
  /** Seconds from one step to the next, at least a millisecond. */
  readonly step: number;
}

export interface EngineSettings {
  readonly lookbackMs: number;
  readonly maxSamples: number;
  readonly timeoutSeconds: number;
  readonly maxConcurrent: number;
  readonly subqueryStepMs: number;
  readonly clock: Clock;
}

export const MS_PER_SECOND = 1000;

/** Throws a `MetricDefinitionError` (`invalid_option`) for a limit that is not a positive number. */
export function engineSettings(options: QueryEngineOptions): EngineSettings {
  const {
    lookbackSeconds = 300,
    maxSamples = 50_000_000,
    timeoutSeconds = 120,
    maxConcurrent = 20,
    subqueryStepSeconds = 60,
    clock = systemClock,
  } = options;
  for (const [option, value] of Object.entries({ lookbackSeconds, timeoutSeconds, subqueryStepSeconds })) {
    requireAtLeast(option, value, 1 / MS_PER_SECOND);
  }
  for (const [option, value] of Object.entries({ maxSamples, maxConcurrent })) requireAtLeast(option, value, 1);
  return {
    lookbackMs: Math.round(lookbackSeconds * MS_PER_SECOND),
    maxSamples,
    timeoutSeconds,
    maxConcurrent,
    subqueryStepMs: Math.round(subqueryStepSeconds * MS_PER_SECOND),
    clock,
  };
}

/** What is wrong with how a query is asked, beside its moments; undefined where nothing is. */
export function problemOf(
  text: string,
  { lookbackSeconds = 1, timeoutSeconds = 0 }: AskingOptions,
): string | undefined {
  if (typeof text !== 'string') return 'the query is no text';
  if (!(lookbackSeconds > 0)) return 'the look-back of the query is no number of seconds greater than 0';
  return timeoutSeconds >= 0 ? undefined : 'the timeout of the query is no number of seconds';
}

/** Milliseconds since the epoch; NaN for what is no moment. */
export function momentMs(moment: Moment): number {
  return Math.round(moment instanceof Date ? moment.getTime() : moment * MS_PER_SECOND);
}

function requireAtLeast(option: string, value: number, least: number): void {
  if (typeof value === 'number' && value >= least) return;
  const rule = `Give a number of ${least} or more.`;
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
