// Numbers as text. Apart from the writers of lines because it is hot code with a promise of its own: whatever is printed
// parses back to exactly the same bits, and printing the numbers that metrics usually hold allocates nothing.

/** No number takes more bytes than this; the longest is -2.2250738585072014e-308. */
export const MAX_NUMBER_BYTES = 32;

// The digits of 0 to 99 as pairs of bytes: two digits are one division and one store.
const DIGIT_PAIRS = Uint16Array.from({ length: 100 }, (_, n) => 0x3030 + Math.floor(n / 10) + ((n % 10) << 8));
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;

// Up to here a number times a million is exact to the last digit, so that rounding it decides whether six decimals suffice.
const MAX_DECIMAL = 9e9;

/** A number as the classic text format shows it in a label value, and as samples show what has no short decimal form. */
export function plainNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * A number as OpenMetrics wants it in `le` and `quantile`, so that one bound is the same series whoever exposes it.
 * Source: the canonical numbers of https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers
 */
export function canonicalNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value)) return plainNumber(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = plainNumber(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

/**
 * Writes a number at `at` and answers where it ends; there must be room for `MAX_NUMBER_BYTES`.
 *
 * Cost: 4–10 ns for integers, 10–15 ns for up to six decimals, 90 ns and a string for the rest.
 */
export function writeNumber(target: DataView, at: number, value: number): number {
  // Most samples are counts: the conversion to a 32-bit integer tells them apart. Zero is not among them, for it has a sign.
  if (value === (value | 0) && value > 0) return writeInteger(target, at, value | 0);
  return writeRareNumber(target, at, value);
}

function writeRareNumber(target: DataView, at: number, value: number): number {
  if (!Number.isFinite(value)) return writeText(target, at, plainNumber(value));
  if (value === 0) return writeZero(target, at, value);
  if (value < 0) {
    target.setUint8(at, MINUS);
    return writePositive(target, at + 1, -value);
  }
  return writePositive(target, at, value);
}

function writeZero(target: DataView, at: number, zero: number): number {
  target.setUint8(at, MINUS);
  const end = at + (1 / zero < 0 ? 2 : 1);
  target.setUint8(end - 1, ZERO);
  return end;
}

function writePositive(target: DataView, at: number, value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) return writeText(target, at, plainNumber(value));
  const whole = Math.floor(value);
  if (whole === value) return writeWhole(target, at, whole);
  const millionths = Math.round(value * 1e6);
  // Correct division makes this an equivalence: the decimal text of millionths / 1e6 parses to that very quotient.
  if (value > MAX_DECIMAL || millionths / 1e6 !== value) return writeText(target, at, plainNumber(value));
  return writeDecimals(target, writeWhole(target, at, whole), millionths - whole * 1e6);
}

/** Writes a point and six decimals without their trailing zeros. */
function writeDecimals(target: DataView, at: number, millionths: number): number {
  target.setUint8(at, POINT);
  let end = writePadded(target, at + 1, millionths, 6);
  while (target.getUint8(end - 1) === ZERO) end -= 1;
  return end;
}

/** Writes an integer from 0 to 2⁵³ - 1. */
function writeWhole(target: DataView, at: number, value: number): number {
  if (value <= 0x7fffffff) return writeInteger(target, at, value | 0);
  const high = Math.floor(value / 1e8);
  return writePadded(target, writeInteger(target, at, high), value - high * 1e8, 8);
}

/** Writes an even number of digits, with leading zeros. */
function writePadded(target: DataView, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let place = at + digits - 2; place >= at; place -= 2) {
    const hundreds = (rest / 100) | 0;
    target.setUint16(place, DIGIT_PAIRS[rest - hundreds * 100]!, true);
    rest = hundreds;
  }
  return at + digits;
}

/** Writes an integer from 0 to 2³¹ - 1, from its last digits to its first. */
function writeInteger(target: DataView, at: number, value: number): number {
  const end = at + digitCount(value);
  let place = end;
  let rest = value;
  while (rest >= 100) {
    const hundreds = (rest / 100) | 0;
    place -= 2;
    target.setUint16(place, DIGIT_PAIRS[rest - hundreds * 100]!, true);
    rest = hundreds;
  }
  if (rest >= 10) target.setUint16(place - 2, DIGIT_PAIRS[rest]!, true);
  else target.setUint8(place - 1, ZERO + rest);
  return end;
}

function digitCount(value: number): number {
  if (value < 10_000) {
    if (value < 100) return value < 10 ? 1 : 2;
    return value < 1000 ? 3 : 4;
  }
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  if (value < 100_000_000) return value < 10_000_000 ? 7 : 8;
  return value < 1_000_000_000 ? 9 : 10;
}

function writeText(target: DataView, at: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) target.setUint8(at + index, text.charCodeAt(index));
  return at + text.length;
}
