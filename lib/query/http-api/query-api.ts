// Prometheus' HTTP API over an engine in this process, as a route beside the metrics: Grafana, promtool and whatever else asks
// a Prometheus can ask the program itself. What belongs to one endpoint stands in the files beside; here they meet HTTP.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MetricDefinitionError } from '../../errors.js';
import type { Route } from '../../http/index.js';
import { engineFor, type Storing } from '../query.js';
import type { QueryEngine } from '../query-engine.js';
import { type Describing, endpointFor } from './endpoints.js';
import { Exchange } from './exchange.js';

export interface QueryApiOptions {
  /** Where the API is mounted. Default: /api/v1. */
  readonly path?: string;
  /** Whose metrics `metadata` describes. Default: the collector, where one was given. */
  readonly describes?: Describing;
  /** How many requests are worked on at a time. One more is answered with 503 and `Retry-After`. Default: 64. */
  readonly maxConcurrentRequests?: number;
  /** How many points a series of a range query may have. Default: 11 000, as in Prometheus. */
  readonly maxPointsPerSeries?: number;
}

/**
 * Answers `query`, `query_range`, `series`, `labels`, `label/<name>/values`, `metadata`, `format_query` and `status/buildinfo` as
 * Prometheus does: the same JSON, error types and status codes. Mount it beside the metrics, where `auth` holds for it too.
 *
 * A query is cancelled when its client goes away. What a query may need is limited by the engine; what a request may send, and
 * how many there may be at a time, here.
 *
 * @param asked - An engine, or a collector whose storage can be asked.
 * @throws MetricDefinitionError `invalid_option` for options that cannot work, and for a collector whose storage only sends on.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/
 *
 * @example
 * await startMetricsServer(metrics, { routes: [queryApi(metrics)] });
 * // curl 'http://127.0.0.1:9464/api/v1/query?query=up'
 * // {"status":"success","data":{"resultType":"vector","result":[]}}
 */
export function queryApi(asked: QueryEngine | (Storing & Partial<Describing>), options: QueryApiOptions = {}): Route {
  const { path = '/api/v1', maxConcurrentRequests = 64, maxPointsPerSeries = 11_000 } = options;
  requireCount('maxConcurrentRequests', maxConcurrentRequests);
  requireCount('maxPointsPerSeries', maxPointsPerSeries);
  const api = {
    engine: 'storage' in asked ? engineOf(asked) : asked,
    describes:
      options.describes ?? ('collect' in asked && asked.collect !== undefined ? (asked as Describing) : undefined),
    maxPointsPerSeries,
  };
  let running = 0;
  return {
    path,
    handle: async (request: IncomingMessage, response: ServerResponse) => {
      const exchange = new Exchange(request, response);
      if (running >= maxConcurrentRequests) return exchange.refuseBusy(maxConcurrentRequests);
      running++;
      try {
        const endpoint = endpointFor(pathWithin(path, request.url ?? ''), request.method ?? '');
        await exchange.answer((parameters) => endpoint(api, { parameters, signal: exchange.signal }));
      } finally {
        running--;
      }
    },
  };
}

function pathWithin(base: string, url: string): string {
  const pathname = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
  return pathname.slice(base.length).replace(/^\//, '');
}

function engineOf(collector: Storing): QueryEngine {
  const engine = engineFor(collector);
  if (engine !== undefined) return engine;
  const rule = 'Give a collector with a MemoryStorage or a FileStorage, or an engine.';
  throw new MetricDefinitionError({
    kind: 'invalid_option',
    option: 'storage',
    value: 'one that cannot be asked',
    rule,
  });
}

function requireCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  const rule = 'Give a whole number of at least 1, or leave it out.';
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
