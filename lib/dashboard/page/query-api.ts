// Asks the query API, which may be this server's or a real Prometheus'. Answers are values: what is wrong is shown where it was asked.
import { err, ok, type Result } from 'neverthrow';
import type { Metadata } from '../panels/known-family.js';
import type { AnsweredSeries, Labels } from '../panels/series-table.js';

export interface Problem {
  /** `unreachable`: no answer at all. `refused`: the API said no, for instance to a query. */
  readonly kind: 'unreachable' | 'refused' | 'absent';
  readonly message: string;
}

export interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, lower: string, upper: string, count: string])[];
}

export interface MatrixSeries {
  readonly metric: Labels;
  readonly values?: readonly (readonly [timeS: number, value: string])[];
  readonly histograms?: readonly (readonly [timeS: number, histogram: ApiHistogram])[];
}

export interface ApiRule {
  readonly type: string;
  readonly name: string;
  readonly query: string;
  readonly state?: string;
  readonly duration?: number;
  readonly health?: string;
  readonly lastError?: string;
  readonly alerts?: readonly ApiAlert[];
}

export interface ApiAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: string;
  readonly activeAt?: string;
  readonly value: string;
}

export interface Span {
  readonly startS: number;
  readonly endS: number;
  readonly stepS: number;
}

const TIMEOUT_MS = 30_000;

/** Clocks that differ by less are the same: what an answer takes on its way is in it, too. */
const CLOCK_TOLERANCE_S = 2;

export class QueryApi {
  readonly #base: string;
  #clockAheadS = 0;

  /** @param address - Where it is: a path, a URL that ends in `/api/v1`, or a server's own URL. */
  constructor(address: string) {
    const url = new URL(address, document.baseURI);
    this.#base = url.href.replace(/[?#].*$/, '').replace(/\/$/, '');
    if (/^https?:/.test(address) && !/\/api\/v\d+$/.test(this.#base)) this.#base += '/api/v1';
  }

  get address(): string {
    return this.#base.replace(/\/api\/v1$/, '');
  }

  /** The server's time: what it holds is dated by that, and this machine's clock may be another. */
  nowS(): number {
    return Date.now() / 1000 + this.#clockAheadS;
  }

  async syncClock(): Promise<void> {
    const answer = await this.#ask<{ result: readonly [timeS: number, value: string] }>('query?query=time()');
    if (answer.isErr()) return;
    const aheadS = answer.value.result[0] - Date.now() / 1000;
    this.#clockAheadS = Math.abs(aheadS) < CLOCK_TOLERANCE_S ? 0 : aheadS;
  }

  async range(query: string, { startS, endS, stepS }: Span): Promise<Result<readonly MatrixSeries[], Problem>> {
    const body = new URLSearchParams({ query, start: String(startS), end: String(endS), step: String(stepS) });
    const answer = await this.#ask<{ result: readonly MatrixSeries[] }>('query_range', { method: 'POST', body });
    return answer.map(({ result }) => result);
  }

  /** What a query answers now; a range selector answers raw samples. */
  async samples(query: string): Promise<Result<readonly MatrixSeries[], Problem>> {
    const body = new URLSearchParams({ query });
    const answer = await this.#ask<{ result: readonly MatrixSeries[] }>('query', { method: 'POST', body });
    return answer.map(({ result }) => result);
  }

  metadata(): Promise<Result<Metadata, Problem>> {
    return this.#ask('metadata');
  }

  /** Only of series with samples since `sinceS`. */
  labelValues(name: string, sinceS: number, match?: string): Promise<Result<readonly string[], Problem>> {
    return this.#ask(`label/${encodeURIComponent(name)}/values${this.#since(sinceS, match)}`);
  }

  labelNames(match: string | undefined, sinceS: number): Promise<Result<readonly string[], Problem>> {
    return this.#ask(`labels${this.#since(sinceS, match)}`);
  }

  async rules(): Promise<Result<readonly ApiRule[], Problem>> {
    const answer = await this.#ask<{ groups: readonly { rules: readonly ApiRule[] }[] }>('rules?type=alert');
    return answer.map(({ groups }) => groups.flatMap(({ rules }) => rules));
  }

  buildInfo(): Promise<Result<{ readonly version: string; readonly application?: string }, Problem>> {
    return this.#ask('status/buildinfo');
  }

  #since(sinceS: number, match?: string): string {
    const parameters = new URLSearchParams({ start: String(sinceS), end: String(this.nowS()) });
    if (match !== undefined) parameters.set('match[]', match);
    return `?${parameters}`;
  }

  async #ask<T>(path: string, init: RequestInit = {}): Promise<Result<T, Problem>> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`${this.#base}/${path}`, {
        ...init,
        signal,
        credentials: 'same-origin',
        cache: 'no-store',
      });
      return await readAnswer<T>(response);
    } catch (cause) {
      const message = (cause as Error).name === 'TimeoutError' ? 'did not answer in time' : 'cannot be reached';
      return err({ kind: 'unreachable', message: `${this.address} ${message}.` });
    }
  }
}

async function readAnswer<T>(response: Response): Promise<Result<T, Problem>> {
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const answer = isJson ? ((await response.json()) as { status: string; data: T; error?: string }) : undefined;
  if (answer?.status === 'success') return ok(answer.data);
  const kind = response.status === 404 ? 'absent' : response.status >= 502 ? 'unreachable' : 'refused';
  return err({ kind, message: wordsOf(answer?.error) ?? `The server answered ${response.status}.` });
}

/** Without the name of a parameter that nobody who looks at the page gave. */
const wordsOf = (error: string | undefined): string | undefined => error?.replace(/^invalid parameter "query": /, '');

/** The numbers of a matrix; a native histogram counts as its number of observations. */
export function* numbersOf(matrix: readonly MatrixSeries[]): Generator<AnsweredSeries> {
  for (const { metric, values = [], histograms = [] } of matrix) {
    const timesS = [...values.map(([time]) => time), ...histograms.map(([time]) => time)];
    const numbers = [
      ...values.map(([, text]) => readNumber(text)),
      ...histograms.map(([, { count }]) => readNumber(count)),
    ];
    yield { labels: metric, timesS, values: numbers };
  }
}

/** The buckets of native histograms as series with the labels `lower` and `upper`; classic buckets as they are. */
export function* bucketsOf(matrix: readonly MatrixSeries[]): Generator<AnsweredSeries> {
  const found = new Map<string, { labels: Labels; timesS: number[]; values: number[] }>();
  for (const { histograms = [] } of matrix) {
    for (const [time, { buckets = [] }] of histograms) {
      for (const [, lower, upper, count] of buckets) {
        const key = `${lower} ${upper}`;
        const series = found.get(key) ?? { labels: { lower, upper }, timesS: [], values: [] };
        found.set(key, series);
        series.timesS.push(time);
        series.values.push(readNumber(count));
      }
    }
  }
  yield* numbersOf(matrix.filter(({ histograms }) => histograms === undefined));
  yield* found.values();
}

export function readNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
