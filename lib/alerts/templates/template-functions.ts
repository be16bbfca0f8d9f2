// The functions of templates. Each gets its arguments as values and checks their types itself; what they throw is told as Go tells
// it. Nothing of the process can be reached from here but the queries that the evaluation offers.
import { RE2JS } from 're2js';
import { graphPath } from '../graph-path.js';
import { urlQuery } from '../url-query.js';
import { compare, equal } from './compare-values.js';
import { goFormat } from './go-format.js';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
  parseDuration,
  toFloat,
  toTime,
} from './humanize.js';
import { replaceAll } from './replace-all.js';
import { TemplateFailure } from './template-node.js';
import { isTrue, printed, TemplateMap, TemplateRecord, type TemplateValue, typeName } from './template-value.js';
import { escapeHtml, escapeScript, stripDomain, stripPort, title } from './text-functions.js';

type Args = readonly TemplateValue[];

/** What functions need of where they are called. */
export interface Calling {
  readonly externalUrl: string;
  /** Answers a query, or throws what makes the expansion wait for one. */
  query(expr: string): readonly TemplateValue[];
}

interface TemplateFunction {
  readonly least: number;
  /** Left out: any number. */
  readonly most?: number;
  call(args: Args, calling: Calling): TemplateValue;
}

const LONGEST_PATTERN = 4096;

const ofNumber = (call: (value: number) => TemplateValue): TemplateFunction =>
  exactly(1, ([value]) => call(toFloat(value)));
const ofText = (call: (text: string) => TemplateValue): TemplateFunction => exactly(1, ([value]) => call(text(value)));

function exactly(count: number, call: TemplateFunction['call']): TemplateFunction {
  return { least: count, most: count, call };
}

function atLeast(least: number, call: TemplateFunction['call']): TemplateFunction {
  return { least, call };
}

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['not', exactly(1, ([value]) => !isTrue(value))],
  ['len', exactly(1, ([value]) => BigInt(lengthOf(value)))],
  ['index', atLeast(1, ([value, ...keys]) => keys.reduce(indexed, value))],
  ['slice', atLeast(1, ([value, ...bounds]) => sliced(value, bounds))],
  ['print', atLeast(0, (args) => printedAll(args))],
  ['println', atLeast(0, (args) => `${args.map(printed).join(' ')}\n`)],
  ['printf', atLeast(1, ([format, ...args]) => goFormat(text(format), args))],
  ['html', atLeast(0, (args) => escapeHtml(printedAll(args)))],
  ['js', atLeast(0, (args) => escapeScript(printedAll(args)))],
  ['urlquery', atLeast(0, (args) => urlQuery(printedAll(args)))],
  ['call', atLeast(1, () => fail('there is nothing here that could be called'))],
  ['eq', atLeast(2, ([first, ...others]) => others.some((other) => equal(first, other)))],
  ['ne', exactly(2, ([a, b]) => !equal(a, b))],
  ['lt', exactly(2, ([a, b]) => compare(a, b) < 0)],
  ['le', exactly(2, ([a, b]) => compare(a, b) < 0 || equal(a, b))],
  ['gt', exactly(2, ([a, b]) => compare(b, a) < 0)],
  ['ge', exactly(2, ([a, b]) => compare(b, a) < 0 || equal(a, b))],
  ['query', exactly(1, ([expr], calling) => calling.query(text(expr)))],
  ['first', exactly(1, ([vector]) => list(vector)[0] ?? fail('first() called on vector with no elements'))],
  ['label', exactly(2, ([name, sample]) => labelOf(sample, text(name)))],
  ['value', exactly(1, ([sample]) => record(sample).fields.get('Value'))],
  ['strvalue', exactly(1, ([sample]) => labelOf(sample, '__value__'))],
  ['args', atLeast(0, (args) => new TemplateMap(new Map(args.map((value, i) => [`arg${i}`, value])), undefined))],
  ['sortByLabel', exactly(2, ([name, vector]) => sorted(list(vector), text(name)))],
  ['tableLink', ofText((expr) => graphPath(expr, 1))],
  ['graphLink', ofText((expr) => graphPath(expr, 0))],
  ['externalURL', exactly(0, (_args, { externalUrl }) => externalUrl)],
  [
    'pathPrefix',
    exactly(0, (_args, { externalUrl }) =>
      externalUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/, ''),
    ),
  ],
  [
    'reReplaceAll',
    exactly(3, ([pattern, by, subject]) => replaceAll(compiled(text(pattern)), text(by), text(subject))),
  ],
  ['match', exactly(2, ([pattern, subject]) => compiled(text(pattern)).matcher(text(subject)).find())],
  ['title', ofText(title)],
  ['toUpper', ofText((value) => value.toUpperCase())],
  ['toLower', ofText((value) => value.toLowerCase())],
  ['stripPort', ofText(stripPort)],
  ['stripDomain', ofText(stripDomain)],
  ['safeHtml', ofText((value) => value)],
  ['parseDuration', ofText(parseDuration)],
  ['toTime', ofNumber(toTime)],
  ['humanize', ofNumber(humanize)],
  ['humanize1024', ofNumber(humanize1024)],
  ['humanizeDuration', ofNumber(humanizeDuration)],
  ['humanizePercentage', ofNumber(humanizePercentage)],
  ['humanizeTimestamp', ofNumber(humanizeTimestamp)],
]);

