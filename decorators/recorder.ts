// Records calls into one collector: the instruments are looked up once, and children are bound to the constant labels, so that
// a call costs two clock readings and a few stores. Nothing in here can fail the caller.
import type { Clock } from '../lib/clock.js';
import type { MetricsCollector } from '../lib/collector.js';
import type { EndedCall, LabelValues, MetricOptions, Outcome, StartedCall, TimingOptions } from './call.js';
import { ErrorTypes } from './error-type.js';
import { keepNow, take, takeElapsed } from './start-times.js';

type Counter = ReturnType<MetricsCollector['counter']>;
type Gauge = ReturnType<MetricsCollector['gauge']>;
type Histogram = ReturnType<MetricsCollector['histogram']>;

/** What to record of every call. */
export interface RecordedMetrics {
  readonly timing?: TimingOptions | undefined;
  /** With a label `outcome`. */
  readonly counter?: MetricOptions | undefined;
  /** With a label `error_type`. */
  readonly errorCounter?: MetricOptions | undefined;
  readonly inFlight?: MetricOptions | undefined;
  readonly labels?: LabelValues | ((call: EndedCall) => LabelValues) | undefined;
}

/** Many more than it takes to start a series: these are small ones, and the engine compiles what is called first on the same stack. */
const FRAMES_OF_A_RECORDING = 1500;

export class Recorder {
  readonly collector: MetricsCollector;
  readonly #method: string;
  readonly #labels: LabelValues;
  readonly #labelsOf: ((call: EndedCall) => LabelValues) | undefined;
  readonly #counter: Counter | undefined;
  /** Children of the counter, made when an outcome first occurs: made before, they would be shown at zero. */
  readonly #outcomes: Partial<Record<Outcome, Counter>> = {};
  readonly #errors: Counter | undefined;
  readonly #errorTypes = new ErrorTypes();
  // Hot fields are private to the compiler only: the engine's own #private makes functions too long to be inlined, and a
  // function that is not inlined hands its numbers over in boxes.
  private readonly clock: Clock;
  private readonly isTimed: boolean;
  private readonly inFlight: Gauge | undefined;
  private readonly timing: Histogram | undefined;
  /** The child for `ok`, once there is one. */
  private okCounter: Counter | undefined;

  /** @throws MetricDefinitionError where a metric cannot be defined, and whatever a broken collector throws. */
  constructor(collector: MetricsCollector, metrics: RecordedMetrics, method: string) {
    const { timing, counter, errorCounter, inFlight, labels = {} } = metrics;
    const constant = typeof labels === 'function' ? {} : labels;
    /** Labels made from the call may have any names. */
    const named = (...more: string[]) =>
      typeof labels === 'function' ? {} : { labelNames: [...Object.keys(constant), ...more] };
    this.collector = collector;
    this.#method = method;
    this.clock = collector.clock;
    this.isTimed = timing !== undefined || typeof labels === 'function';
    this.#labels = constant;
    this.#labelsOf = typeof labels === 'function' ? labels : undefined;
    if (timing !== undefined)
      this.timing = childOf(collector.histogram(timing.name, { ...optionsOf(timing), ...named() }), constant);
    if (counter !== undefined) {
      this.#counter = collector.counter(counter.name, { ...optionsOf(counter), ...named('outcome') });
    }
    if (errorCounter !== undefined) {
      this.#errors = collector.counter(errorCounter.name, { ...optionsOf(errorCounter), ...named('error_type') });
    }
    if (inFlight !== undefined)
      this.inFlight = childOf(collector.gauge(inFlight.name, { ...optionsOf(inFlight), ...named() }), constant);
  }

  /** Notes that a call begins; answers the place of its start time, which has to be taken when the method returns. */
  start(): number {
    try {
      if (this.inFlight !== undefined) this.inFlight.increment();
      return keepNow(this.isTimed ? this.clock : undefined);
    } catch {
      // A collector that fails has nobody left to tell, and the call goes on without it.
      return keepNow(undefined);
    }
  }

  /** Notes that a call whose labels are constant has ended well when it returned: the shortest way of `end`. */
  endWell(place: number): void {
    try {
      if (this.timing === undefined) take(place);
      else this.timing.observeElement(takeElapsed(place, this.clock), 0);
      if (this.okCounter !== undefined) this.okCounter.increment();
      else if (this.#counter !== undefined) this.#firstOf('ok').increment();
      if (this.inFlight !== undefined) this.inFlight.decrement();
    } catch {
      // As at the start.
    }
  }

  /** Notes that a call has ended. `call` is needed where labels are made from it. */
  end(startedAt: number, outcome: Outcome, error: unknown, call?: Omit<StartedCall, 'method'>): void {
    try {
      if (this.inFlight !== undefined) this.inFlight.decrement();
      if (outcome === 'thrown' && isRangeError(error)) reserveStack(FRAMES_OF_A_RECORDING);
      if (this.#labelsOf !== undefined && call !== undefined) return this.#endLabelled(startedAt, outcome, error, call);
      if (this.timing !== undefined) this.timing.observe(this.clock.monotonic() - startedAt);
      if (this.#counter !== undefined) (this.#outcomes[outcome] ?? this.#firstOf(outcome)).increment();
      if (outcome !== 'ok' && this.#errors !== undefined) this.#countError(error, this.#labels);
    } catch {
      // As above; in strict mode the recording that was refused has been counted and told already.
    }
  }

  #firstOf(outcome: Outcome): Counter {
    const child = (this.#counter as Counter).labels({ ...this.#labels, outcome });
    this.#outcomes[outcome] = child;
    if (outcome === 'ok') this.okCounter = child;
    return child;
  }

  #endLabelled(startedAt: number, outcome: Outcome, error: unknown, call: Omit<StartedCall, 'method'>): void {
    const durationSeconds = this.clock.monotonic() - startedAt;
    const labels = this.#labelsFor({ ...call, method: this.#method, outcome, error, durationSeconds });
    if (this.timing !== undefined) this.timing.observe(durationSeconds, labels);
    if (this.#counter !== undefined) this.#counter.increment(1, withLabel(labels, 'outcome', outcome));
    if (outcome !== 'ok' && this.#errors !== undefined) this.#countError(error, labels);
  }

  /** Labels that cannot be made are refused, counted and told by the instrument, as any unfit ones. */
  #labelsFor(call: EndedCall): LabelValues {
    try {
      return (this.#labelsOf as (call: EndedCall) => LabelValues)(call);
    } catch {
      return null as never;
    }
  }

  #countError(error: unknown, labels: LabelValues): void {
    this.#errors?.increment(1, withLabel(labels, 'error_type', this.#errorTypes.of(error)));
  }
}

/** Whether the stack may have overflowed; by its name, because it may be of another realm. */
function isRangeError(error: unknown): boolean {
  return (error as { name?: unknown } | null | undefined)?.name === 'RangeError';
}

/**
 * Throws where the stack is about to end, as it is for the innermost calls after an overflow, before a recording is begun that would
 * break off in the middle of starting a series. Those calls are not counted.
 */
function reserveStack(frames: number): number {
  return frames === 0 ? 0 : 1 + reserveStack(frames - 1);
}

function childOf<I extends Histogram | Gauge>(instrument: I, labels: LabelValues): I {
  return Object.keys(labels).length === 0 ? instrument : (instrument.labels(labels) as I);
}

function withLabel(labels: LabelValues, name: string, value: string): LabelValues {
  return labels === null ? labels : { ...labels, [name]: value };
}

function optionsOf({ name: _, ...options }: TimingOptions): Omit<TimingOptions, 'name'> {
  return options;
}
