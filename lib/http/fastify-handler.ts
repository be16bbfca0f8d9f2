// The handler for Fastify. It takes over the raw response, so that chunks are used again and back-pressure is the same as
// everywhere. Fastify is no dependency: the few members that are needed are declared here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsCollector } from '../collector.js';
import { metricsHandler } from './node-handler.js';
import type { MetricsHandlerOptions } from './options.js';

/** What is needed of a FastifyRequest. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
}

/** What is needed of a FastifyReply. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>;
}

export type FastifyHandler = (request: FastifyRequestLike, reply: FastifyReplyLike) => void;

/**
 * The handler of {@link metricsHandler} for a Fastify route. Headers that hooks have set so far are sent too; `onSend`
 * hooks do not run, because the answer never passes through Fastify. Fastify itself answers HEAD and other methods as the
 * route says: with `app.get` other methods are a 404, with `app.all` a 405.
 *
 * @throws MetricDefinitionError `invalid_option` for options that cannot work.
 *
 * @example
 * app.get('/metrics', fastifyMetricsHandler(metrics));
 * // # TYPE http_requests_total counter
 * // http_requests_total{method="GET"} 1
 */
export function fastifyMetricsHandler(
  collector: MetricsCollector,
  options: MetricsHandlerOptions = {},
): FastifyHandler {
  const handle = metricsHandler(collector, options);
  return (request, reply) => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    handle(request.raw, reply.raw);
  };
}
