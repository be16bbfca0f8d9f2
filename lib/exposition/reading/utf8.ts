// Text from bytes that have to be UTF-8. Nothing is replaced: where the bytes are none, the first wrong one is named.
import { isUtf8 } from 'node:buffer';
import { LineFault } from './fault.js';

/** @throws LineFault */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  if (!isUtf8(part)) throw new LineFault('The text has to be UTF-8, and this byte is none.', from + firstFault(part));
  return part.toString();
}

function firstFault(bytes: Uint8Array): number {
  let at = 0;
  for (;;) {
    const end = at + lengthOf(bytes[at]!);
    if (!isUtf8(bytes.subarray(at, end))) return at;
    at = end;
  }
}

/** How many bytes a character has that begins with this one. */
function lengthOf(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
