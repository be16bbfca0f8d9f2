// The figures of the live view, as plain data: read from the instruments where a present value is wanted, from the memory
// storage where the past counts. The screen draws them, the plain lines print them, /live.json serves them.
import type { MemoryStorage, SeriesData } from 'telltale';
import { CATALOGUE } from '../domain/catalogue.js';
import type { ShopMetrics } from '../metrics.js';
import { latest, type Point, ratesOf, recentRate, selectSeries, sumOf } from './history.js';

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
  readonly metrics: ShopMetrics;
  readonly storage: MemoryStorage;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly uptimeSeconds: () => number;
}

/** How far the curves go back. */
const HISTORY_SECONDS = 120;
/** Over how much time the figures of "now" are taken. */
const RECENT_SECONDS = 5;

export async function readFigures({ metrics, storage, now, uptimeSeconds }: FigureSources): Promise<Figures> {
  const nowMs = now();
  const select = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    selectSeries(storage, { name, labels, seconds: HISTORY_SECONDS, nowMs });
  const [requests, p95, stock, errors, sold] = await Promise.all([
    select('http_requests_total'),
    select('http_recent_response_time_seconds', { quantile: '0.95' }),
    select('stock_items'),
    select('http_request_errors_total'),
    select('order_amount_euros_sum'),
  ]);
  const totals = sumOf(requests);
  const failures = failuresOf(requests, totals);
  const { p50, p95: p95Now, p99 } = metrics.recentResponseTime.getStatistics();
  const rate = recentRate(totals, RECENT_SECONDS);
  return {
    uptimeSeconds: uptimeSeconds(),
    requests: totals.at(-1)?.value ?? 0,
    requestsPerSecond: rate,
    failures: failures.at(-1)?.value ?? 0,
    failureRatio: rate === 0 ? 0 : recentRate(failures, RECENT_SECONDS) / rate,
    inFlight: metrics.requestsInFlight.getValue(),
    responseTime: { p50, p95: p95Now, p99 },
    pool: {
      size: metrics.poolSize.getValue(),
      active: metrics.poolActive.getValue(),
      waiting: metrics.poolWaiting.getValue(),
    },
    orders: ordersOf(metrics, sumOf(sold).at(-1)?.value ?? 0),
    stock: stockOf(stock),
    errors: errorsOf(errors),
    routes: routesOf(requests, metrics),
    history: {
      requestsPerSecond: ratesOf(totals),
      failuresPerSecond: ratesOf(failures),
      p95: p95.flatMap(({ values }) => [...values]),
    },
  };
}

// Every moment has a sum, also those before the first failure: a curve of failures starts at zero.
function failuresOf(requests: readonly SeriesData[], totals: readonly Point[]): readonly Point[] {
  const failed = new Map<number, number>();
  for (const { timestampMs, value } of sumOf(requests.filter(({ labels }) => labels.status_code?.startsWith('5')))) {
    failed.set(timestampMs, value);
  }
  return totals.map(({ timestampMs }) => ({ timestampMs, value: failed.get(timestampMs) ?? 0 }));
}

function ordersOf({ orders }: ShopMetrics, euros: number): Figures['orders'] {
  const count = (outcome: string) => orders.getValue({ outcome });
  return { paid: count('paid'), rejected: count('rejected'), failed: count('failed'), euros };
}

function stockOf(series: readonly SeriesData[]): Figures['stock'] {
  const levels = new Map(series.map((one) => [one.labels.product, latest(one)]));
  return CATALOGUE.map(({ id, capacity }) => ({ product: id, items: levels.get(id) ?? capacity, capacity }));
}

function errorsOf(series: readonly SeriesData[]): Figures['errors'] {
  return series
    .map((one) => ({ type: one.labels.type ?? '', count: latest(one) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

function routesOf(series: readonly SeriesData[], { requestDuration }: ShopMetrics): readonly RouteFigures[] {
  return series
    .map((one) => {
      const { method = '', route = '', status_code = '' } = one.labels;
      const labels = { method, route, status_code };
      return {
        method,
        route,
        statusCode: status_code,
        requests: latest(one),
        requestsPerSecond: recentRate(sumOf([one]), RECENT_SECONDS),
        p50: requestDuration.getQuantile(0.5, labels),
        p95: requestDuration.getQuantile(0.95, labels),
      };
    })
    .sort((a, b) => b.requests - a.requests);
}
