// The handler for servers that speak fetch: Hono, Deno, Bun, Next. Apart from the one for node:http because a web stream is
// pulled by its reader, and nobody says when bytes have left: chunks are not used again here.
import type { MetricsCollector } from '../collector.js';
import type { MetricsHandlerOptions } from './options.js';
import type { ScrapeBody } from './scrape-body.js';
import { Scraper } from './scraper.js';

export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * The handler of {@link metricsHandler} for fetch-style servers: a request in, a response out, whatever the path. The
 * body is made as it is read. Never rejects.
 *
 * @throws MetricDefinitionError `invalid_option` for options that cannot work.
 *
 * @example
 * const answer = fetchMetricsHandler(metrics);
 * app.get('/metrics', (context) => answer(context.req.raw));   // Hono
 * // # TYPE http_requests_total counter
 * // http_requests_total{method="GET"} 1
 */
export function fetchMetricsHandler(collector: MetricsCollector, options: MetricsHandlerOptions = {}): FetchHandler {
  const scraper = new Scraper(collector, options);
  return async (request) => {
    const { status, headers, body } = await scraper.answer({
      method: request.method,
      header: (name) => request.headers.get(name) ?? undefined,
      signal: request.signal,
      releases: false,
    });
    return new Response(typeof body === 'object' ? streamOf(body) : (body ?? null), { status, headers });
  };
}

function streamOf(body: ScrapeBody): ReadableStream<Uint8Array> {
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const piece = await body.next();
    // Nobody says when the bytes have left: handed out is as far as can be seen.
    body.finish();
    if (piece === undefined) controller.close();
    else controller.enqueue(piece);
  };
  // Nothing is made ahead of the reader: a slow one would pay with memory for being slow.
  return new ReadableStream({ pull, cancel: () => body.abandon() }, { highWaterMark: 0 });
}
