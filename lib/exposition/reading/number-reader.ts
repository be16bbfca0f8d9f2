// Numbers from bytes, digit by digit. Apart from the scanner because it is hot code with a promise of its own: whatever was
// printed so that it parses back to the same bits does, and the numbers that metrics usually hold cost no string.
import { MINUS, PLUS, POINT, ZERO } from './characters.js';

const LOWER_E = 0x65;
const LOWER_CASE = 0x20;

/** So many digits make an integer that a double holds, and powers of ten up to this one are doubles as well. */
const EXACT_DIGITS = 15;
const EXACT_POWER = 22;
const POWERS = Float64Array.from({ length: EXACT_POWER + 1 }, (_, power) => Number(`1e${power}`));
/** The longest of the words that are numbers. */
const WORD_BYTES = 'infinity'.length;

export class NumberReader {
  /** Where the number that was read last ends; -1 when there was none. */
  end = -1;

  /**
   * The number that stands at `from`, which some byte that is none of a number has to follow. What is no double is no number.
   *
   * Cost: about 1 ns a digit; 100 ns and a string where there are more than 15 digits.
   */
  read(bytes: Uint8Array, from: number): number {
    const sign = bytes[from]!;
    const start = sign === MINUS || sign === PLUS ? from + 1 : from;
    let at = start;
    let mantissa = 0;
    let digit = bytes[at]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = bytes[++at]! - ZERO;
    }
    let digits = at - start;
    let power = 0;
    if (bytes[at] === POINT) {
      const point = at;
      digit = bytes[++at]! - ZERO;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digit = bytes[++at]! - ZERO;
      }
      power = point + 1 - at;
      digits -= power;
    }
    if (digits === 0) return this.#readWord(bytes, from);
    this.end = at;
    if ((bytes[at]! | LOWER_CASE) === LOWER_E) power += this.#readExponent(bytes, at + 1);
    if (digits > EXACT_DIGITS || power < -EXACT_POWER || power > EXACT_POWER) return this.#readExactly(bytes, from);
    // One operation on two exact doubles rounds once, which is what reading the text as a whole would do.
    const magnitude = power < 0 ? mantissa / POWERS[-power]! : mantissa * POWERS[power]!;
    return sign === MINUS ? -magnitude : magnitude;
  }

  #readExponent(bytes: Uint8Array, from: number): number {
    const sign = bytes[from]!;
    const start = sign === MINUS || sign === PLUS ? from + 1 : from;
    let at = start;
    let exponent = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
      if (exponent < 1e6) exponent = exponent * 10 + digit;
    }
    this.end = at === start ? -1 : at;
    return sign === MINUS ? -exponent : exponent;
  }

  #readExactly(bytes: Uint8Array, from: number): number {
    if (this.end === -1) return 0;
    const value = Number(Buffer.from(bytes.buffer, bytes.byteOffset + from, this.end - from).toString('latin1'));
    if (!Number.isFinite(value)) this.end = -1;
    return value;
  }

  /** Infinity and NaN in any case, as both formats allow. */
  #readWord(bytes: Uint8Array, from: number): number {
    let word = '';
    let at = from;
    const sign = bytes[at]!;
    if (sign === MINUS || sign === PLUS) at++;
    while (word.length <= WORD_BYTES && isLetter(bytes[at]!)) word += String.fromCharCode(bytes[at++]! | LOWER_CASE);
    this.end = at;
    if (word === 'nan' && sign !== MINUS && sign !== PLUS) return Number.NaN;
    if (word === 'inf' || word === 'infinity') return sign === MINUS ? -Infinity : Infinity;
    this.end = -1;
    return 0;
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | LOWER_CASE;
  return lower >= 0x61 && lower <= 0x7a;
}

const reader = new NumberReader();

/** A whole text as a number, undefined when it is none. */
export function numberOf(text: string): number | undefined {
  const bytes = Buffer.from(`${text}\n`);
  const value = reader.read(bytes, 0);
  return reader.end === bytes.length - 1 ? value : undefined;
}
