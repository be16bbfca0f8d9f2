// Reads protobuf's numbers, texts and messages from bytes that nobody vouches for: whatever goes beyond its message ends the
// reading, and nothing is made that is larger than the bytes it comes from.
// Source: https://protobuf.dev/programming-guides/encoding/

/** What is wrong at a byte. Whoever knows which message it is makes a fault of the text of it. */
export class WireFault extends Error {
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

/** The kinds of content that a field may have. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const FIXED32 = 5;

const MOST_VARINT_BYTES = 10;

export class WireReader {
  /** Of the field that was begun last. */
  field = 0;
  kind = 0;
  at = 0;
  /** Where the message ends that is being read. */
  end = 0;
  readonly bytes: Buffer;
  readonly #view: DataView;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to a message that stands between two places. */
  enter(from: number, to: number): void {
    this.at = from;
    this.end = to;
  }

  /**
   * Begins the next field; false at the end of the message.
   *
   * @throws WireFault
   */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.kind = tag % 8;
    if (this.field === 0) throw new WireFault('A field has a number from 1 on.', this.at);
    return true;
  }

  /** A whole number from 0 on, exact up to 2⁵³. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MOST_VARINT_BYTES; i++) {
      if (this.at >= this.end) throw this.#cut();
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new WireFault('A number has ten bytes at most.', this.at);
  }

  /** A whole number of either sign, as `int64` has it. */
  int64(): number {
    const from = this.at;
    const value = this.varint();
    if (this.at - from < MOST_VARINT_BYTES) return value;
    let bits = 0n;
    for (let at = this.at - 1; at >= from; at--) bits = (bits << 7n) | BigInt((this.bytes[at] as number) & 0x7f);
    return Number(BigInt.asIntN(64, bits));
  }

  /** A whole number of either sign, as `sint32` and `sint64` have it. */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    if (this.end - this.at < 8) throw this.#cut();
    const value = this.#view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  /** Where the content ends whose length comes next; it begins at `at`. */
  content(): number {
    const length = this.varint();
    if (length > this.end - this.at) throw this.#cut();
    return this.at + length;
  }

  skip(): void {
    if (this.kind === VARINT) this.varint();
    else if (this.kind === LENGTH) this.at = this.content();
    else if (this.kind === FIXED64 || this.kind === FIXED32) {
      this.at += this.kind === FIXED64 ? 8 : 4;
      if (this.at > this.end) throw this.#cut();
    } else throw new WireFault('A field is of a kind that there is not.', this.at);
  }

  /** @throws WireFault unless the field that was begun has content of this kind. */
  expect(kind: number): void {
    if (this.kind !== kind) throw new WireFault('A field has content of another kind than its number says.', this.at);
  }

  #cut(): WireFault {
    return new WireFault('A message ends in its middle.', this.at);
  }
}
