// The middleware for Express 4 and 5, and for NestJS on Express. Express is no dependency: what is needed of its requests is
// declared here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instrumentation } from '../instrumentation.js';
import { ignores, routeOption } from './callbacks.js';
import { type ExpressApp, ExpressRoutes, type RouteMatch } from './express-routes.js';
import { HttpServerMetrics } from './server-metrics.js';
import type { HttpServerOptions } from './server-options.js';

export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

interface ExpressRequest extends IncomingMessage {
  route?: unknown;
  baseUrl?: string;
  app?: ExpressApp;
}

/**
 * Measures the requests of an Express application. Mount it first: what runs before it is not part of the duration. The
 * route is the pattern with those of the routers and applications that it is mounted in (`/tenants/:tenant/users/:id`).
 * Requests that no route took are `unmatched`, also those that a middleware answered. What is mounted where it cannot be
 * seen, in a function that calls a router by itself, has `/*` for its prefix.
 *
 * In NestJS on Express it is `app.use(expressMetrics())`. What is counted as what, and the cost, is as of
 * {@link instrumentHttpServer}.
 *
 * @throws MetricDefinitionError for options that cannot work.
 *
 * @example
 * app.use(expressMetrics());
 * // http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 1
 */
export function expressMetrics<Request extends IncomingMessage = IncomingMessage>(
  options: HttpServerOptions<Request> = {},
): ExpressMiddleware & Instrumentation {
  const metrics = new HttpServerMetrics(options);
  const routes = new ExpressRoutes();
  const middleware: ExpressMiddleware = (request, response, next) => {
    const given = request as Request;
    if (!metrics.removed && !ignores(options, given)) {
      const matchOf = watchRoute(request);
      metrics.begin(request, response, () => routeOption(options, given) ?? routes.patternOf(matchOf()));
    }
    next();
  };
  return Object.assign(middleware, { remove: () => metrics.remove() });
}

/**
 * Sees what Express matches. By the time a response has ended, an error may have led the request out of its router again,
 * and nothing of Express says any more where that was: so the place is noted when the route is.
 */
function watchRoute(request: ExpressRequest): () => RouteMatch | undefined {
  const root = request.app;
  let match: RouteMatch | undefined;
  let value = request.route;
  Object.defineProperty(request, 'route', {
    configurable: true,
    enumerable: true,
    get: () => value,
    set: (route: unknown) => {
      value = route;
      if (typeof route !== 'object' || route === null) return;
      match = { route, baseUrl: request.baseUrl ?? '', app: request.app, root };
    },
  });
  return () => match;
}
