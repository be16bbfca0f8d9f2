// The collector of the process, and one-line helpers that record by name. It hangs on a registered symbol, so that two
// copies of the package in one process (ESM and CommonJS, or two versions) still share it.
import { MetricsCollector } from './collector.js';

type HelperLabels = Readonly<Record<string, string | number | boolean>>;

const KEY = Symbol.for('telltale.collector');
const store = globalThis as { [KEY]?: MetricsCollector };

/** The collector of the process, made at the first call unless one was set. */
export function getMetricsCollector(): MetricsCollector {
  store[KEY] ??= new MetricsCollector();
  return store[KEY];
}

/** Makes a collector that of the process, or with undefined lets the next use make a new one. Set it before it is first used. */
export function setMetricsCollector(collector: MetricsCollector | undefined): void {
  if (collector === undefined) delete store[KEY];
  else store[KEY] = collector;
}

/**
 * Adds to a counter of the process's collector, which is made if need be. Never throws: a name that is invalid or taken
 * by another type is a dropped recording. Cost: a look-up of the name (10 ns) above the instrument's own.
 *
 * @example
 * recordCounter('orders_total', 1, { shop: 'north' });
 * // orders_total{shop="north"} 1
 */
export function recordCounter(name: string, amount = 1, labels?: HelperLabels): void {
  const metrics = getMetricsCollector();
  try {
    metrics.counter(name).increment(amount, labels);
  } catch (error) {
    metrics.dropUndefined(error);
  }
}

/** Sets a gauge of the process's collector; as `recordCounter`. */
export function recordGauge(name: string, value: number, labels?: HelperLabels): void {
  const metrics = getMetricsCollector();
  try {
    metrics.gauge(name).set(value, labels);
  } catch (error) {
    metrics.dropUndefined(error);
  }
}

/** Observes into a histogram with the default buckets of the process's collector; as `recordCounter`. */
export function recordHistogram(name: string, value: number, labels?: HelperLabels): void {
  const metrics = getMetricsCollector();
  try {
    metrics.histogram(name).observe(value, labels);
  } catch (error) {
    metrics.dropUndefined(error);
  }
}

/** Observes into a summary of the process's collector; as `recordCounter`. */
export function recordSummary(name: string, value: number, labels?: HelperLabels): void {
  const metrics = getMetricsCollector();
  try {
    metrics.summary(name).observe(value, labels);
  } catch (error) {
    metrics.dropUndefined(error);
  }
}
