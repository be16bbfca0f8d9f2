// A collector for tests: its time stands still, and what it would count quietly it throws.
import type { CollectorOptions } from '../collector/options.js';
import { MetricsCollector } from '../collector.js';
import { ManualClock } from './manual-clock.js';

export interface TestCollector {
  readonly metrics: MetricsCollector;
  /** Moves the time of the collector. */
  readonly clock: ManualClock;
}

/**
 * A strict collector with a clock that only the test moves.
 *
 * @example
 * const { metrics, clock } = newTestCollector();
 * clock.advance(5);
 */
export function newTestCollector(options: Omit<CollectorOptions, 'clock'> = {}): TestCollector {
  const clock = new ManualClock();
  return { clock, metrics: new MetricsCollector({ strict: true, ...options, clock }) };
}
