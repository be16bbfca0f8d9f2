// Asks a server over the HTTP API of Prometheus, whoever it is, and says in a sentence why there is no answer.
import { err, ok, type Result } from 'neverthrow';

export interface Question {
  readonly expression: string;
  readonly timeoutSeconds: number;
  /** One moment; now when neither this nor a range is given. */
  readonly timeSeconds?: number;
  readonly range?: { readonly startSeconds: number; readonly endSeconds: number; readonly step: string };
}

type Sample = readonly [seconds: number, value: string];

export interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [boundaryRule: number, lower: string, upper: string, count: string])[];
}

type HistogramSample = readonly [seconds: number, histogram: ApiHistogram];
type Metric = Readonly<Record<string, string>>;

export interface ApiVectorSample {
  readonly metric: Metric;
  readonly value?: Sample;
  readonly histogram?: HistogramSample;
}

export interface ApiSeries {
  readonly metric: Metric;
  readonly values?: readonly Sample[];
  readonly histograms?: readonly HistogramSample[];
}

/** What the API calls data. */
export type ApiData =
  | { readonly resultType: 'vector'; readonly result: readonly ApiVectorSample[] }
  | { readonly resultType: 'matrix'; readonly result: readonly ApiSeries[] }
  | { readonly resultType: 'scalar' | 'string'; readonly result: Sample };

export interface Answer {
  readonly data: ApiData;
  /** Warnings and infos, as the server words them. */
  readonly notes: readonly string[];
}

interface ApiAnswer {
  readonly status?: unknown;
  readonly data?: ApiData;
  readonly error?: unknown;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** The error is a sentence. Never rejects. */
export async function queryServer(address: string, question: Question): Promise<Result<Answer, string>> {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = `${path}/api/v1/${question.range === undefined ? 'query' : 'query_range'}`;
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: parametersOf(question),
      signal: AbortSignal.timeout(question.timeoutSeconds * 1000),
      headers: username === '' && password === '' ? {} : { Authorization: `Basic ${credentials}` },
    });
    return answerOf(response.status, await response.text());
  } catch (thrown) {
    const isLate = (thrown as Error).name === 'TimeoutError';
    if (isLate) return err(`${url.host} did not answer within ${question.timeoutSeconds} s.`);
    return err(`${url.host} cannot be reached: ${reasonOf(thrown)}. Check that it runs and that the address is right.`);
  }
}

function parametersOf({ expression, timeSeconds, range, timeoutSeconds }: Question): URLSearchParams {
  const parameters = new URLSearchParams({ query: expression, timeout: `${Math.ceil(timeoutSeconds)}s` });
  if (timeSeconds !== undefined) parameters.set('time', String(timeSeconds));
  if (range === undefined) return parameters;
  parameters.set('start', String(range.startSeconds));
  parameters.set('end', String(range.endSeconds));
  parameters.set('step', range.step);
  return parameters;
}

function answerOf(status: number, text: string): Result<Answer, string> {
  const answer = parsed(text);
  if (answer?.status === 'error') return err(`The query was refused: ${String(answer.error)}.`);
  if (answer?.status !== 'success' || answer.data === undefined) {
    return err(`There is no HTTP API of Prometheus: it answered with status ${status} and something else.`);
  }
  return ok({ data: answer.data, notes: [...(answer.warnings ?? []), ...(answer.infos ?? [])] });
}

function parsed(text: string): ApiAnswer | undefined {
  try {
    return Object(JSON.parse(text)) as ApiAnswer;
  } catch {
    return undefined;
  }
}

function reasonOf(thrown: unknown): string {
  const { cause, message } = thrown as Error & {
    readonly cause?: { readonly code?: string; readonly message?: string };
  };
  return cause?.code ?? cause?.message ?? message;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
