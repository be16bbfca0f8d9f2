// The figures of the live view, as plain data, asked in PromQL, as any dashboard would. The screen draws them, the plain lines
// print them, /live.json serves them.
import { CATALOGUE } from '../domain/catalogue.js';
import type { Board } from './board.js';

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
  /** Those that are pending or fire, the ones that fire first. */
  readonly alerts: readonly { readonly name: string; readonly state: string; readonly summary: string }[];
  /** One value per collection, the newest last. */
  readonly history: {
    readonly requestsPerSecond: readonly number[];
    readonly failuresPerSecond: readonly number[];
    readonly p95: readonly number[];
  };
}

/** All that is asked: PromQL over what instrumentation and decorators record, and three values of the business. */
const RATE = 'rate(http_request_duration_seconds_count[5s])';
const FAILED_RATE = 'rate(http_request_duration_seconds_count{status_code=~"5.."}[5s])';
const QUERIES = {
  requests: 'sum(http_request_duration_seconds_count)',
  requestsPerSecond: `sum(${RATE})`,
  failures: 'sum(http_request_duration_seconds_count{status_code=~"5.."})',
  failureRatio: `sum(${FAILED_RATE}) / sum(${RATE})`,
  inFlight: 'sum(http_requests_in_flight)',
  cpuRatio: 'rate(process_cpu_seconds_total[5s])',
  residentBytes: 'process_resident_memory_bytes',
  eventLoopP99: 'nodejs_eventloop_lag_p99_seconds',
  poolSize: 'pool_max_resources',
  poolActive: 'pool_resources{state="in_use"}',
  poolWaiting: 'pool_waiting',
  paid: 'orders_total{outcome="paid"}',
  rejected: 'orders_total{outcome="rejected"}',
  failed: 'orders_total{outcome="failed"}',
  euros: 'order_amount_euros_sum',
} as const;

const recentQuantile = (q: number) =>
  `histogram_quantile(${q}, sum by (le) (rate(http_request_duration_seconds_bucket[10s])))`;
const routeQuantile = (q: number) => `histogram_quantile(${q}, http_request_duration_seconds_bucket)`;

export async function readFigures(board: Board): Promise<Figures> {
  const numbers = await numbersOf(board);
  const [p50, p95, p99] = await Promise.all([0.5, 0.95, 0.99].map((q) => board.number(recentQuantile(q))));
  const responseTime = { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, p99: p99 ?? Number.NaN };
  const { requests, requestsPerSecond, failures, inFlight, paid, rejected, failed, euros } = numbers;
  return {
    uptimeSeconds: board.uptimeSeconds(),
    requests,
    requestsPerSecond,
    failures,
    // Before the first answer, and where nothing was answered lately, nothing has failed.
    failureRatio: numbers.failureRatio || 0,
    inFlight,
    responseTime,
    process: {
      cpuRatio: numbers.cpuRatio,
      residentBytes: numbers.residentBytes,
      eventLoopP99: numbers.eventLoopP99,
    },
    pool: { size: numbers.poolSize, active: numbers.poolActive, waiting: numbers.poolWaiting },
    orders: { paid, rejected, failed, euros },
    stock: await stockOf(board),
    errors: await errorsOf(board),
    routes: await routesOf(board),
    alerts: board.alerts(),
    history: await historyOf(board),
  };
}

type Numbers = { readonly [Name in keyof typeof QUERIES]: number };

/** What nothing is known of yet is 0: before the first collection, nothing has happened. */
async function numbersOf(board: Board): Promise<Numbers> {
  const asked = Object.entries(QUERIES).map(async ([name, query]) => [name, (await board.number(query)) ?? 0]);
  return Object.fromEntries(await Promise.all(asked)) as Numbers;
}

async function historyOf(board: Board): Promise<Figures['history']> {
  const [requestsPerSecond = [], failuresPerSecond = [], p95 = []] = await Promise.all([
    board.curve(`sum(${RATE})`),
    // Every moment has a rate, also those before the first failure: the curve starts at zero.
    board.curve(`sum(${FAILED_RATE}) or 0 * sum(${RATE})`),
    board.curve(recentQuantile(0.95)),
  ]);
  return { requestsPerSecond, failuresPerSecond, p95 };
}

async function stockOf(board: Board): Promise<Figures['stock']> {
  const levels = new Map((await board.vector('stock_items')).map(({ labels, value }) => [labels.product, value]));
  return CATALOGUE.map(({ id, capacity }) => ({ product: id, items: levels.get(id) ?? capacity, capacity }));
}

async function errorsOf(board: Board): Promise<Figures['errors']> {
  const errors = await board.vector('sort_desc(sum by (error_type) (order_service_errors_total))');
  return errors.map(({ labels, value }) => ({ type: labels.error_type ?? '', count: value }));
}

async function routesOf(board: Board): Promise<readonly RouteFigures[]> {
  const by = async (query: string) => {
    const samples = await board.vector(`sum by (method, route, status_code) (${query})`);
    return new Map(samples.map(({ labels, value }) => [routeKey(labels), value]));
  };
  const [rates, p50, p95] = await Promise.all([by(RATE), by(routeQuantile(0.5)), by(routeQuantile(0.95))]);
  const requests = await board.vector('sort_desc(http_request_duration_seconds_count)');
  return requests.map(({ labels, value }) => {
    const key = routeKey(labels);
    return {
      method: labels.method ?? '',
      route: labels.route ?? '',
      statusCode: labels.status_code ?? '',
      requests: value,
      requestsPerSecond: rates?.get(key) ?? 0,
      p50: p50?.get(key) ?? Number.NaN,
      p95: p95?.get(key) ?? Number.NaN,
    };
  });
}

function routeKey({ method, route, status_code }: Readonly<Record<string, string>>): string {
  return `${method} ${route} ${status_code}`;
}
