// The tokens of a template, read one after the other: what comes next, what it stands for, and the errors that name where
// reading stands.
import { unquote } from '../../query/language/strings.js';
import { failure, scanTemplate, type TemplateToken } from './scan-template.js';
import type { Placed } from './template-node.js';

/** Far more than annotations need. */
export const LONGEST_TEMPLATE = 65_536;
const DEEPEST = 100;

/** The escapes of Go's strings. */
const STRING =
  /^(?:`[^`]*`|"(?:[^"\\\n]|\\(?:[abfnrtv\\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}))*")$/;

/** Everything here throws a `TemplateFailure` for what it cannot read. */
export class TokenReader {
  readonly source: string;
  readonly #tokens: readonly TemplateToken[];
  #next = 0;
  #depth = 0;

  constructor(source: string) {
    this.source = source;
    if (source.length > LONGEST_TEMPLATE) throw failure('', 0, `a template has ${LONGEST_TEMPLATE} characters at most`);
    this.#tokens = scanTemplate(source);
  }

  /** How many blocks and parentheses are open. */
  get depth(): number {
    return this.#depth;
  }

  enter(): void {
    if (++this.#depth > DEEPEST) this.fail('template is nested too deeply');
  }

  leave(): void {
    this.#depth--;
  }

  /** Undefined at the end. */
  takeIfAny(): TemplateToken | undefined {
    return this.#tokens[this.#next++];
  }

  take(): TemplateToken {
    const token = this.peek();
    this.#next++;
    return token;
  }

  peek(): TemplateToken {
    return this.#tokens[this.#next] ?? this.fail('unexpected EOF');
  }

  skip(): void {
    this.#next++;
  }

  skipSpace(): void {
    while (this.#tokens[this.#next]?.kind === 'space') this.#next++;
  }

  /** Where reading stands, to come back to. */
  get place(): number {
    return this.#next;
  }

  goBack(place: number): void {
    this.#next = place;
  }

  close(context: string): void {
    this.skipSpace();
    const token = this.take();
    if (token.kind !== 'close') this.unexpected(token, context);
  }

  /** The value of a string, a character or a number. */
  literal({ kind, text }: TemplateToken): string | number | bigint {
    if (kind === 'string') return this.string(text);
    if (kind === 'char') return BigInt(unquote(`"${text.slice(1, -1)}"`).codePointAt(0) ?? 0);
    const plain = text.replaceAll('_', '');
    const isFloat = /^[+-]?(?:\d|\.)/.test(plain) && /[.eE]/.test(plain) && !/^[+-]?0[xX]/.test(plain);
    if (isFloat) return Number(plain);
    const sign = plain.startsWith('-') ? -1n : 1n;
    const digits = plain.replace(/^[+-]/, '').replace(/^0(?=[0-7]+$)/, '0o');
    return sign * BigInt(digits);
  }

  string(text: string): string {
    if (!STRING.test(text)) this.fail('invalid syntax');
    return unquote(text);
  }

  unexpected({ text }: TemplateToken, context: string): never {
    return this.fail(`unexpected ${JSON.stringify(text)} in ${context}`);
  }

  fail(problem: string): never {
    const at: Placed = this.#tokens[Math.min(this.#next, this.#tokens.length) - 1] ?? { at: 0 };
    throw failure(this.source, at.at, problem);
  }
}
