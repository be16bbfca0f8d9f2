// The decorators that keep one metric each. They differ in nothing but what they record.
import type { CommonOptions, LabelValues, MetricOptions, TimingOptions } from './call.js';
import { type MethodDecorator, methodDecorator } from './method-decorator.js';
import { Monitor } from './monitor.js';
import type { RecordedMetrics } from './recorder.js';
import { wrap } from './wrap.js';

export interface TimedOptions extends TimingOptions, CommonOptions {}

export interface CountedOptions extends MetricOptions, CommonOptions {}

/** Labels are constant: the same ones have to be taken away at the end. */
export interface InFlightOptions extends MetricOptions, Pick<CommonOptions, 'collector'> {
  readonly labels?: LabelValues;
}

/**
 * Observes how long a method takes, in seconds, until what it gives back has settled: a promise, a `ResultAsync`, a generator.
 *
 * Cost: two clock readings and one observation, about 100 ns; no object is made for a method that gives a plain value.
 *
 * @param options - The name of the histogram, or more.
 * @example
 * class Catalogue {
 *   @Timed('catalogue_search_seconds')
 *   async search(text: string): Promise<Product[]> { … }
 * }
 * // catalogue_search_seconds_count 1
 */
export function Timed(options: string | TimedOptions): MethodDecorator {
  return single('Timed', options, (timing) => ({ timing }));
}

/**
 * Counts the calls of a method, with their `outcome`: `ok`, `err` for an `Err` that came back, `thrown` for a throw or a rejection.
 *
 * @param options - The name of the counter, or more.
 * @example
 * class Orders {
 *   @Counted('orders_placed_total')
 *   place(order: Order): Result<Receipt, OrderError> { … }
 * }
 * // orders_placed_total{outcome="err"} 1
 */
export function Counted(options: string | CountedOptions): MethodDecorator {
  return single('Counted', options, (counter) => ({ counter }));
}

/**
 * Counts the calls of a method that fail, with their `error_type`: the error's kind, code, name or class, 20 of them at most. An
 * `Err` counts as well as a throw.
 *
 * @param options - The name of the counter, or more.
 * @example
 * class Payments {
 *   @CountErrors('payment_errors_total')
 *   charge(card: Card): ResultAsync<Receipt, PaymentError> { … }
 * }
 * // payment_errors_total{error_type="card_declined"} 1
 */
export function CountErrors(options: string | CountedOptions): MethodDecorator {
  return single('CountErrors', options, (errorCounter) => ({ errorCounter }));
}

/**
 * Shows how many calls of a method are running. One that never settles stays in it, which is how it is found.
 *
 * @param options - The name of the gauge, or more.
 * @example
 * class Exports {
 *   @TrackInFlight('exports_in_flight')
 *   async run(): Promise<void> { … }
 * }
 * // exports_in_flight 1
 */
export function TrackInFlight(options: string | InFlightOptions): MethodDecorator {
  return single('TrackInFlight', options, (inFlight) => ({ inFlight }));
}

function single(
  decorator: string,
  options: string | CountedOptions,
  metricsOf: (metric: MetricOptions) => RecordedMetrics,
): MethodDecorator {
  const { labels, collector, ...metric }: CountedOptions = typeof options === 'string' ? { name: options } : options;
  return methodDecorator(decorator, ({ method, name }) =>
    wrap(method, new Monitor({ ...metricsOf(metric), labels }, collector, name), undefined),
  );
}
