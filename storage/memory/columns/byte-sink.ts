// Bytes that grow at their end, and the ways in which numbers are written to them: whole numbers in as few bytes as they
// need, doubles as they are, and words of a fixed number of bits side by side.
import { HIGH, LOW, number, words } from './number-words.js';

/** So many bytes behind the last word that was written must exist: reading goes by four bytes at a time. */
const SPARE_BYTES = 4;

/** Up to here a step takes no more bytes than the number itself. */
const MOST_STEP = 2 ** 46;

export class ByteSink {
  /** Zero from `length` on, so that bits can be added to a byte that was begun. */
  #bytes = new Uint8Array(4096);
  length = 0;

  /** Makes room; nothing else checks for it. */
  reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const grown = new Uint8Array((this.length + count) * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  u8(value: number): void {
    this.#bytes[this.length++] = value;
  }

  /** An integer up to ±2⁵², seven bits a byte, low ones first, the sign in the lowest of all. At most eight bytes. */
  signed(value: number): void {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest > 127) {
      this.#bytes[this.length++] = 128 + (rest % 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.length++] = rest;
  }

  /** A double, bit for bit, in eight bytes. */
  f64(value: number): void {
    number[0] = value;
    for (const word of [words[LOW] as number, words[HIGH] as number]) {
      for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.length++] = word >>> shift;
    }
  }

  /** A number after another one: their difference where that is whole and small, else all of it. At most nine bytes. */
  number(value: number, before: number): void {
    const step = value - before;
    if (Math.abs(step) <= MOST_STEP && Number.isInteger(step) && Object.is(before + step, value)) {
      this.signed(step < 0 ? step : step + 1);
    } else {
      this.signed(0);
      this.f64(value);
    }
  }

  /** The first `count` of some words, each less than 2^width; `width` is 0 to 32. */
  packed(source: Uint32Array, count: number, width: number): void {
    const bytes = this.#bytes;
    let bit = this.length * 8;
    for (let i = 0; i < count; i++) {
      const word = source[i] as number;
      const byte = bit >>> 3;
      const shift = bit & 7;
      // The first store holds the low 8 - shift bits, each further one eight more.
      bytes[byte] = (bytes[byte] as number) | (word << shift);
      for (let done = 8 - shift, next = byte + 1; done < width; done += 8) bytes[next++] = word >>> done;
      bit += width;
    }
    this.length += packedBytes(count, width);
  }

  /** Copies what was written; the sink is empty again. */
  moveTo(target: Uint8Array, at: number): void {
    target.set(this.#bytes.subarray(0, this.length), at);
    this.#clear();
  }

  /** What was written, as an array of its own; the sink is empty again. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.length + SPARE_BYTES);
    this.#clear();
    return taken;
  }

  #clear(): void {
    this.#bytes.fill(0, 0, this.length);
    this.length = 0;
  }
}

/** How many bytes `count` words of `width` bits take. */
export function packedBytes(count: number, width: number): number {
  return (count * width + 7) >>> 3;
}
