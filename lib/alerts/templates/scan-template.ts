// Takes a template apart into texts and the tokens within `{{ }}`, with Go's rules for blanks, trimming and comments.
import { TemplateFailure } from './template-node.js';

export interface TemplateToken {
  readonly kind:
    | 'text'
    | 'open'
    | 'close'
    | 'space'
    | 'field'
    | 'variable'
    | 'word'
    | 'string'
    | 'char'
    | 'number'
    | 'sign';
  readonly text: string;
  readonly at: number;
}

const BLANKS = ' \t\r\n';
/** In the order in which they are tried; all of them are sticky. */
const TOKENS: readonly (readonly [TemplateToken['kind'], RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\.)+'/y],
  [
    'number',
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![\w.])/y,
  ],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['sign', /:=|[=|(),.]/y],
];

/** Throws a `TemplateFailure` whose message starts with the line, as Go's do. */
export function scanTemplate(source: string): readonly TemplateToken[] {
  const tokens: TemplateToken[] = [];
  let at = 0;
  let isTrimming = false;
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    const end = open < 0 ? source.length : open;
    const trimsLeft = open >= 0 && source[open + 2] === '-' && BLANKS.includes(source[open + 3] ?? '.');
    let text = source.slice(at, end);
    const from = at + (isTrimming ? text.length - text.replace(/^[ \t\r\n]+/, '').length : 0);
    if (isTrimming) text = text.replace(/^[ \t\r\n]+/, '');
    if (trimsLeft) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') tokens.push({ kind: 'text', text, at: from });
    if (open < 0) break;
    const inside = open + (trimsLeft ? 4 : 2);
    const action = source.startsWith('/*', inside) ? comment(source, inside) : scanAction(source, inside, tokens, open);
    at = action.end;
    isTrimming = action.trimsRight;
  }
  return tokens;
}

interface ScannedAction {
  readonly end: number;
  readonly trimsRight: boolean;
}

function comment(source: string, at: number): ScannedAction {
  const end = source.indexOf('*/', at);
  if (end < 0) throw failure(source, at, 'unclosed comment');
  const close = closing(source, end + 2);
  if (close === undefined) throw failure(source, at, 'comment ends before closing delimiter');
  return close;
}

/** What ends an action at a place, if anything does. */
function closing(source: string, at: number): ScannedAction | undefined {
  const trimmed = /[ \t\r\n]-\}\}/y;
  trimmed.lastIndex = at;
  if (trimmed.test(source)) return { end: at + 4, trimsRight: true };
  return source.startsWith('}}', at) ? { end: at + 2, trimsRight: false } : undefined;
}

function scanAction(source: string, from: number, tokens: TemplateToken[], open: number): ScannedAction {
  tokens.push({ kind: 'open', text: '{{', at: open });
  let at = from;
  while (at < source.length) {
    const close = closing(source, at);
    if (close !== undefined) {
      tokens.push({ kind: 'close', text: '}}', at });
      return close;
    }
    const token = tokenAt(source, at);
    tokens.push(token);
    at += token.text.length;
  }
  throw failure(source, source.length, 'unclosed action');
}

function tokenAt(source: string, at: number): TemplateToken {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    // The blank before `-}}` belongs to the end of the action.
    if (text === undefined) continue;
    if (kind === 'space' && source.startsWith('-}}', at + text.length)) return spaceBefore(text, at);
    return { kind, text, at };
  }
  const character = String.fromCodePoint(source.codePointAt(at) as number);
  if (character === '"' || character === '`') {
    throw failure(source, at, character === '"' ? 'unterminated quoted string' : 'unterminated raw quoted string');
  }
  if (character === "'") throw failure(source, at, 'unterminated character constant');
  if (/[0-9.+-]/.test(character))
    throw failure(source, at, `bad number syntax: ${JSON.stringify(source.slice(at, at + 10))}`);
  const point = (source.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, '0');
  throw failure(source, at, `unrecognized character in action: U+${point} '${character}'`);
}

function spaceBefore(text: string, at: number): TemplateToken {
  return { kind: 'space', text: text.slice(0, -1), at };
}

export function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

export function failure(source: string, at: number, problem: string): TemplateFailure {
  return new TemplateFailure(`${lineOf(source, at)}: ${problem}`);
}
