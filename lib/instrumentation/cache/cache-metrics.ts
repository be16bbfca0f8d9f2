// The metrics of caches, bound to one cache's name.
import type { Clock } from '../../clock.js';
import type { MetricsCollector } from '../../collector.js';

export type CacheMetrics = ReturnType<typeof cacheMetrics>;

export function cacheMetrics(collector: MetricsCollector, cache: string) {
  const labelNames = ['cache'] as const;
  const labels = { cache };
  const counter = (name: string, description: string) =>
    collector.counter(name, { description, labelNames }).labels(labels);
  const hits = counter('cache_hits_total', 'Look-ups that found what they looked for.');
  const misses = counter('cache_misses_total', 'Look-ups that found nothing.');
  const failures = counter('cache_load_errors_total', 'Loads that failed.');
  const loads = collector
    .histogram('cache_load_duration_seconds', { description: 'Time that loads took, failed ones too.', labelNames })
    .labels(labels);
  return {
    entries: collector.gauge('cache_entries', { description: 'Entries in the cache.', labelNames }),
    lookedUp: (hit: boolean) => (hit ? hits : misses).increment(),
    /** Times what is being loaded since `begun`. What comes back settles alike. */
    async timed<Value>(load: Promise<Value>, clock: Clock, begun: number): Promise<Value> {
      try {
        return await load;
      } catch (error) {
        failures.increment();
        throw error;
      } finally {
        loads.observe(clock.monotonic() - begun);
      }
    },
  };
}
