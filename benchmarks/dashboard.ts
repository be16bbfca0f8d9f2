// What a dashboard asks about the service of `service-hour.ts`, and how an answer of it is read and compared.
import { Agent, get } from 'node:http';
import { expectTotal } from './harness/expect.js';
import { INTERVAL_SECONDS, SNAPSHOTS, STARTED_MS } from './service-hour.js';

export interface DashboardQuery {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly stepSeconds: number;
}

const fine = (id: string, title: string, text: string): DashboardQuery => ({ id, title, text, stepSeconds: 15 });
const coarse = (id: string, title: string, text: string): DashboardQuery => ({ id, title, text, stepSeconds: 60 });

export const dashboard: readonly DashboardQuery[] = [
  fine('rate', 'rate by route', 'sum by (route) (rate(http_requests_total[5m]))'),
  fine(
    'errors',
    'ratio of errors',
    'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))',
  ),
  fine(
    'p95',
    'p95 by route',
    'histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket[5m])))',
  ),
  coarse(
    'p50',
    'p50 of everything',
    'histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
  ),
  fine('p99', 'p99 of each', 'histogram_quantile(0.99, rate(http_request_duration_seconds_bucket[5m]))'),
  fine('topk', 'topk of time spent', 'topk(5, sum by (instance, route) (rate(http_request_duration_seconds_sum[5m])))'),
  fine('memory', 'avg by', 'avg by (instance) (memory_bytes)'),
  coarse('increase', 'increase', 'sum by (status) (increase(http_requests_total[10m]))'),
  fine(
    'join',
    'join of info and sum',
    'sum by (version) (sum by (instance) (http_requests_in_flight) * on (instance) group_left (version) app_info)',
  ),
  coarse('busiest', 'max_over_time', 'max by (route) (max_over_time(http_requests_in_flight[5m]))'),
];

/** Between two snapshots: there Prometheus 2, whose windows are closed at the left, has the same samples in them. */
const OFF_GRID_SECONDS = 5;
const START = STARTED_MS / 1000 + OFF_GRID_SECONDS;
const END = START + (SNAPSHOTS - 1) * INTERVAL_SECONDS;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Asks for the hour and reads all of the answer. */
export function ask(url: string, { text, stepSeconds }: DashboardQuery): Promise<Buffer> {
  const parameters = new URLSearchParams({ query: text, start: `${START}`, end: `${END}`, step: `${stepSeconds}` });
  return new Promise((resolve, reject) => {
    get(`${url}/api/v1/query_range?${parameters}`, { agent }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(pieces);
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answers ${response.statusCode} to ${text}: ${body}`));
      });
    }).on('error', reject);
  });
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

/** @throws Error unless both answers have the same series, with the same values at the same times. */
export function expectSame(text: string, ours: Buffer, theirs: Buffer): void {
  const [left, right] = [samplesOf(ours), samplesOf(theirs)];
  if (left.size === 0) throw new Error(`${text} has no samples at all: the row does not measure what it says.`);
  expectTotal(`the samples of ${text}`, left.size, right.size);
  for (const [key, value] of right) expectTotal(`${text} ${key}`, left.get(key) ?? Number.POSITIVE_INFINITY, value);
}

function samplesOf(body: Buffer): ReadonlyMap<string, number> {
  const { data } = JSON.parse(body.toString()) as Answer;
  const samples = new Map<string, number>();
  for (const { metric, values } of data.result) {
    const labels = JSON.stringify(Object.entries(metric).sort());
    for (const [time, value] of values) if (value !== 'NaN') samples.set(`${labels} at ${time}`, Number(value));
  }
  return samples;
}
