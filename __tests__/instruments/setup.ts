// A collector for the instruments' tests: time stands still, and what is dropped or told can be looked at.
import { type CollectorOptions, MetricsCollector, type MetricsError } from 'telltale';
import { ManualClock } from 'telltale/testing';

export interface Setup {
  readonly metrics: MetricsCollector;
  readonly clock: ManualClock;
  readonly told: MetricsError[];
  /** How many recordings were dropped for this reason. */
  dropped(reason: string): number;
  /** Every sample of the exposition, telltale's own left out. */
  lines(format?: 'prometheus' | 'openmetrics'): Promise<string[]>;
}

export function setUp(options: CollectorOptions = {}): Setup {
  const clock = new ManualClock();
  const told: MetricsError[] = [];
  const metrics = new MetricsCollector({ clock, onError: (error) => told.push(error), ...options });
  const drops = metrics.counter('telltale_dropped_recordings_total', { labelNames: ['reason'] });
  return {
    metrics,
    clock,
    told,
    dropped: (reason) => drops.getValue({ reason }),
    lines: async (format = 'prometheus') => {
      const text = await metrics.expose(format);
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('telltale_'));
    },
  };
}
