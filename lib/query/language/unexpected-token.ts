// What to say of a token that does not fit: what it is, where it stands and what could have stood there instead. The
// grammar tells nothing but the offset; the rest is seen from the tokens before it.
import type { QueryFailure } from '../evaluation/query-failure.js';
import { functionSignatures } from './function-signatures.js';
import { parseFailure, unsupportedFailure } from './place.js';
import { quote } from './strings.js';
import { AGGREGATIONS, isOperator, isSymbol, nameOfToken, startsOperand, type Token } from './token.js';

const GROUPINGS: ReadonlySet<string> = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);

/** The refusal of a query whose tokens stop making sense at `offset`. */
export function unexpectedToken(text: string, tokens: readonly Token[], offset: number): QueryFailure {
  const end = tokens.length - 1;
  const found = tokens.findIndex((token) => token.start >= offset || token.end > offset);
  const index = found === -1 ? end : found;
  const token = tokens[index] as Token;
  if (tokens.length === 1) return parseFailure(text, 0, 'no expression found in input');

  if (isArithmeticOnDurations(tokens, index)) return unsupportedFailure(text, token.start, 'arithmetic on durations');
  const unknown = unknownFunctionAt(tokens, index);
  if (unknown !== undefined)
    return parseFailure(text, unknown.start, `unknown function with name ${quote(unknown.text)}`);
  if (isSymbol(token, ')') && isSymbol(tokens[index - 1], ',') && isCall(tokens, index)) {
    return parseFailure(text, (tokens[index - 1] as Token).start, 'trailing commas not allowed in function call args');
  }
  const { context, expected } = surroundings(tokens, index);
  const where = context === '' ? '' : ` in ${context}`;
  return parseFailure(text, token.start, `unexpected ${nameOfToken(token, text)}${where}, expected ${expected}`);
}

interface Surroundings {
  /** What the token stands in; empty where it is nothing in particular. */
  readonly context: string;
  readonly expected: string;
}

function surroundings(tokens: readonly Token[], index: number): Surroundings {
  const before = tokens[index - 1];
  const opening = openingBefore(tokens, index);
  const opener = opening === -1 ? undefined : (tokens[opening] as Token).text;
  if (opener === '{') return { context: 'label matching', expected: expectedInBraces(before as Token) };
  if (opener === '[') return inBrackets(tokens, opening, index);
  if (opener === '(' && isGrouping(tokens, opening)) {
    const isAfterLabel = !isSymbol(before, '(') && !isSymbol(before, ',');
    return { context: 'grouping opts', expected: isAfterLabel ? '"," or ")"' : 'label' };
  }
  // Where a value comes, these words are the names of metrics.
  if (before?.kind === 'word' && !startsOperand(tokens[index - 2])) {
    if (GROUPINGS.has(before.text)) return { context: 'grouping opts', expected: '"("' };
    if (before.text === 'offset') return { context: 'offset', expected: 'number or duration' };
  }
  if (isSymbol(before, '@')) return { context: '@', expected: 'timestamp' };
  if (before !== undefined && isAggregation(before))
    return { context: 'aggregation', expected: '"(", "by" or "without"' };
  return { context: '', expected: expectedOutside(tokens, index, opener) };
}

function expectedInBraces(before: Token): string {
  if (before.kind === 'identifier') return 'label matching operator';
  if (before.kind === 'string') return '"," or "}"';
  return isOperator(before) || before.text === '=' ? 'string' : 'identifier or "}"';
}

function inBrackets(tokens: readonly Token[], opening: number, index: number): Surroundings {
  const inside = tokens.slice(opening + 1, index);
  const last = inside.at(-1);
  const hasColon = inside.some((token) => isSymbol(token, ':'));
  if (last === undefined) return { context: 'subquery selector', expected: 'number or duration' };
  if (isSymbol(last, ':')) return { context: 'subquery selector', expected: 'number or duration or "]"' };
  return hasColon
    ? { context: 'subquery selector', expected: '"]"' }
    : { context: 'subquery or range', expected: '":" or "]"' };
}

function expectedOutside(tokens: readonly Token[], index: number, opener: string | undefined): string {
  const before = tokens[index - 1];
  const wantsOperand =
    before === undefined ||
    isOperator(before) ||
    isSymbol(before, '(') ||
    isSymbol(before, ',') ||
    (before.kind === 'word' && before.text === 'bool') ||
    closesMatching(tokens, index - 1);
  if (wantsOperand) return 'an expression';
  return opener === '(' ? 'an operator or ")"' : 'an operator or the end of the query';
}

/** Arithmetic on durations, `[5m + 1m]` and `offset (1h)`, is an experiment. */
function isArithmeticOnDurations(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index] as Token;
  if (isSymbol(token, '(') && isAfterOffset(tokens, index)) return true;
  const opening = openingBefore(tokens, index);
  const isInRange = isSymbol(tokens[opening], '[') || isSymbol(tokens[opening - 1], '[');
  return isInRange && (isOperator(token) || isSymbol(token, '(') || isSymbol(token, ')'));
}

function isAfterOffset(tokens: readonly Token[], index: number): boolean {
  let at = index - 1;
  while (isSymbol(tokens[at], '-') || isSymbol(tokens[at], '+')) at--;
  const { kind, text } = tokens[at] ?? {};
  return kind === 'word' && text === 'offset' && !startsOperand(tokens[at - 1]);
}

function unknownFunctionAt(tokens: readonly Token[], index: number): Token | undefined {
  const name = tokens[index - 1];
  if (!isSymbol(tokens[index], '(') || name?.kind !== 'identifier' || functionSignatures.has(name.text))
    return undefined;
  return name;
}

/** Whether the parenthesis that is open at `index` encloses arguments. */
function isCall(tokens: readonly Token[], index: number): boolean {
  const before = tokens[openingBefore(tokens, index) - 1];
  return before !== undefined && (before.kind === 'identifier' || isAggregation(before) || isSymbol(before, ')'));
}

function isAggregation(token: Token): boolean {
  return token.kind === 'word' && AGGREGATIONS.has(token.text);
}

function isGrouping(tokens: readonly Token[], opening: number): boolean {
  const before = tokens[opening - 1];
  return before?.kind === 'word' && GROUPINGS.has(before.text);
}

/** Whether the token closes the labels of `on`, `ignoring` or a grouping between two values. */
function closesMatching(tokens: readonly Token[], index: number): boolean {
  if (!isSymbol(tokens[index], ')')) return false;
  const opening = openingBefore(tokens, index);
  const word = tokens[opening - 1];
  return opening > 0 && isGrouping(tokens, opening) && word?.text !== 'by' && word?.text !== 'without';
}

/** The index of what is open where the token at `index` stands; -1 where nothing is. */
function openingBefore(tokens: readonly Token[], index: number): number {
  let closed = 0;
  for (let i = index - 1; i >= 0; i--) {
    const { kind, text } = tokens[i] as Token;
    if (kind !== 'symbol') continue;
    if (text === ')' || text === ']' || text === '}') closed++;
    else if ((text === '(' || text === '[' || text === '{') && closed-- === 0) return i;
  }
  return -1;
}
