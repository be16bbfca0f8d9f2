// What is known of one call of a monitored method, and the options that all decorators share.
import type { MetricsCollector } from '../lib/collector.js';

/** `ok` for a value, `err` for an `Err` that came back, `thrown` for a throw or a rejection. */
export type Outcome = 'ok' | 'err' | 'thrown';

export type LabelValues = Readonly<Record<string, string | number | boolean>>;

/** A call that has begun. */
export interface StartedCall {
  readonly args: readonly unknown[];
  /** What the method was called on. */
  readonly self: unknown;
  readonly method: string;
}

/** A call that has ended. */
export interface EndedCall extends StartedCall {
  readonly outcome: Outcome;
  /** What was in the `Err`, or was thrown; undefined for `ok`. */
  readonly error: unknown;
  readonly durationSeconds: number;
}

export interface MetricOptions {
  readonly name: string;
  readonly description?: string;
}

export interface TimingOptions extends MetricOptions {
  /** Upper bounds of the histogram, in seconds. Default: 0.005 to 10. */
  readonly buckets?: readonly number[];
}

export interface CommonOptions {
  /** Constant, or made from the call when it has ended. What it throws is a dropped recording. */
  readonly labels?: LabelValues | ((call: EndedCall) => LabelValues);
  /** Default: that of the process, looked up at each call, so that it does not matter when it is set. */
  readonly collector?: MetricsCollector;
}

/** A function whose parameters are of no interest here. */
export type Callable = (...args: never[]) => unknown;

/** A function as it is called from inside a wrapper. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
