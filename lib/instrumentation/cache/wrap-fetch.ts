// The `fetch` of an lru-cache that loads by itself. Whether it has to load, the cache says in the `status` object that a call may
// bring with it; one is brought along where the caller brings none.
import type { Clock } from '../../clock.js';
import { patchMethod } from '../adapters/patch-method.js';
import type { CacheMetrics } from './cache-metrics.js';

interface FetchStatus {
  readonly fetch?: 'inflight' | 'miss' | 'hit' | 'stale' | 'refresh';
  readonly returnedStale?: boolean;
}

export interface FetchWrapping {
  readonly metrics: CacheMetrics;
  readonly clock: Clock;
}

/** Answers how to take the wrapper away; nothing for caches without a `fetch` of this kind. */
export function wrapFetch(cache: object, wrapping: FetchWrapping): (() => void)[] {
  const { fetch, fetchMethod } = cache as { readonly fetch?: unknown; readonly fetchMethod?: unknown };
  if (typeof fetch !== 'function' || typeof fetchMethod !== 'function') return [];
  const { metrics, clock } = wrapping;
  const undo = patchMethod(
    cache as { fetch: unknown },
    'fetch',
    (original) =>
      function (key, given, ...rest) {
        const { status = {} } = (given ?? {}) as { readonly status?: FetchStatus };
        const begun = clock.monotonic();
        const answer = original.call(
          this,
          key,
          { ...(given as object | undefined), status },
          ...rest,
        ) as Promise<unknown>;
        const found = status.fetch === 'hit' || status.returnedStale === true;
        metrics.lookedUp(found);
        // Who joins a load that is under way does not load.
        return found || status.fetch === 'inflight' ? answer : metrics.timed(answer, clock, begun);
      },
  );
  return [undo];
}
