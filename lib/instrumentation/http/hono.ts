// The middleware for Hono. On Node, with @hono/node-server, the response of Node says when all has been sent and whether the
// client stayed; elsewhere a request ends for us when its handler has answered.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instrumentation } from '../instrumentation.js';
import { hasNoBody, lengthOf } from './body-sizes.js';
import { ignores, routeOption } from './callbacks.js';
import { HttpServerMetrics } from './server-metrics.js';
import type { HttpServerOptions } from './server-options.js';

interface HonoRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: unknown;
}

/** What is needed of a context. */
export interface MeasuredHonoContext {
  readonly env: unknown;
  readonly req: {
    readonly method: string;
    readonly matchedRoutes: readonly HonoRoute[];
    readonly routeIndex: number;
    header(name: string): string | undefined;
  };
  readonly res: { readonly status: number; readonly headers: { get(name: string): string | null } };
}

export type HonoMiddleware<Context> = (context: Context, next: () => Promise<void>) => Promise<void>;

/**
 * Measures the requests of a Hono application. Use it first, for all paths: `app.use(honoMetrics())`. The route is the
 * pattern with the base paths around it; requests that no handler took are `unmatched`. With @hono/node-server everything is
 * counted as {@link instrumentHttpServer} does. Elsewhere the duration ends when the handler has answered, sizes are those
 * of the `Content-Length` headers, and nobody tells whether the client left.
 *
 * @throws MetricDefinitionError `invalid_option`, `invalid_buckets`, or `family_conflict` where a name is taken.
 *
 * @example
 * app.use(honoMetrics());
 * // http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 1
 */
export function honoMetrics<Context extends MeasuredHonoContext = MeasuredHonoContext>(
  options: HttpServerOptions<Context> = {},
): HonoMiddleware<Context> & Instrumentation {
  const metrics = new HttpServerMetrics(options);
  const routeOf = (context: Context) => routeOption(options, context) ?? patternOf(context);
  const middleware: HonoMiddleware<Context> = async (context, next) => {
    if (metrics.removed || ignores(options, context)) return next();
    const node = nodeOf(context.env);
    if (node === undefined) return unseen(metrics, { context, next, routeOf: () => routeOf(context) });
    // What the handler is shows when it has been reached: a response may end long after that.
    metrics.begin(node.incoming, node.outgoing, () => routeOf(context));
    return next();
  };
  return Object.assign(middleware, { remove: () => metrics.remove() });
}

interface Unseen {
  readonly context: MeasuredHonoContext;
  readonly next: () => Promise<void>;
  readonly routeOf: () => string | undefined;
}

async function unseen(metrics: HttpServerMetrics, { context, next, routeOf }: Unseen): Promise<void> {
  const startedAt = metrics.now();
  metrics.beginUnseen();
  let status = 500;
  try {
    await next();
    status = context.res.status;
  } finally {
    metrics.endUnseen({
      method: context.req.method,
      route: routeOf(),
      status,
      startedAt,
      requestBytes: lengthOf(context.req.header('content-length')),
      responseBytes: hasNoBody(context.req.method, status) ? 0 : lengthOf(context.res.headers.get('content-length')),
    });
  }
}

interface NodeBindings {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

function nodeOf(env: unknown): NodeBindings | undefined {
  const { incoming, outgoing } = (env ?? {}) as Partial<NodeBindings>;
  return incoming === undefined || outgoing === undefined ? undefined : { incoming, outgoing };
}

/** The innermost handler that was reached. A middleware that answered by itself is no route. */
function patternOf({ req }: MeasuredHonoContext): string | undefined {
  const route = req.matchedRoutes[req.routeIndex];
  return route === undefined || isMiddleware(route) ? undefined : route.path;
}

/** Hono does not tell `use` from `all`; like its own tools, we take what asks for `next` for a middleware. */
function isMiddleware({ method, handler }: HonoRoute): boolean {
  return method === 'ALL' && typeof handler === 'function' && innermost(handler).length > 1;
}

/** The handlers of mounted applications are wrapped in those that catch their errors. */
function innermost(handler: { readonly length: number }): { readonly length: number } {
  const { __COMPOSED_HANDLER: inner } = handler as { readonly __COMPOSED_HANDLER?: unknown };
  return typeof inner === 'function' ? innermost(inner) : handler;
}
