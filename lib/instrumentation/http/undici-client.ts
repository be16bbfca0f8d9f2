// Requests of undici, which is also what `fetch` is made of. The channels are documented by undici, the one in Node and the
// one from the registry alike.
import { subscribeAll } from './channels.js';
import type { Call, HttpClientMetrics } from './client-metrics.js';

interface UndiciRequest {
  readonly method?: string;
  readonly origin?: string | URL;
  readonly upgrade?: unknown;
}

/** Origins are few; a program that asks the whole web must not keep it. */
const MOST_ORIGINS = 1000;

/** Answers what ends the watching. */
export function watchUndici(metrics: HttpClientMetrics): () => void {
  const calls = new WeakMap<UndiciRequest, Call>();
  const statuses = new WeakMap<UndiciRequest, number>();
  const hostOf = hosts();
  return subscribeAll<{ request: UndiciRequest; response: { statusCode: number }; error: unknown }>({
    'undici:request:create': ({ request }) => {
      // After its head, an upgraded connection is no request any more, and nobody would announce an end.
      if (request.upgrade || request.method === 'CONNECT') return;
      calls.set(request, metrics.begin(request.method, hostOf(request.origin)));
    },
    'undici:request:headers': ({ request, response }) => {
      statuses.set(request, response.statusCode);
    },
    'undici:request:trailers': ({ request }) => {
      const call = calls.get(request);
      if (call !== undefined) metrics.succeed(call, statuses.get(request) ?? 0);
    },
    'undici:request:error': ({ request, error }) => {
      const call = calls.get(request);
      if (call !== undefined) metrics.fail(call, error);
    },
  });
}

function hosts(): (origin: string | URL | undefined) => string {
  const known = new Map<string, string>();
  return (origin) => {
    if (typeof origin !== 'string') return origin?.host ?? '';
    let host = known.get(origin);
    if (host === undefined) {
      host = URL.canParse(origin) ? new URL(origin).host : '';
      if (known.size < MOST_ORIGINS) known.set(origin, host);
    }
    return host;
  };
}
