// The entry point `telltale/instrumentation`: one call for each of the things that services are made of.

export {
  type AdapterOptions,
  type BreakerState,
  type CallOutcome,
  type EventedBreaker,
  type InstrumentedBreaker,
  instrumentCircuitBreaker,
  type StatedBreaker,
} from './adapters/circuit-breaker.js';
export { type InstrumentedQueue, instrumentQueue, type QueuedTask, type QueueLike } from './adapters/queue.js';
export { instrumentRateLimiter, type RateLimiterOptions } from './adapters/rate-limiter.js';
export { countEvictions, type EvictionOptions } from './cache/count-evictions.js';
export {
  type CacheLike,
  type CacheOptions,
  type InstrumentedCache,
  instrumentCache,
} from './cache/instrument-cache.js';
export { instrumentHttpClient } from './http/client.js';
export type { HttpClientOptions } from './http/client-metrics.js';
export { type ExpressMiddleware, expressMetrics } from './http/express.js';
export { type FastifyMetricsPlugin, fastifyMetrics } from './http/fastify.js';
export { type HonoMiddleware, honoMetrics } from './http/hono.js';
export { type KoaMiddleware, koaMetrics } from './http/koa.js';
export { instrumentHttpServer } from './http/node-server.js';
export type { HttpServerOptions } from './http/server-options.js';
export type { Instrumentation, InstrumentationOptions } from './instrumentation.js';
export { type CountedLogs, countLogs, type PinoLogMethod } from './logging/count-logs.js';
export { type LoggedError, type RateLimitedLoggerOptions, rateLimitedLogger } from './logging/rate-limited-logger.js';
export { type GenericPoolLike, instrumentPool, type PgPoolLike, type PoolOptions } from './pool/instrument-pool.js';
export { instrumentProcess, type ProcessOptions } from './process/instrument-process.js';
export { instrumentTcpServer, type TcpServerOptions } from './tcp/instrument-tcp-server.js';
