// Takes a stream of messages apart, each of which has its length before it. Pieces of the stream end anywhere.
const MOST_LENGTH_BYTES = 5;
const FIRST_BYTES = 64 * 1024;

/** What is where a message should begin, and none. */
export class NoMessage extends Error {}

export class MessageSplitter {
  #bytes = Buffer.alloc(0);
  #from = 0;
  #to = 0;

  /** How many bytes wait for the rest of their message. */
  get waiting(): number {
    return this.#to - this.#from;
  }

  /** What was handed out before must have been read by now. */
  add(piece: Uint8Array): void {
    const needed = this.waiting + piece.length;
    if (this.#from > 0 || needed > this.#bytes.length) {
      const isTooSmall = needed > this.#bytes.length;
      const target = isTooSmall ? Buffer.allocUnsafe(Math.max(FIRST_BYTES, 2 * needed)) : this.#bytes;
      this.#bytes.copy(target, 0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
      this.#bytes = target;
    }
    this.#bytes.set(piece, this.#to);
    this.#to += piece.length;
  }

  /**
   * The next message that is whole, undefined when none is. It is valid until more is added.
   *
   * @throws NoMessage
   */
  next(): Buffer | undefined {
    let length = 0;
    let at = this.#from;
    for (let scale = 1; ; scale *= 0x80) {
      if (at - this.#from === MOST_LENGTH_BYTES) throw new NoMessage();
      if (at >= this.#to) return undefined;
      const byte = this.#bytes[at++] as number;
      length += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if (length > this.#to - at) return undefined;
    this.#from = at + length;
    return this.#bytes.subarray(at, this.#from);
  }
}
