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

/**
 * What a quoted text says. It is one whose escapes have been checked.
 *
 * Strings of PromQL are bytes. What is no UTF-8 in them, as `\\xff`, becomes half of a surrogate pair (U+DC80 and the
 * following), so that the text is known for ill-formed and is told from all others.
 */
export function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`') || !inner.includes('\\')) return inner;
  const text = inner.replace(ESCAPES, (_, hex, short, long, octal, named) => {
    const byte = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
    if (!Number.isNaN(byte)) return String.fromCharCode(byte < 0x80 ? byte : LONE + byte);
    const point = short ?? long;
    return point !== undefined ? String.fromCodePoint(Number.parseInt(point, 16)) : (NAMED[named] ?? named);
  });
  return text.replace(LONE_BYTES, joined);
}

/** Bytes beyond ASCII stand apart as characters from here on, until those that belong together are joined. */
const LONE = 0xdc00;
const LONE_BYTES = /[\udc80-\udcff]+/gu;
/** Sequences of bytes that are UTF-8, by their shortest forms and without surrogates. */
const SEQUENCES =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\s\S]/g;

function joined(run: string): string {
  const bytes = run.replace(/./gsu, (character) => String.fromCharCode(character.charCodeAt(0) - LONE));
  return bytes.replace(SEQUENCES, (sequence) => {
    if (sequence.length === 1) return String.fromCharCode(LONE + sequence.charCodeAt(0));
    return new TextDecoder().decode(Uint8Array.from(sequence, (byte) => byte.charCodeAt(0)));
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
  if (point > LONE && point <= LONE + 0xff) return `\\x${hex.slice(-2)}`;
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