/** `and` and `or` are not among them, because they do not evaluate all of their arguments. */
function named(name: string): TemplateFunction {
  return FUNCTIONS.get(name) ?? fail(`${JSON.stringify(name)} is not a defined function`);
}

export function requireArguments(name: string, count: number): void {
  const { least, most } = named(name);
  if (count >= least && (most === undefined || count <= most)) return;
  const want = most === undefined ? `at least ${least}` : String(least);
  throw new TemplateFailure(`wrong number of args for ${name}: want ${want} got ${count}`);
}

/** @param args - As many as `requireArguments` lets pass. */
export function callFunction(name: string, args: Args, calling: Calling): TemplateValue {
  const found = named(name);
  try {
    return found.call(args, calling);
  } catch (thrown) {
    if (thrown instanceof TemplateFailure) throw new TemplateFailure(`error calling ${name}: ${thrown.message}`);
    throw thrown;
  }
}

function fail(problem: string): never {
  throw new TemplateFailure(problem);
}

function text(value: TemplateValue): string {
  return typeof value === 'string' ? value : fail(`wrong type for value; expected string; got ${typeName(value)}`);
}

function list(value: TemplateValue): readonly TemplateValue[] {
  return Array.isArray(value)
    ? value
    : fail(`wrong type for value; expected template.queryResult; got ${typeName(value)}`);
}

function record(value: TemplateValue): TemplateRecord {
  if (value instanceof TemplateRecord && value.kind === '*template.sample') return value;
  return fail(`wrong type for value; expected *template.sample; got ${typeName(value)}`);
}

function labelOf(sample: TemplateValue, name: string): TemplateValue {
  const labels = record(sample).fields.get('Labels');
  return labels instanceof TemplateMap ? labels.get(name) : '';
}

function lengthOf(value: TemplateValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  return value instanceof TemplateMap ? value.entries.size : fail(`len of type ${typeName(value)}`);
}

function indexed(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (value instanceof TemplateMap) return value.get(text(key));
  if (!Array.isArray(value)) return fail(`can't index item of type ${typeName(value)}`);
  if (typeof key !== 'bigint') return fail(`cannot index slice/array with type ${typeName(key)}`);
  return key >= 0n && key < BigInt(value.length) ? value[Number(key)] : fail(`index out of range: ${key}`);
}

function sliced(value: TemplateValue, bounds: Args): TemplateValue {
  if (typeof value !== 'string' && !Array.isArray(value)) return fail(`can't slice item of type ${typeName(value)}`);
  const bytes = typeof value === 'string' ? Buffer.from(value) : undefined;
  const [from = 0n, to = BigInt(lengthOf(value))] = bounds;
  if (typeof from !== 'bigint' || typeof to !== 'bigint' || bounds.length > 2)
    return fail('cannot slice with these bounds');
  if (from < 0n || to > BigInt(lengthOf(value))) return fail(`index out of range: ${from < 0n ? from : to}`);
  if (from > to) return fail(`invalid slice index: ${from} > ${to}`);
  if (bytes !== undefined) return bytes.subarray(Number(from), Number(to)).toString();
  return (value as Args).slice(Number(from), Number(to));
}

/** Blanks only between what is no text. */
function printedAll(args: Args): string {
  let all = '';
  for (const [i, value] of args.entries()) {
    if (i > 0 && typeof value !== 'string' && typeof args[i - 1] !== 'string') all += ' ';
    all += value === undefined ? '<nil>' : printed(value);
  }
  return all;
}

function sorted(vector: readonly TemplateValue[], name: string): readonly TemplateValue[] {
  const key = (sample: TemplateValue) => String(labelOf(sample, name));
  return vector.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function compiled(pattern: string): RE2JS {
  if (pattern.length > LONGEST_PATTERN) return fail('the regular expression is too long');
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : 'the regular expression cannot be read');
  }
}
