// What a request asks for: its parameters from the URL and from a form in its body, and how moments, durations, limits and
// matchers are written in them. Whatever comes from outside is bounded here.
import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from 'neverthrow';
import { describe, type QueryError } from '../../errors.js';
import type { LabelMatcher } from '../../model/storage.js';
import { readDuration } from '../language/durations.js';
import { parseExpression } from '../language/parse-expression.js';
import { type ApiError, badData, invalidParameter } from './api-error.js';

/** A form that is longer is refused before it is read to its end. */
const MOST_FORM_BYTES = 1024 * 1024;
/** Moments that Prometheus' clients send where they mean "from the beginning" and "to the end". */
const FIRST_MOMENT = '-292273086-05-16T16:47:06Z';
const LAST_MOMENT = '292277025-08-18T07:12:54.999999999Z';

/** The parameters of the URL and, of a POST, those of its form. */
export async function readParameters(request: IncomingMessage): Promise<Result<URLSearchParams, ApiError>> {
  const { url = '', method } = request;
  // Only the first question mark separates: those behind it are part of what is asked, as in `{path=~"colou?r"}`.
  const parameters = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
  if (method !== 'POST') return ok(parameters);
  const form = await readForm(request);
  if (form.isErr()) return err(form.error);
  const all = new URLSearchParams(form.value);
  for (const [name, value] of parameters) all.append(name, value);
  return ok(all);
}

async function readForm(request: IncomingMessage): Promise<Result<string, ApiError>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_FORM_BYTES) return err(badData(`error parsing form values: more than ${MOST_FORM_BYTES} bytes`));
    pieces.push(piece);
  }
  return ok(Buffer.concat(pieces).toString('utf8'));
}

/** Seconds since the epoch; `missing` where there is none. */
export function readMoment(
  parameters: URLSearchParams,
  name: string,
  missing: number | undefined,
): Result<number, ApiError> {
  const text = parameters.get(name) ?? '';
  if (text === '' && missing !== undefined) return ok(missing);
  const seconds = momentOf(text);
  if (seconds !== undefined) return ok(seconds);
  const problem = `cannot parse ${JSON.stringify(text)} to a valid timestamp`;
  return err(invalidParameter(name, missing === undefined ? problem : `invalid time value for '${name}': ${problem}`));
}

function momentOf(text: string): number | undefined {
  const seconds = numberOf(text);
  if (seconds !== undefined) return Number.isFinite(seconds) ? Math.round(seconds * 1000) / 1000 : undefined;
  if (text === FIRST_MOMENT) return Number.NEGATIVE_INFINITY;
  if (text === LAST_MOMENT) return Number.POSITIVE_INFINITY;
  if (!/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  if (!isDay(text.slice(0, 10))) return undefined;
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Seconds, written as a number or as PromQL writes durations. */
export function readSeconds(parameters: URLSearchParams, name: string): Result<number, ApiError> {
  const text = parameters.get(name) ?? '';
  const seconds = numberOf(text);
  if (seconds !== undefined && Math.abs(seconds) < 2 ** 63 / 1e9) return ok(seconds);
  const duration = readDuration(text);
  if (seconds === undefined && 'ms' in duration) return ok(duration.ms / 1000);
  const overflow = seconds === undefined ? '' : '. It overflows int64';
  return err(invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration${overflow}`));
}

/** How many results are wanted at most; 0 for all. */
export function readLimit(parameters: URLSearchParams): Result<number, ApiError> {
  const text = parameters.get('limit') ?? '';
  if (text === '') return ok(0);
  if (!/^[+-]?\d{1,15}$/.test(text)) {
    return err(invalidParameter('limit', `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`));
  }
  return text.startsWith('-') ? err(invalidParameter('limit', 'limit must be non-negative')) : ok(Number(text));
}

const NOTHING_ASKED = 'match[] must contain at least one non-empty matcher';

/** One list of matchers for each `match[]`. The error is a sentence without the parameter's name. */
export function readMatchers(parameters: URLSearchParams): Result<readonly (readonly LabelMatcher[])[], string> {
  const lists: (readonly LabelMatcher[])[] = [];
  for (const text of parameters.getAll('match[]')) {
    const expression = parseExpression(text);
    if (expression.isErr()) return err(problemOf(expression.error));
    const selector = expression.value;
    if (selector.kind !== 'selector' || selector.offsetMs !== 0 || selector.at !== undefined) {
      return err('1:1: parse error: a series selector has a name and matchers, and nothing else');
    }
    lists.push(selector.matchers);
  }
  return ok(lists);
}

function problemOf(error: QueryError): string {
  if (!('line' in error)) return describe(error);
  // As part of a query it is a parse error; of a request that asks for series, Prometheus says it in other words.
  if ('problem' in error && error.problem.includes('at least one non-empty matcher')) return NOTHING_ASKED;
  return `${error.line}:${error.column}: parse error: ${'problem' in error ? error.problem : error.feature}`;
}

/** As Go reads floats, but for its hexadecimal form. */
function numberOf(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  return Number(text);
}
