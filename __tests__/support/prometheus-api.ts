// The questions that tests ask a Prometheus-compatible HTTP API, with answers as plain numbers. Separate from starting the
// server, because other servers answer the same API.

export interface InstantSample {
  /** With `__name__`, where the expression keeps it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly timestampMs: number;
  readonly value: number;
}

export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly timestampMs: number; readonly value: number }[];
}

export interface TargetState {
  readonly job: string;
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  /** When the last scrape started; 0 before the first one. */
  readonly lastScrapeMs: number;
  readonly lastError: string;
}

export interface RangeQuery {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepSeconds: number;
}

type Point = readonly [seconds: number, value: string];
type Labels = Readonly<Record<string, string>>;
type QueryData =
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point }
  | { readonly resultType: 'vector'; readonly result: readonly { readonly metric: Labels; readonly value: Point }[] }
  | {
      readonly resultType: 'matrix';
      readonly result: readonly { readonly metric: Labels; readonly values: readonly Point[] }[];
    };

interface TargetsData {
  readonly activeTargets: readonly {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: TargetState['health'];
    readonly lastScrape: string;
    readonly lastError: string;
  }[];
}

const REQUEST_TIMEOUT_MS = 10_000;

/** A client of one server. Every answer that is no success rejects with the server's own reason. */
export class PrometheusApi {
  /** Without a slash at its end. */
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** `data` of any GET endpoint under `/api/v1/`. */
  async get<T>(endpoint: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
    const query = new URLSearchParams(parameters);
    const response = await fetch(`${this.url}/api/v1/${endpoint}?${query}`, {
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const body = (await response.json()) as { readonly status: string; readonly data: T; readonly error?: string };
    if (body.status !== 'success') throw new Error(`${endpoint} answers ${response.status}: ${body.error}`);
    return body.data;
  }

  /** An instant query; a scalar comes as one sample without labels. `timeMs` defaults to the server's now. */
  async query(expression: string, timeMs?: number): Promise<readonly InstantSample[]> {
    const time = timeMs === undefined ? {} : { time: String(timeMs / 1000) };
    const data = await this.get<QueryData>('query', { query: expression, ...time });
    if (data.resultType === 'matrix') throw new Error(`${expression} is a range: use queryRange.`);
    if (data.resultType !== 'vector') return [{ labels: {}, ...toPoint(data.result) }];
    return data.result.map(({ metric, value }) => ({ labels: metric, ...toPoint(value) }));
  }

  /** The one number that an instant query answers; rejects if there is none, or more than one. */
  async queryValue(expression: string, timeMs?: number): Promise<number> {
    const samples = await this.query(expression, timeMs);
    const [sample] = samples;
    if (sample === undefined || samples.length > 1) throw new Error(`${expression} answers ${samples.length} samples.`);
    return sample.value;
  }

  async queryRange(expression: string, { startMs, endMs, stepSeconds }: RangeQuery): Promise<readonly RangeSeries[]> {
    const times = { start: String(startMs / 1000), end: String(endMs / 1000), step: String(stepSeconds) };
    const data = await this.get<QueryData>('query_range', { query: expression, ...times });
    if (data.resultType !== 'matrix') throw new Error(`${expression} answers a ${data.resultType}, no series.`);
    return data.result.map(({ metric, values }) => ({ labels: metric, points: values.map(toPoint) }));
  }

  async targets(): Promise<readonly TargetState[]> {
    const { activeTargets } = await this.get<TargetsData>('targets', { state: 'active' });
    return activeTargets.map(({ scrapePool, scrapeUrl, health, lastScrape, lastError }) => {
      // Go's zero time, year 1, means never.
      const lastScrapeMs = Math.max(0, Date.parse(lastScrape));
      return { job: scrapePool, scrapeUrl, health, lastScrapeMs, lastError };
    });
  }

  /** True once the server says so, undefined before. */
  async isReady(): Promise<true | undefined> {
    const response = await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok ? true : undefined;
  }
}

// `Number` knows neither `+Inf` nor `-Inf`.
function toPoint([seconds, value]: Point): { readonly timestampMs: number; readonly value: number } {
  return { timestampMs: Math.round(seconds * 1000), value: Number(value.replace('Inf', 'Infinity')) };
}
