// Whole lines from pieces that end anywhere. Apart from the reader of lines, so that this one never sees a line that is cut.
import { LINE_FEED } from './characters.js';
import { grown } from './grown.js';

/** Bytes from `from` to `to`, which end with a line feed. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export class LineSplitter {
  /** The beginning of a line whose end has not come. */
  #begun = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get begun(): Uint8Array {
    return this.#begun.subarray(0, this.#length);
  }

  /** What the piece completes: at most a line that was begun before, and the whole ones behind it. Valid until the next piece. */
  *add(piece: Uint8Array): Generator<Lines, void, undefined> {
    // Of one class, so that the loops over bytes stay fast.
    const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    let from = 0;
    if (this.#length > 0 && end > 0) {
      from = bytes.indexOf(LINE_FEED) + 1;
      this.#keep(bytes, 0, from);
      const to = this.#length;
      this.#length = 0;
      yield { bytes: this.#begun, from: 0, to };
    }
    if (end > from) yield { bytes, from, to: end };
    this.#keep(bytes, end, bytes.length);
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#length + to - from;
    if (needed > this.#begun.length) this.#begun = grown(this.#begun, needed);
    this.#begun.set(bytes.subarray(from, to), this.#length);
    this.#length = needed;
  }
}
