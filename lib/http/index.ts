// The public surface of telltale/http: explicit names, no logic.
export {
  type FastifyHandler,
  type FastifyReplyLike,
  type FastifyRequestLike,
  fastifyMetricsHandler,
} from './fastify-handler.js';
export { type FetchHandler, fetchMetricsHandler } from './fetch-handler.js';
export { type MetricsServer, type MetricsServerOptions, startMetricsServer } from './metrics-server.js';
export { metricsHandler, type NodeHandler } from './node-handler.js';
export type { Credentials, MetricsHandlerOptions } from './options.js';
export type { Route } from './routes.js';
