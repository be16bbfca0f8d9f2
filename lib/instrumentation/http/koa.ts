// The middleware for Koa. Neither Koa nor its router is a dependency: what is needed of a context is declared here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instrumentation } from '../instrumentation.js';
import { ignores, routeOption } from './callbacks.js';
import { watchMatch } from './koa-match.js';
import { HttpServerMetrics } from './server-metrics.js';
import type { HttpServerOptions } from './server-options.js';

/** What is needed of a context. */
export interface MeasuredKoaContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path?: string;
  readonly originalUrl?: string;
}

export type KoaMiddleware<Context> = (context: Context, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * Measures the requests of a Koa application. Use it first: what runs before it is not part of the duration. The route is
 * the pattern that @koa/router has found, with the prefixes of nested routers and of koa-mount; another router needs the
 * option `route`.
 * Requests that no route took are `unmatched`. What is counted as what is as of {@link instrumentHttpServer}.
 *
 * @throws MetricDefinitionError `invalid_option`, `invalid_buckets`, or `family_conflict` where a name is taken.
 *
 * @example
 * app.use(koaMetrics());
 * // http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 1
 */
export function koaMetrics<Context extends MeasuredKoaContext = MeasuredKoaContext>(
  options: HttpServerOptions<Context> = {},
): KoaMiddleware<Context> & Instrumentation {
  const metrics = new HttpServerMetrics(options);
  const middleware: KoaMiddleware<Context> = (context, next) => {
    if (!metrics.removed && !ignores(options, context)) {
      const match = watchMatch(context);
      metrics.begin(context.req, context.res, () => routeOption(options, context) ?? match.pattern);
    }
    return next();
  };
  return Object.assign(middleware, { remove: () => metrics.remove() });
}
