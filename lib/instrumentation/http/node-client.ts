// Requests of node:http and node:https. The channels tell the beginning and most failures; the end of a response is no
// channel's matter, and comes as the `close` of the request.
import type { ClientRequest, IncomingMessage } from 'node:http';
import { subscribeAll } from './channels.js';
import type { Call, HttpClientMetrics } from './client-metrics.js';

type Sent = ClientRequest & { readonly res?: IncomingMessage | null };

/** Answers what ends the watching. */
export function watchNodeClient(metrics: HttpClientMetrics): () => void {
  const calls = new WeakMap<ClientRequest, Call>();
  const errors = new WeakMap<ClientRequest, unknown>();
  const listening = new Map<ClientRequest, () => void>();
  const unsubscribe = subscribeAll<{ request: Sent; error: unknown }>({
    'http.client.request.start': ({ request }) => {
      // What was destroyed before it was sent whole has been told by the other channel.
      if (calls.has(request) || request.destroyed || isTunnel(request)) return;
      const call = metrics.begin(request.method, hostOf(request));
      calls.set(request, call);
      const closed = () => {
        listening.delete(request);
        end(metrics, call, { response: request.res, error: errors.get(request) });
      };
      listening.set(request, closed);
      request.once('close', closed);
    },
    'http.client.request.error': ({ request, error }) => {
      errors.set(request, error);
      if (!calls.has(request) && !isTunnel(request)) metrics.failUnsent(request.method, hostOf(request), error);
    },
  });
  return () => {
    unsubscribe();
    for (const [request, closed] of listening) request.off('close', closed);
    listening.clear();
  };
}

interface Outcome {
  readonly response: IncomingMessage | null | undefined;
  readonly error: unknown;
}

function end(metrics: HttpClientMetrics, call: Call, { response, error }: Outcome): void {
  if (response?.complete) return metrics.succeed(call, response.statusCode ?? 0);
  metrics.fail(call, error ?? response?.errored ?? ABORTED);
}

/** Given up by this side, without saying why. */
const ABORTED = { name: 'AbortError' };

/** Its connection goes on as something else. */
function isTunnel(request: ClientRequest): boolean {
  return request.method === 'CONNECT' || request.getHeader('upgrade') !== undefined;
}

/** Where the request was sent to as its sender sees it, with a port that is not the default. */
function hostOf(request: ClientRequest): string {
  const host = request.getHeader('host');
  return typeof host === 'string' ? host : request.host;
}
