// Which path is answered by what. Every endpoint takes parameters and answers JSON in pieces; none of them knows HTTP.
import { err, ok, type Result } from 'neverthrow';
import { unescapeName } from '../../model/escaping.js';
import type { MetricFamily } from '../../model/family.js';
import { parseExpression } from '../language/parse-expression.js';
import { prettyExpression } from '../language/pretty-expression.js';
import type { QueryEngine } from '../query-engine.js';
import type { QueryResult } from '../values/query-result.js';
import { labelsJson, listJson, textJson, valueJson } from './answer-json.js';
import { type ApiError, badData, invalidParameter, ofQueryError } from './api-error.js';
import type { ApiAnswer } from './exchange.js';
import { type Found, labelNamesOf, labelValuesOf, seriesOf } from './label-endpoints.js';
import { readLimit, readMoment, readSeconds } from './parameters.js';

/** What can tell of its metrics, as a collector can. */
export interface Describing {
  collect(): Promise<readonly MetricFamily[]>;
}

export interface Api {
  readonly engine: QueryEngine;
  readonly describes: Describing | undefined;
  readonly maxPointsPerSeries: number;
}

export interface ApiRequest {
  readonly parameters: URLSearchParams;
  readonly signal: AbortSignal;
}

export type Endpoint = (api: Api, request: ApiRequest) => Promise<Result<ApiAnswer, ApiError>>;

/** Prometheus' version whose behaviour this is; clients decide by it what they may ask. */
const BEHAVES_LIKE = '3.5.0';

const BY_PATH: Readonly<Record<string, Endpoint>> = {
  query: answerInstant,
  query_range: answerRange,
  format_query: formatQuery,
  series: async ({ engine }, request) =>
    (await seriesOf({ engine, ...request })).map((found) => listAnswer(found, labelsJson)),
  labels: async ({ engine }, request) =>
    (await labelNamesOf({ engine, ...request })).map((found) => listAnswer(found, textJson)),
  metadata: answerMetadata,
  'status/buildinfo': async () => ok({ data: [buildInfo()] }),
};
/** The others are asked by GET only. */
const BY_POST = new Set(['query', 'query_range', 'format_query', 'series', 'labels']);

export function endpointFor(path: string, method: string): Endpoint {
  const endpoint = endpointAt(path);
  if (endpoint === undefined) {
    const known = [...Object.keys(BY_PATH), 'label/<name>/values'].join(', ');
    return refusing({ type: 'not_found', message: `there is no endpoint "${path}"; there are ${known}` });
  }
  const methods = BY_POST.has(path) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
  if (methods.includes(method)) return endpoint;
  const allow = methods.join(', ');
  return refusing({
    type: 'method_not_allowed',
    message: `${path} does not answer ${method}; it answers ${allow}`,
    allow,
  });
}

function endpointAt(path: string): Endpoint | undefined {
  const label = /^label\/([^/]+)\/values$/.exec(path)?.[1];
  if (label !== undefined) return labelValues(label);
  return Object.hasOwn(BY_PATH, path) ? BY_PATH[path] : undefined;
}

function refusing(error: ApiError): Endpoint {
  return async () => err(error);
}

async function answerInstant({ engine }: Api, request: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
  const { parameters, signal } = request;
  const limit = readLimit(parameters);
  if (limit.isErr()) return err(limit.error);
  const time = parameters.get('time')
    ? readMoment(parameters, 'time', 0).map((seconds) => ({ time: seconds }))
    : ok({});
  if (time.isErr()) return err(time.error);
  const bounds = readBounds(parameters);
  if (bounds.isErr()) return err(bounds.error);
  const answer = await engine.instant(parameters.get('query') ?? '', { ...time.value, ...bounds.value, signal });
  return answer.map((result) => queryAnswer(result, limit.value)).mapErr((error) => ofQueryError(error, 'query'));
}

async function answerRange(api: Api, { parameters, signal }: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
  const limit = readLimit(parameters);
  if (limit.isErr()) return err(limit.error);
  const range = readRange(parameters, api.maxPointsPerSeries);
  if (range.isErr()) return err(range.error);
  const bounds = readBounds(parameters);
  if (bounds.isErr()) return err(bounds.error);
  const options = { ...range.value, ...bounds.value, signal };
  const answer = await api.engine.range(parameters.get('query') ?? '', options);
  return answer.map((result) => queryAnswer(result, limit.value)).mapErr((error) => ofQueryError(error, 'query'));
}

interface AskedRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

