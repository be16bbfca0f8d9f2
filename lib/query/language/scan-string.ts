// Finds where a quoted text ends and whether its escapes are right. Apart from the scanner, which stops where a string starts.
import { parseFailure } from './place.js';

interface Escape {
  readonly digits: number;
  readonly base: number;
  readonly most: number;
}

const LAST_POINT = 0x10ffff;
const NUMBERED: Readonly<Record<string, Escape>> = {
  x: { digits: 2, base: 16, most: 255 },
  u: { digits: 4, base: 16, most: LAST_POINT },
  U: { digits: 8, base: 16, most: LAST_POINT },
};
const OCTAL: Escape = { digits: 3, base: 8, most: 255 };

/** The offset behind the closing quote of a string that starts at `start`. Throws a `QueryFailure` where it is wrong. */
export function stringEnd(text: string, start: number): number {
  const opening = text[start] as string;
  const isRaw = opening === '`';
  for (let at = start + 1; at < text.length; ) {
    const character = text[at] as string;
    if (character === opening) return checked(text, start, at + 1);
    if (character === '\n' && !isRaw) break;
    at = character === '\\' && !isRaw ? escapeEnd(text, start, at) : at + 1;
  }
  throw parseFailure(text, start, isRaw ? 'unterminated raw string' : 'unterminated quoted string');
}

/** Half of a surrogate pair has no bytes in UTF-8, and U+FFFD is what a broken byte has become on its way. */
function checked(text: string, start: number, end: number): number {
  const quoted = text.slice(start, end);
  if (!quoted.isWellFormed() || quoted.includes('\ufffd')) throw parseFailure(text, start, 'invalid UTF-8 rune');
  return end;
}

function escapeEnd(text: string, start: number, at: number): number {
  const letter = text[at + 1];
  if (letter === undefined) throw parseFailure(text, start, 'escape sequence not terminated');
  if (letter === text[start] || 'abfnrtv\\'.includes(letter)) return at + 2;
  const isOctal = letter >= '0' && letter <= '7';
  const numbered = isOctal ? OCTAL : NUMBERED[letter];
  if (numbered === undefined) throw parseFailure(text, start, `unknown escape sequence ${named(text, at + 1)}`);
  const first = isOctal ? at + 1 : at + 2;
  let point = 0;
  for (let i = first; i < first + numbered.digits; i++) {
    if (i >= text.length) throw parseFailure(text, start, 'escape sequence not terminated');
    const digit = Number.parseInt(text[i] as string, numbered.base);
    if (Number.isNaN(digit)) throw parseFailure(text, start, `illegal character ${named(text, i)} in escape sequence`);
    point = point * numbered.base + digit;
  }
  if (point > numbered.most || (point >= 0xd800 && point < 0xe000)) {
    throw parseFailure(text, start, 'escape sequence is an invalid Unicode code point');
  }
  return first + numbered.digits;
}

/** As in `U+0071 'q'`. */
function named(text: string, at: number): string {
  const point = text.codePointAt(at) as number;
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(point)}'`;
}
