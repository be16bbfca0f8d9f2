// Which request to the stand-alone server gets which answer: credentials first, then the metrics, mounted routes, the page
// at `/`, and 404. Apart from the server, which is about listening and ending.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsCollector } from '../collector.js';
import { guardOf } from './authorization.js';
import { metricsHandler, type NodeHandler } from './node-handler.js';
import { cut, deliver } from './node-response.js';
import type { MetricsHandlerOptions } from './options.js';
import { checkedRoutes, landingPage, pathnameOf, type Route, routeFor } from './routes.js';
import { methodNotAllowed, type ScrapeAnswer, textAnswer, unauthorized } from './scrape-answer.js';

export interface ListenerOptions extends MetricsHandlerOptions {
  /** Where the metrics are. Default: /metrics. */
  readonly path?: string;
  /** What else is mounted. `auth` holds for all of it. */
  readonly routes?: readonly Route[];
}

const PAGE_HEADERS = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" };

export function serverListener(collector: MetricsCollector, options: ListenerOptions): NodeHandler {
  const { path = '/metrics', routes = [] } = options;
  const metrics = metricsHandler(collector, options);
  const page = landingPage(checkedRoutes([{ path, title: 'Metrics', handle: metrics }, ...routes]));
  const guard = guardOf(options.auth);
  return (request, response) => {
    const pathname = pathnameOf(request.url ?? '/');
    // The handler of the metrics asks for credentials by itself, and counts who has none.
    if (pathname === path) return metrics(request, response);
    if (guard?.admits(request.headers.authorization) === false) return answer(unauthorized(guard), response);
    const route = routeFor(routes, pathname);
    if (route !== undefined) return mount(route, request, response);
    answer(pathname === '/' ? pageAnswer(page, request.method) : nothingHere(path), response);
  };
}

/** A mounted handler that fails costs its own request, never the process. */
async function mount(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route.handle(request, response);
  } catch {
    if (response.headersSent) cut(response);
    else answer(textAnswer(500, `The handler of ${route.path} failed.`), response);
  }
}

function answer(content: ScrapeAnswer, response: ServerResponse): void {
  deliver(content, response).catch(() => cut(response));
}

function pageAnswer(page: string, method: string | undefined): ScrapeAnswer {
  return method === 'GET' || method === 'HEAD' ? textAnswer(200, page, PAGE_HEADERS) : methodNotAllowed();
}

function nothingHere(path: string): ScrapeAnswer {
  return textAnswer(404, `There is nothing at this path. The metrics are at ${path}.`);
}