function readRange(parameters: URLSearchParams, maxPoints: number): Result<AskedRange, ApiError> {
  return readMoment(parameters, 'start', undefined).andThen((start) =>
    readMoment(parameters, 'end', undefined).andThen((end) => {
      if (end < start) return err(invalidParameter('end', 'end timestamp must not be before start time'));
      return readSeconds(parameters, 'step').andThen((step) => rangeOf({ start, end, step }, maxPoints));
    }),
  );
}

function rangeOf(range: AskedRange, maxPoints: number): Result<AskedRange, ApiError> {
  const { start, end, step } = range;
  if (step <= 0) {
    const problem = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
    return err(invalidParameter('step', problem));
  }
  if ((end - start) / step <= maxPoints) return ok(range);
  const points = maxPoints.toLocaleString('en-US');
  const rule = 'Try decreasing the query resolution (?step=XX)';
  return err(badData(`exceeded maximum resolution of ${points} points per timeseries. ${rule}`));
}

/** What a request may ask for itself, within what the engine allows. */
function readBounds(
  parameters: URLSearchParams,
): Result<{ timeoutSeconds?: number; lookbackSeconds?: number }, ApiError> {
  const bounds: { timeoutSeconds?: number; lookbackSeconds?: number } = {};
  if (parameters.get('timeout')) {
    const timeout = readSeconds(parameters, 'timeout');
    if (timeout.isErr()) return err(timeout.error);
    bounds.timeoutSeconds = Math.max(0, timeout.value);
  }
  if (parameters.get('lookback_delta')) {
    const lookback = readSeconds(parameters, 'lookback_delta');
    if (lookback.isErr()) return err(badData(`error parsing lookback delta duration: ${lookback.error.message}`));
    if (lookback.value > 0) bounds.lookbackSeconds = lookback.value;
  }
  return ok(bounds);
}

function queryAnswer(result: QueryResult, limit: number): ApiAnswer {
  const { warnings, infos } = result;
  const count = result.type === 'vector' ? result.samples.length : result.type === 'matrix' ? result.series.length : 0;
  if (limit === 0 || count <= limit) return { data: valueJson(result), warnings, infos };
  const cut =
    result.type === 'vector'
      ? { ...result, samples: result.samples.slice(0, limit) }
      : result.type === 'matrix'
        ? { ...result, series: result.series.slice(0, limit) }
        : result;
  return { data: valueJson(cut), warnings: [...warnings, 'results truncated due to limit'], infos };
}

async function formatQuery(_api: Api, { parameters }: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
  return parseExpression(parameters.get('query') ?? '')
    .map((expression) => ({ data: [JSON.stringify(prettyExpression(expression))] }))
    .mapErr((error) => ofQueryError(error, 'query'));
}

function labelValues(encoded: string): Endpoint {
  return async ({ engine }, request) => {
    const decodedName = decoded(encoded);
    // Clients write names that are no plain ones as U__…, so that no server in between takes offence at them.
    const name = decodedName && unescapeName(decodedName, 'values');
    if (name === undefined) return err(badData(`invalid label name: ${JSON.stringify(encoded)}`));
    return (await labelValuesOf(name, { engine, ...request })).map((found) => listAnswer(found, textJson));
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function answerMetadata({ describes }: Api, { parameters }: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
  const limit = countOf(parameters, 'limit');
  const limitPerMetric = countOf(parameters, 'limit_per_metric');
  if (limit.isErr()) return err(limit.error);
  if (limitPerMetric.isErr()) return err(limitPerMetric.error);
  const metric = parameters.get('metric') ?? '';
  const families = (await describes?.collect()) ?? [];
  const described = families
    .map(({ descriptor }) => descriptor)
    .filter(({ name }) => metric === '' || name === metric)
    .slice(0, limit.value < 0 ? undefined : limit.value)
    .map(({ name, type, description, unit }) => [name, [{ type, unit, help: description }]]);
  return ok({ data: [JSON.stringify(Object.fromEntries(described))] });
}

function countOf(parameters: URLSearchParams, name: string): Result<number, ApiError> {
  const text = parameters.get(name) ?? '';
  if (text === '') return ok(-1);
  return /^-?\d{1,15}$/.test(text) ? ok(Number(text)) : err(badData(`${name} must be a number`));
}

function listAnswer<T>({ found, warnings }: Found<T>, textOf: (item: T) => string): ApiAnswer {
  return { data: listJson(found, (item) => [textOf(item)]), warnings };
}

function buildInfo(): string {
  return JSON.stringify({
    version: BEHAVES_LIKE,
    revision: '',
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
    application: 'telltale',
  });
}
