// The handler for node:http, which is also the one for Express and Connect: turns a request into the facts that the core
// asks for, and hands its answer to the response.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsCollector } from '../collector.js';
import { cut, deliver } from './node-response.js';
import type { MetricsHandlerOptions } from './options.js';
import { Scraper } from './scraper.js';

/** A request listener of node:http. Express and Connect call it with a third argument, which it does not need. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers requests with the collector's metrics, whatever their path: mount it where they shall be. It is no place to
 * record anything, and none to change metrics: every answer is made from the values of that moment.
 *
 * GET is answered in the format and encoding that the request asks for (Prometheus text or OpenMetrics, gzip or not), in
 * pieces, so that large scrapes neither hold the event loop nor wait in memory. HEAD is answered without collecting.
 * Failures are whole answers of one line of text: 401 without the right credentials, 405 for other methods, 503 when too
 * many scrapes run or collecting takes longer than the scraper waits, 500 when encoding failed. Should that happen
 * after the first bytes have left, the connection is cut, so that no part can pass for the whole.
 *
 * @throws MetricDefinitionError `invalid_option` for options that cannot work.
 *
 * @example
 * createServer(metricsHandler(metrics)).listen(9464);
 * app.get('/metrics', metricsHandler(metrics));   // Express
 * // # TYPE http_requests_total counter
 * // http_requests_total{method="GET"} 1
 */
export function metricsHandler(collector: MetricsCollector, options: MetricsHandlerOptions = {}): NodeHandler {
  return nodeHandlerOf(new Scraper(collector, options));
}

/** As {@link metricsHandler}, over a core that exists already. */
export function nodeHandlerOf(scraper: Scraper): NodeHandler {
  return (request, response) => {
    respond(scraper, request, response).catch(() => cut(response));
  };
}

async function respond(scraper: Scraper, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await turnOf(request, response);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (response.destroyed) gone.abort();
  const answer = await scraper.answer({
    method: request.method ?? 'GET',
    header: (name) => textOf(request.headers[name]),
    signal: gone.signal,
    releases: true,
  });
  await deliver(answer, response);
}

/**
 * A request that was sent before the answer to an earlier one on the same connection waits for its turn: until then its
 * response has no socket, and would not hear of a client that leaves.
 */
function turnOf(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
  if (response.socket !== null || request.socket.destroyed) return undefined;
  return new Promise((resolve) => response.once('socket', () => resolve()));
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
