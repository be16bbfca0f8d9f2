// Cuts a query into tokens by Prometheus' own rules, which are narrower than those of the grammar in some places (strings,
// white space) and wider in others (numbers). Whatever is wrong with single characters is found here, in Prometheus' words.
import { QueryFailure } from '../evaluation/query-failure.js';
import { DEEPEST_EXPRESSION, tooDeep } from './depth-limit.js';
import { readNumber } from './numbers.js';
import { parseFailure } from './place.js';
import { stringEnd } from './scan-string.js';
import { quote } from './strings.js';
import { type Token, type TokenKind, WORDS } from './token.js';

/** A name, a number, a string or a sign each. Reading this many takes some 20 ms, in which nothing else is done. */
export const MOST_TOKENS = 10_000;

const SPACE = /(?:[ \t\n\r]+|#[^\n\r]*)+/y;
const BLANK = /[ \t\n\r]+/y;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** Everything that could belong to a number or to a duration. */
const NUMBER = /\.?\d(?:[eE][+-]|[\w.])*/y;
const DURATION = /^\d+(?:[smhdwy]s?)(?:\d+[smhdw]s?)*$/;
const SYMBOL = /=~|==|!=|<=|>=|[-+*/%^<>=@,()[\]{}]/y;
const SYMBOL_IN_BRACES = /=~|!=|!~|[=,}]/y;
const SYMBOL_IN_BRACKETS = /[-+*/%^():\]]/y;

export interface Scan {
  /** The last one is the end: that of the query, or of what can be read of it. */
  readonly tokens: readonly Token[];
  /** About the first character that fits nowhere, whatever stands before it. */
  readonly failure?: QueryFailure;
}

export function scanTokens(text: string): Scan {
  const scanner = new Scanner(text);
  try {
    return { tokens: scanner.scan() };
  } catch (thrown) {
    if (!(thrown instanceof QueryFailure)) throw thrown;
    return { tokens: scanner.end(), failure: thrown };
  }
}

class Scanner {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #open: string[] = [];
  #isInBrackets = false;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): readonly Token[] {
    for (;;) {
      // In brackets, Prometheus takes comments behind a number only.
      const isAtStart = this.#isInBrackets && this.#tokens.at(-1)?.kind === 'symbol';
      this.#at = this.#match(isAtStart ? BLANK : SPACE) ?? this.#at;
      if (this.#at >= this.#text.length) break;
      this.#next();
    }
    const unclosed = this.#unclosed();
    if (unclosed !== undefined) throw this.#refusal(unclosed);
    return this.end();
  }

  /** What there is so far, with an end. */
  end(): readonly Token[] {
    this.#tokens.push({ kind: 'end', text: '', start: this.#at, end: this.#at });
    return this.#tokens;
  }

