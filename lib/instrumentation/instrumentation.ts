// What all instrumentation has in common: which collector it records into, and that it can be taken away again.
import type { MetricsCollector } from '../collector.js';
import { getMetricsCollector } from '../global.js';

/**
 * Something that measures until it is told to stop. Who measures the same thing for the same collector and under the same name once more
 * joins what is measured already, and nothing is counted twice: the last `remove()` ends it.
 */
export interface Instrumentation {
  /**
   * Ends the measuring. Counters and histograms stay as they are; gauges that are read at each scrape go from the exposition.
   * Calling it again is harmless.
   */
  remove(): void;
}

export interface InstrumentationOptions {
  /** Default: that of the process, as it is when the instrumentation is set up. */
  readonly collector?: MetricsCollector;
}

export function collectorOf({ collector }: InstrumentationOptions): MetricsCollector {
  return collector ?? getMetricsCollector();
}
