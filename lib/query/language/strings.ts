// Strings as PromQL writes them: in double or single quotes with Go's escapes, or in backquotes without any.

const ESCAPES = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gsu;
const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What a quoted text says. It is one whose escapes have been checked. */
export function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`') || !inner.includes('\\')) return inner;
  // `\x` and octal escapes are bytes of UTF-8: put apart as characters, they are joined at the end.
  let hasBytes = false;
  const byte = (value: number) => {
    hasBytes ||= value >= 0x80;
    return value < 0x80 ? String.fromCharCode(value) : String.fromCharCode(BYTES + value);
  };
  const text = inner.replace(ESCAPES, (_, hex, short, long, octal, named) => {
    if (hex !== undefined) return byte(Number.parseInt(hex, 16));
    if (octal !== undefined) return byte(Number.parseInt(octal, 8));
    const point = short ?? long;
    return point !== undefined ? String.fromCodePoint(Number.parseInt(point, 16)) : (NAMED[named] ?? named);
  });
  return hasBytes ? withBytesJoined(text) : text;
}

/** Halves of surrogate pairs, which stand for bytes while a text is put together; no well-formed text has them alone. */
const BYTES = 0xdc00;
const LONE_BYTES = /[\udc80-\udcff]+/gu;

function withBytesJoined(text: string): string {
  return text.replace(LONE_BYTES, (run) => {
    const bytes = Uint8Array.from(run, (character) => character.charCodeAt(0) - BYTES);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  });
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ...Object.entries(NAMED).map(([letter, character]) => [character, `\\${letter}`] as const),
]);
/** What cannot be seen when it is printed as it is. */
const HIDDEN = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** In double quotes, with whatever cannot be printed escaped. */
export function quote(text: string): string {
  return `"${text.replace(HIDDEN, (character) => SHORT.get(character) ?? escaped(character))}"`;
}

function escaped(character: string): string {
  const point = character.codePointAt(0) as number;
  const hex = point.toString(16);
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
