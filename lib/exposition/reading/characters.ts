// Bytes that mean something in an exposition, and which of them names are made of.

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const BLANK = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const OPENING = 0x7b;
export const CLOSING = 0x7d;

/** What a byte may be in a name, as bits. */
export const METRIC_START = 1;
export const METRIC_PART = 2;
export const LABEL_START = 4;
export const LABEL_PART = 8;

/** By byte. */
export const NAME_BITS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[a-zA-Z_]/.test(character)) return METRIC_START | METRIC_PART | LABEL_START | LABEL_PART;
  if (/[0-9]/.test(character)) return METRIC_PART | LABEL_PART;
  return character === ':' ? METRIC_START | METRIC_PART : 0;
});

export function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB;
}

export function skipBlanks(bytes: Uint8Array, from: number): number {
  if (bytes[from]! > BLANK) return from;
  let at = from;
  while (isBlank(bytes[at]!)) at++;
  return at;
}
