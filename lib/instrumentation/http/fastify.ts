// The plugin for Fastify 5, and for NestJS on Fastify. Fastify is no dependency: what is needed of it is declared here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instrumentation } from '../instrumentation.js';
import { ignores, routeOption } from './callbacks.js';
import { HttpServerMetrics } from './server-metrics.js';
import type { HttpServerOptions } from './server-options.js';

/** What is needed of a FastifyRequest. */
export interface MeasuredFastifyRequest {
  readonly raw: IncomingMessage;
  readonly routeOptions: { readonly url?: string | undefined };
  readonly is404: boolean;
}

/** What is needed of a FastifyReply. */
export interface MeasuredFastifyReply {
  readonly raw: ServerResponse;
}

type OnRequest = (request: MeasuredFastifyRequest, reply: MeasuredFastifyReply, done: () => void) => void;

/** What is needed of a FastifyInstance. */
export interface MeasuredFastify {
  addHook(name: 'onRequest', hook: OnRequest): unknown;
}

export type FastifyMetricsPlugin = (app: MeasuredFastify, options: unknown, done: () => void) => void;

/**
 * Measures the requests of a Fastify server, by its `onRequest` hook: register it before the routes. It holds for the whole
 * server, as if it were made with fastify-plugin. The route is the pattern with the prefixes of the plugins around it;
 * requests that no route took are `unmatched`.
 *
 * In NestJS on Fastify it is `await app.register(fastifyMetrics())`. What is counted as what is as of
 * {@link instrumentHttpServer}.
 *
 * @throws MetricDefinitionError `invalid_option`, `invalid_buckets`, or `family_conflict` where a name is taken.
 *
 * @example
 * await app.register(fastifyMetrics());
 * // http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 1
 */
export function fastifyMetrics<Request extends MeasuredFastifyRequest = MeasuredFastifyRequest>(
  options: HttpServerOptions<Request> = {},
): FastifyMetricsPlugin & Instrumentation {
  const metrics = new HttpServerMetrics(options);
  const hook: OnRequest = (request, reply, done) => {
    const given = request as Request;
    if (!metrics.removed && !ignores(options, given)) {
      metrics.begin(request.raw, reply.raw, () => routeOption(options, given) ?? patternOf(request));
    }
    done();
  };
  const plugin: FastifyMetricsPlugin = (app, _options, done) => {
    app.addHook('onRequest', hook);
    done();
  };
  return Object.assign(plugin, {
    remove: () => metrics.remove(),
    // What fastify-plugin does: the hook belongs to the server, and not to a scope of its own.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'telltale-metrics',
  });
}

function patternOf({ is404, routeOptions }: MeasuredFastifyRequest): string | undefined {
  return is404 ? undefined : routeOptions.url;
}
