// The figures of the live view, as plain data, read by name out of the storage, as any dashboard would. The screen draws
// them, the plain lines print them, /live.json serves them.
import type { Queryable, SeriesData } from 'telltale';
import { CATALOGUE } from '../domain/catalogue.js';
import { groupedBy, latest, type Point, ratesOf, readHistory, recentRate, type Select, sumOf } from './history.js';
import { bucketsOf, recentQuantiles, totalQuantile } from './quantiles.js';

export interface RouteFigures {
  readonly method: string;
  readonly route: string;
  readonly statusCode: string;
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Since the start, as `histogram_quantile` sees it. */
  readonly p50: number;
  readonly p95: number;
}

export interface Figures {
  readonly uptimeSeconds: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Answers with a status of 5xx. */
  readonly failures: number;
  /** The share of failures in the answers of the last seconds. */
  readonly failureRatio: number;
  readonly inFlight: number;
  /** Seconds; of the last ten seconds. */
  readonly responseTime: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly process: {
    /** Seconds of CPU time per second. */
    readonly cpuRatio: number;
    readonly residentBytes: number;
    /** Seconds, the interval of the sampling among them. */
    readonly eventLoopP99: number;
  };
  readonly pool: { readonly size: number; readonly active: number; readonly waiting: number };
  readonly orders: {
    readonly paid: number;
    readonly rejected: number;
    readonly failed: number;
    readonly euros: number;
  };
  readonly stock: readonly { readonly product: string; readonly items: number; readonly capacity: number }[];
  readonly errors: readonly { readonly type: string; readonly count: number }[];
  readonly routes: readonly RouteFigures[];
  /** One value per collection, the newest last. */
  readonly history: {
    readonly requestsPerSecond: readonly number[];
    readonly failuresPerSecond: readonly number[];
    readonly p95: readonly number[];
  };
}

export interface FigureSources {
  readonly storage: Queryable;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly uptimeSeconds: () => number;
}

/** How far the curves go back. */
const HISTORY_SECONDS = 120;
/** Over how much time the rates of "now" are taken. */
const RECENT_SECONDS = 5;
/** Over how much time the response times of "now" are taken: quantiles need more to be steady. */
const RESPONSE_SECONDS = 10;

/** All that is read: what instrumentation and decorators call it, and three values of the business. */
const NAMES = [
  'http_request_duration_seconds_count',
  'http_request_duration_seconds_bucket',
  'http_requests_in_flight',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
  'pool_resources',
  'pool_max_resources',
  'pool_waiting',
  'order_service_errors_total',
  'orders_total',
  'order_amount_euros_sum',
  'stock_items',
] as const;

type Read = Select<(typeof NAMES)[number]>;

export async function readFigures({ storage, now, uptimeSeconds }: FigureSources): Promise<Figures> {
  const read = await readHistory(storage, { names: NAMES, seconds: HISTORY_SECONDS, nowMs: now() });
  const requests = read('http_request_duration_seconds_count');
  const totals = sumOf(requests);
  const failures = failuresOf(requests, totals);
  const rate = recentRate(totals, RECENT_SECONDS);
  const buckets = bucketsOf(read('http_request_duration_seconds_bucket'));
  const [p50 = [], p95 = [], p99 = []] = [0.5, 0.95, 0.99].map((q) => recentQuantiles(q, buckets, RESPONSE_SECONDS));
  const last = (values: readonly number[]) => values.at(-1) ?? Number.NaN;
  return {
    uptimeSeconds: uptimeSeconds(),
    requests: newest(totals),
    requestsPerSecond: rate,
    failures: newest(failures),
    failureRatio: rate === 0 ? 0 : recentRate(failures, RECENT_SECONDS) / rate,
    inFlight: newest(sumOf(read('http_requests_in_flight'))),
    responseTime: { p50: last(p50), p95: last(p95), p99: last(p99) },
    ...partsOf(read),
    stock: stockOf(read('stock_items')),
    errors: errorsOf(read('order_service_errors_total')),
    routes: routesOf(requests, read('http_request_duration_seconds_bucket')),
    history: { requestsPerSecond: ratesOf(totals), failuresPerSecond: ratesOf(failures), p95 },
  };
}

function partsOf(read: Read): Pick<Figures, 'process' | 'pool' | 'orders'> {
  const value: (...of: Parameters<Read>) => number = (...of) => newest(sumOf(read(...of)));
  const orders = (outcome: string) => value('orders_total', { outcome });
  return {
    process: {
      cpuRatio: recentRate(sumOf(read('process_cpu_seconds_total')), RECENT_SECONDS),
      residentBytes: value('process_resident_memory_bytes'),
      eventLoopP99: value('nodejs_eventloop_lag_p99_seconds'),
    },
    pool: {
      size: value('pool_max_resources'),
      active: value('pool_resources', { state: 'in_use' }),
      waiting: value('pool_waiting'),
    },
    orders: {
      paid: orders('paid'),
      rejected: orders('rejected'),
      failed: orders('failed'),
      euros: value('order_amount_euros_sum'),
    },
  };
}

/** Before the first collection, nothing has happened. */
function newest(points: readonly Point[]): number {
  return points.at(-1)?.value ?? 0;
}

// Every moment has a sum, also those before the first failure: a curve of failures starts at zero.
function failuresOf(requests: readonly SeriesData[], totals: readonly Point[]): readonly Point[] {
  const failed = new Map<number, number>();
  for (const { timestampMs, value } of sumOf(requests.filter(({ labels }) => labels.status_code?.startsWith('5')))) {
    failed.set(timestampMs, value);
  }
  return totals.map(({ timestampMs }) => ({ timestampMs, value: failed.get(timestampMs) ?? 0 }));
}

function stockOf(series: readonly SeriesData[]): Figures['stock'] {
  const levels = new Map(series.map((one) => [one.labels.product, latest(one)]));
  return CATALOGUE.map(({ id, capacity }) => ({ product: id, items: levels.get(id) ?? capacity, capacity }));
}

function errorsOf(series: readonly SeriesData[]): Figures['errors'] {
  return [...groupedBy(series, ({ labels }) => labels.error_type ?? '')]
    .map(([type, some]) => ({ type, count: some.reduce((sum, one) => sum + latest(one), 0) }))
    .sort((a, b) => b.count - a.count);
}

function routesOf(requests: readonly SeriesData[], buckets: readonly SeriesData[]): readonly RouteFigures[] {
  const key = ({ labels: { method, route, status_code } }: SeriesData) => `${method} ${route} ${status_code}`;
  const bucketsByRoute = groupedBy(buckets, key);
  return requests
    .map((one) => {
      const { method = '', route = '', status_code: statusCode = '' } = one.labels;
      const own = bucketsOf(bucketsByRoute.get(key(one)) ?? []);
      return {
        method,
        route,
        statusCode,
        requests: latest(one),
        requestsPerSecond: recentRate(sumOf([one]), RECENT_SECONDS),
        p50: totalQuantile(0.5, own),
        p95: totalQuantile(0.95, own),
      };
    })
    .sort((a, b) => b.requests - a.requests);
}
