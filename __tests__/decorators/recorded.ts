// A collector for the tests of decorators that is that of the process for the time of a test, and what was recorded in it.
import { MetricsCollector, setMetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';

export interface Recorded {
  readonly metrics: MetricsCollector;
  readonly clock: ManualClock;
  /** Every sample line of the exposition, buckets and telltale's own left out. */
  lines(): Promise<string[]>;
}

/** Call it in `beforeEach`; a new collector takes the place of the one before. */
export function recordAnew(): Recorded {
  const clock = new ManualClock();
  const metrics = new MetricsCollector({ clock });
  setMetricsCollector(metrics);
  return {
    metrics,
    clock,
    lines: async () => {
      const text = await metrics.expose();
      return text.split('\n').filter((line) => /^(?!#|telltale_|\w+_bucket)./.test(line));
    },
  };
}
