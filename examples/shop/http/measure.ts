// Measures every request from its arrival until its answer has left, whatever happens in between. Apart from the server
// because this is all that it takes: one call, and one field that the router fills in.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ShopMetrics } from '../metrics.js';

/** What a request is counted under as long as no route is known: one value for all the paths that scanners try. */
export const UNMATCHED_ROUTE = 'unmatched';
/** The client left before it had its answer. Never sent. */
const CLIENT_LEFT = 499;
/** HTTP knows dozens of methods, and a label should know few. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A request that is being measured. */
export interface Visit {
  /** The pattern of the route. To be set before the answer is sent. */
  route: string;
}

export function measure(metrics: ShopMetrics, request: IncomingMessage, response: ServerResponse): Visit {
  const visit: Visit = { route: UNMATCHED_ROUTE };
  const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other';
  const stopTimer = metrics.requestDuration.startTimer({ method });
  metrics.requestsInFlight.increment();
  // Unlike "finish", "close" also comes when the client leaves early.
  response.once('close', () => {
    const status_code = response.writableFinished ? response.statusCode : CLIENT_LEFT;
    const seconds = stopTimer({ route: visit.route, status_code });
    metrics.requests.increment(1, { method, route: visit.route, status_code });
    metrics.recentResponseTime.observe(seconds);
    metrics.requestsInFlight.decrement();
  });
  return visit;
}
