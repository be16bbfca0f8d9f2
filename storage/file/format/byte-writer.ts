// A growing run of bytes with the few forms of numbers and texts that records are made of. What it writes is read back by
// `ByteReader`, and nothing else knows these forms.

const FIRST_CAPACITY = 64;
/** More room than this is given back when the writer is cleared: only a whole snapshot needs it. */
const MOST_KEPT = 256 * 1024;
/** Texts up to this length are mostly ASCII and written byte by byte, which spares a call into native code. */
const SHORT_TEXT = 32;

/** Up to here a difference and its zigzag form are exact and no longer than the number itself. */
const MOST_DIFFERENCE = 2 ** 46;

export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  #view = viewOf(this.#bytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > MOST_KEPT) this.#resize(FIRST_CAPACITY);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A whole number from 0 to 2⁵³ - 1, seven bits a byte, lowest first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    rest |= 0;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign up to 2⁵², small ones short. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /**
   * A number after another one: as their difference where that is a whole number, which counters and bucket counts nearly
   * always have, else as it is. Reading gives back the same number, -0 and NaN included.
   */
  number(value: number, before: number): void {
    const difference = value - before;
    if (
      Number.isInteger(difference) &&
      Math.abs(difference) <= MOST_DIFFERENCE &&
      Object.is(before + difference, value)
    ) {
      this.varint(difference < 0 ? -2 * difference : 2 * difference + 1);
      return;
    }
    this.u8(0);
    this.f64(value);
  }

  text(text: string): void {
    const start = this.#length;
    if (text.length <= SHORT_TEXT && this.#shortText(text)) return;
    this.#length = start;
    const bytes = Buffer.byteLength(text, 'utf8');
    this.varint(bytes);
    this.#reserve(bytes);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  append(other: ByteWriter): void {
    this.#reserve(other.#length);
    this.#bytes.set(other.written, this.#length);
    this.#length += other.#length;
  }

  /** Answers false where the text is not ASCII; what it wrote until then is to be forgotten. */
  #shortText(text: string): boolean {
    this.#reserve(SHORT_TEXT + 1);
    this.#bytes[this.#length++] = text.length;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return false;
      this.#bytes[this.#length++] = code;
    }
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#bytes.length) this.#resize(Math.max(needed, this.#bytes.length * 2));
  }

  #resize(capacity: number): void {
    const bytes = Buffer.allocUnsafeSlow(capacity);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