  #unclosed(): string | undefined {
    if (this.#open.includes('{')) return 'unexpected end of input inside braces';
    if (this.#isInBrackets && this.#tokens.at(-1)?.kind === 'symbol')
      return 'unexpected end of input in duration expression';
    if (this.#open.includes('(')) return 'unclosed left parenthesis';
    return this.#isInBrackets ? 'unclosed left bracket' : undefined;
  }

  #next(): void {
    const innermost = this.#open.at(-1);
    const character = this.#text[this.#at] as string;
    if (this.#isInBrackets) this.#inBrackets();
    else if (character === '"' || character === "'" || character === '`')
      this.#add('string', stringEnd(this.#text, this.#at));
    else if (innermost === '{') this.#inBraces();
    else this.#outside();
  }

  #outside(): void {
    const name = this.#match(NAME);
    if (name !== undefined) return this.#addName(name);
    const number = this.#match(NUMBER);
    if (number !== undefined) return this.#addNumber(number);
    const symbol = this.#match(SYMBOL);
    const character = this.#character(this.#at);
    if (symbol !== undefined) return this.#addSymbol(symbol);
    if (character !== '!') throw this.#refusal(`unexpected character: ${quoteCharacter(character)}`);
    throw this.#refusal(`unexpected character after '!': ${quoteCharacter(this.#character(this.#at + 1))}`);
  }

  #inBraces(): void {
    const label = this.#match(LABEL);
    if (label !== undefined) return this.#add('identifier', label);
    const symbol = this.#match(SYMBOL_IN_BRACES);
    if (symbol !== undefined) return this.#addSymbol(symbol);
    const character = this.#character(this.#at);
    if (character === '{') throw this.#refusal("unexpected left brace '{'");
    if (character !== '!') throw this.#refusal(`unexpected character inside braces: ${quoteCharacter(character)}`);
    const next = quoteCharacter(this.#character(this.#at + 1));
    throw this.#refusal(`unexpected character after '!' inside braces: ${next}`);
  }

  #inBrackets(): void {
    const number = this.#match(NUMBER);
    if (number !== undefined) return this.#addNumber(number);
    const symbol = this.#match(SYMBOL_IN_BRACKETS);
    if (symbol !== undefined) return this.#addSymbol(symbol);
    const character = quoteCharacter(this.#character(this.#at));
    throw this.#refusal(`unexpected character in duration expression: ${character}`);
  }

  #addName(end: number): void {
    const name = this.#text.slice(this.#at, end);
    const word = name.toLowerCase();
    if (word === 'inf' || word === 'nan') this.#add('number', end);
    else if (WORDS.has(word)) this.#add('word', end);
    else this.#add(name.includes(':') ? 'metric identifier' : 'identifier', end);
  }

  #addNumber(end: number): void {
    const text = this.#text.slice(this.#at, end);
    if (readNumber(text) !== undefined) this.#add('number', end);
    else if (DURATION.test(text)) this.#add('duration', end);
    else throw this.#refusal(`bad number or duration syntax: ${quote(text)}`);
  }

  #addSymbol(end: number): void {
    const symbol = this.#text.slice(this.#at, end);
    if (symbol === '=~' && this.#open.at(-1) !== '{') throw this.#refusal("unexpected character after '=': '~'");
    if (symbol === '(' || symbol === '[' || symbol === '{') this.#openWith(symbol);
    else if (symbol === ')') this.#close('(', "unexpected right parenthesis ')'");
    else if (symbol === ']') this.#close('[', "unexpected right bracket ']'");
    else if (symbol === '}') this.#close('{', "unexpected character: '}'");
    this.#add('symbol', end);
  }

  #openWith(opening: string): void {
    if (this.#open.length >= DEEPEST_EXPRESSION) throw tooDeep();
    this.#open.push(opening);
    this.#isInBrackets ||= opening === '[';
  }

  #close(opening: string, problem: string): void {
    if (this.#open.at(-1) !== opening) throw this.#refusal(problem);
    this.#open.pop();
    if (opening === '[') this.#isInBrackets = false;
  }

  #add(kind: TokenKind, end: number): void {
    if (this.#tokens.length >= MOST_TOKENS) throw tooMany();
    const text = this.#text.slice(this.#at, end);
    this.#tokens.push({ kind, text: kind === 'word' ? text.toLowerCase() : text, start: this.#at, end });
    this.#at = end;
  }

  /** Where a match that starts here ends. */
  #match(pattern: RegExp): number | undefined {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? pattern.lastIndex : undefined;
  }

  #character(offset: number): string {
    const point = this.#text.codePointAt(offset);
    return point === undefined ? '' : String.fromCodePoint(point);
  }

  #refusal(problem: string) {
    return parseFailure(this.#text, this.#at, problem);
  }
}

function tooMany(): QueryFailure {
  return new QueryFailure({
    kind: 'limit_exceeded',
    limit: 'the number of names, values and signs in a query',
    allowed: MOST_TOKENS,
  });
}

function quoteCharacter(character: string): string {
  if (character === '') return 'end of input';
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}
