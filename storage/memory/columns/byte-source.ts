// Reads what a `ByteSink` wrote, in the same order.
import { packedBytes } from './byte-sink.js';
import { HIGH, LOW, number, words } from './number-words.js';

export class ByteSource {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** Goes on reading elsewhere. */
  open(bytes: Uint8Array, at: number): void {
    this.#bytes = bytes;
    this.#at = at;
  }

  u8(): number {
    return this.#bytes[this.#at++] as number;
  }

  signed(): number {
    const bytes = this.#bytes;
    let rest = 0;
    let unit = 1;
    let byte = bytes[this.#at++] as number;
    while (byte > 127) {
      rest += (byte - 128) * unit;
      unit *= 128;
      byte = bytes[this.#at++] as number;
    }
    rest += byte * unit;
    return rest % 2 === 1 ? -(rest + 1) / 2 : rest / 2;
  }

  f64(): number {
    words[LOW] = this.#word();
    words[HIGH] = this.#word();
    return number[0] as number;
  }

  number(before: number): number {
    const code = this.signed();
    if (code === 0) return this.f64();
    return before + (code < 0 ? code : code - 1);
  }

  packed(into: Uint32Array, count: number, width: number): void {
    const bytes = this.#bytes;
    const mask = width === 32 ? 0xffffffff : (1 << width) - 1;
    let bit = this.#at * 8;
    for (let i = 0; i < count; i++) {
      const byte = bit >>> 3;
      const shift = bit & 7;
      const low =
        (bytes[byte] as number) |
        ((bytes[byte + 1] as number) << 8) |
        ((bytes[byte + 2] as number) << 16) |
        ((bytes[byte + 3] as number) << 24);
      let word = low >>> shift;
      if (shift + width > 32) word |= (bytes[byte + 4] as number) << (32 - shift);
      into[i] = word & mask;
      bit += width;
    }
    this.#at += packedBytes(count, width);
  }

  #word(): number {
    let word = 0;
    for (let shift = 0; shift < 32; shift += 8) word |= (this.#bytes[this.#at++] as number) << shift;
    return word;
  }
}
