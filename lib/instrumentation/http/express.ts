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
  [MATCH]?: Watched;
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
 * @throws MetricDefinitionError `invalid_option`, `invalid_buckets`, or `family_conflict` where a name is taken.
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
      const match = watchRoute(request);
      metrics.begin(request, response, () => routeOption(options, given) ?? routes.patternOf(match));
    }
    next();
  };
  return Object.assign(middleware, { remove: () => metrics.remove() });
}

const MATCH = Symbol('telltale.match');

/** What Express has matched of a request so far. */
class Watched implements RouteMatch {
  readonly root: ExpressApp | undefined;
  route: object | undefined;
  baseUrl = '';
  app: ExpressApp | undefined;
  /** What the request itself shows as its route. */
  shown: unknown;

  constructor({ app, route }: ExpressRequest) {
    this.root = app;
    this.shown = route;
  }
}

/** One for all requests: accessors of their own would make each of them an object of a kind of its own, which is slow. */
const NOTED_ROUTE: PropertyDescriptor & ThisType<ExpressRequest> = {
  configurable: true,
  enumerable: true,
  get() {
    return this[MATCH]?.shown;
  },
  set(route: unknown) {
    const match = this[MATCH];
    if (match === undefined) return;
    match.shown = route;
    if (typeof route !== 'object' || route === null) return;
    match.route = route;
    match.baseUrl = this.baseUrl ?? '';
    match.app = this.app;
  },
};

/**
 * Sees what Express matches. By the time a response has ended, an error may have led the request out of its router again,
 * and nothing of Express says any more where that was: so the place is noted when the route is.
 */
function watchRoute(request: ExpressRequest): RouteMatch {
  const known = request[MATCH];
  if (known !== undefined) return known;
  const match = new Watched(request);
  request[MATCH] = match;
  Object.defineProperty(request, 'route', NOTED_ROUTE);
  return match;
}
