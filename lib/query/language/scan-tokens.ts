// Cuts a query into tokens by Prometheus' own rules, which are narrower than those of the grammar in some places (strings,
// white space) and wider in others (numbers). Whatever is wrong with single characters is found here, in Prometheus' words.

import { readNumber } from './numbers.js';
import { parseFailure } from './place.js';
import { stringEnd } from './scan-string.js';
import { quote } from './strings.js';
import { type Token, type TokenKind, WORDS } from './token.js';

const SPACE = /[ \t\n\r]+|#[^\n\r]*/y;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** Everything that could belong to a number or to a duration. */
const NUMBER = /\.?\d(?:[eE][+-]|[\w.])*/y;
const DURATION = /^\d+(?:[smhdwy]s?)(?:\d+[smhdw]s?)*$/;
const SYMBOL = /==|!=|<=|>=|[-+*/%^<>=@,()[\]{}]/y;
const SYMBOL_IN_BRACES = /=~|!=|!~|[=,}]/y;
const SYMBOL_IN_BRACKETS = /[-+*/%^():\]]/y;

/** The tokens of a query, the last one being its end. Throws a `QueryFailure` for the first character that fits nowhere. */
export function scanTokens(text: string): readonly Token[] {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #open: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): readonly Token[] {
    for (;;) {
      this.#at = this.#match(SPACE) ?? this.#at;
      if (this.#at >= this.#text.length) break;
      if (this.#match(SPACE) === undefined) this.#next();
    }
    if (this.#open.includes('{')) throw this.#refusal('unexpected end of input inside braces');
    if (this.#open.includes('(')) throw this.#refusal('unclosed left parenthesis');
    if (this.#open.includes('[')) throw this.#refusal('unclosed left bracket');
    this.#add('end', this.#at);
    return this.#tokens;
  }

  #next(): void {
    const innermost = this.#open.at(-1);
    const character = this.#text[this.#at] as string;
    if (this.#open.includes('[')) this.#inBrackets();
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
    if (symbol !== undefined) return this.#addSymbol(symbol);
    const character = this.#character(this.#at);
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
    if (symbol === '(' || symbol === '[' || symbol === '{') this.#open.push(symbol);
    else if (symbol === ')') this.#close('(', "unexpected right parenthesis ')'");
    else if (symbol === ']') this.#close('[', "unexpected right bracket ']'");
    else if (symbol === '}') this.#close('{', "unexpected character: '}'");
    this.#add('symbol', end);
  }

  #close(opening: string, problem: string): void {
    if (this.#open.at(-1) !== opening) throw this.#refusal(problem);
    this.#open.pop();
  }

  #add(kind: TokenKind, end: number): void {
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

function quoteCharacter(character: string): string {
  if (character === '') return 'end of input';
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}
