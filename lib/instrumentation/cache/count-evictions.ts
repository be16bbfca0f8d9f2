// Evictions are known to the cache alone, which tells them to a function that it is given when it is made.
import { collectorOf, type InstrumentationOptions } from '../instrumentation.js';

export interface EvictionOptions extends InstrumentationOptions {
  /** The value of the label `cache`; the same as of `instrumentCache`. */
  readonly name: string;
}

/** Why an entry went, as caches say it; what was replaced or deleted on purpose was not evicted. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['evict', 'size'],
  ['expire', 'expired'],
]);

/**
 * Makes a function for the option `dispose` of an lru-cache, which counts what the cache gave up because it was full or old. What
 * was replaced or deleted is not counted.
 *
 * @throws MetricDefinitionError `family_conflict` where the name is taken.
 * @example
 * new LRUCache({ max: 1000, dispose: countEvictions({ name: 'users' }) });
 * // cache_evictions_total{cache="users",reason="size"} 12
 */
export function countEvictions(
  options: EvictionOptions,
): (value: unknown, key: unknown, reason: 'evict' | 'set' | 'delete' | 'expire' | 'fetch') => void {
  const { name } = options;
  const evictions = collectorOf(options)
    .counter('cache_evictions_total', {
      description: 'Entries that the cache gave up, because it was full or they were too old.',
      labelNames: ['cache', 'reason'],
    })
    .labels({ cache: name });
  return (_value, _key, given) => {
    const reason = REASONS.get(given);
    if (reason !== undefined) evictions.increment(1, { reason });
  };
}
