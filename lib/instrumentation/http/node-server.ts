// Measures a server of node:http, node:https or node:http2, whatever answers its requests.
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Instrumentation } from '../instrumentation.js';
import { ignores, routeOption } from './callbacks.js';
import { HttpServerMetrics } from './server-metrics.js';
import type { HttpServerOptions } from './server-options.js';

/**
 * Measures every request of a server by its `request` event: duration, size of both bodies, and how many are in flight.
 * Upgrades, CONNECT and what is no HTTP are no requests. A server of node:http knows no routes: without the option `route`
 * they are all `unmatched`. A framework's middleware further in adds the route, and nothing is counted twice.
 *
 * A request is counted once: with the status of its response; with 499 when the client left before its end, 500 when this
 * side broke it off, 408 or 400 when Node refused the rest of it. Of a server of node:http2 those requests are measured that come
 * as its `request` event, with a request and a response; a response has the size that its `Content-Length` declares.
 *
 * Cost: about 2 µs a request.
 *
 * @throws MetricDefinitionError `invalid_option`, `invalid_buckets`, or `family_conflict` where a name is taken.
 *
 * @example
 * const server = createServer(listener).listen(8080);
 * const measuring = instrumentHttpServer(server, { route: (request) => patternOf(request.url) });
 * // http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 1
 * // http_requests_in_flight 0
 */
export function instrumentHttpServer(
  server: Server | HttpsServer | Http2Server | Http2SecureServer,
  options: HttpServerOptions<IncomingMessage> = {},
): Instrumentation {
  const metrics = new HttpServerMetrics(options);
  // The requests and responses of HTTP/2 are those of HTTP/1 in all that is used here.
  const events: EventEmitter = server;
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    if (!ignores(options, request)) metrics.begin(request, response, () => routeOption(options, request));
  };
  // Before the listeners that answer: their time counts.
  events.prependListener('request', begin);
  return {
    remove: () => {
      events.off('request', begin);
      metrics.remove();
    },
  };
}
