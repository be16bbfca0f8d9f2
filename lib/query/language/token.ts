// The words of a query, and how messages name them. Apart from the scanner that finds them, because everything that
// complains speaks of them.
import { quote } from './strings.js';

export type TokenKind =
  | 'identifier'
  | 'metric identifier'
  | 'number'
  | 'duration'
  | 'string'
  | 'word'
  | 'symbol'
  | 'end';

export interface Token {
  /** A `word` is one that the language uses itself. */
  readonly kind: TokenKind;
  /** As it stands there; words in small letters, because they mean the same in capitals. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export const AGGREGATIONS: ReadonlySet<string> = new Set([
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);

const OPERATOR_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'atan2']);
const OPERATOR_SYMBOLS: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '==',
  '!=',
  '<=',
  '<',
  '>=',
  '>',
  '=~',
  '!~',
  '@',
]);
const KEYWORDS = ['offset', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool', 'start', 'end'];

/** Every word of the language but `inf` and `nan`, which are numbers. */
export const WORDS: ReadonlySet<string> = new Set([...AGGREGATIONS, ...OPERATOR_WORDS, ...KEYWORDS]);

/** Words that cannot be the name of a metric unless they are in quotes. */
export const NEVER_METRICS: ReadonlySet<string> = new Set([
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'atan2',
]);

export function isOperator({ kind, text }: Token): boolean {
  return (kind === 'word' && OPERATOR_WORDS.has(text)) || (kind === 'symbol' && OPERATOR_SYMBOLS.has(text));
}

export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

/** Whether a value comes after this token, so that `offset` is the name of a metric there. */
export function startsOperand(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'word') return ['and', 'or', 'unless', 'atan2', 'bool'].includes(before.text);
  return before.kind === 'symbol' && !')]}@'.includes(before.text);
}

/** A token as Prometheus names it where it does not belong. */
export function nameOfToken(token: Token, query: string): string {
  const { kind, start, end } = token;
  const text = query.slice(start, end);
  if (kind === 'end') return 'end of input';
  if (isOperator(token)) return `<op:${text}>`;
  if (kind === 'symbol' || token.text === 'start' || token.text === 'end') return quote(text);
  if (kind === 'word') return AGGREGATIONS.has(token.text) ? `<aggr:${text}>` : `<${text}>`;
  const isName = kind === 'identifier' || kind === 'metric identifier';
  const shown = isName || text.length <= 10 ? quote(text) : `${quote(text.slice(0, 10))}...`;
  return `${kind} ${shown}`;
}
