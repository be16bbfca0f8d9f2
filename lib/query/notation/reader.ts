// A cursor over a short text, for the notation's readers. Faults are thrown as a SyntaxError that says where and what was
// expected; the notation's edge makes a result of it.

export class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  sees(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  take(token: string): boolean {
    if (!this.sees(token)) return false;
    this.#at += token.length;
    return true;
  }

  /** @param pattern - Sticky. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Whether there were any. */
  skipBlanks(): boolean {
    return this.match(/[ \t]+/y) !== undefined;
  }

  /** A number with or without a sign: decimal, Inf or NaN. Not hexadecimal: `0x3` is a point that comes four times. */
  number(): number | undefined {
    const text = this.match(/[+-]?(?:inf(?:inity)?|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![a-wyz\d.])/iy);
    if (text === undefined) return undefined;
    const isNegative = text.startsWith('-');
    const bare = text.replace(/^[+-]/, '');
    const value = /^inf/i.test(bare) ? Number.POSITIVE_INFINITY : /^nan$/i.test(bare) ? Number.NaN : Number(bare);
    return isNegative ? -value : value;
  }

  /** A quoted text, if there is one. */
  string(): string | undefined {
    const raw = this.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/y);
    if (raw === undefined) return undefined;
    const inner = raw.slice(1, -1);
    if (raw.startsWith('`')) return inner;
    return inner.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (_all, code: string) => unescaped(code));
  }

  expectEnd(): void {
    if (!this.isAtEnd) this.fail('the end');
  }

  fail(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    const found = rest === '' ? 'the text ends' : `there is "${rest}"`;
    throw new SyntaxError(`Expected ${expected} at character ${this.#at + 1}, where ${found}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescaped(code: string): string {
  if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return ESCAPES[code] ?? code;
}
