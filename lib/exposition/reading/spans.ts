// Where texts stand in a line, in columns that are used again for each line: no object is made for a label.
import { grown } from './grown.js';

/** Written as it is meant, with escapes in it. */
export const ESCAPED = 1;

export class Spans {
  count = 0;
  froms = new Int32Array(16);
  tos = new Int32Array(16);
  /** Of the bytes as they stand there, escapes included. */
  hashes = new Int32Array(16);
  flags = new Uint8Array(16);
  /** 1 for a text that was the same at this place of the line before. */
  same = new Uint8Array(16);

  push(from: number, to: number, hash: number, flags: number): void {
    if (this.count === this.froms.length) this.#grow();
    const { count } = this;
    this.froms[count] = from;
    this.tos[count] = to;
    this.hashes[count] = hash;
    this.flags[count] = flags;
    this.same[count] = 0;
    this.count = count + 1;
  }

  /**
   * Where the text ends that stood at the next place in the line before, if it begins at `from` as well; else -1. Whoever asks
   * sees whether it ends there in this line, too.
   */
  repeats(bytes: Uint8Array, from: number): number {
    const { count } = this;
    const known = this.froms[count]!;
    const length = this.tos[count]! - known;
    let i = 0;
    while (i < length && bytes[from + i] === bytes[known + i]) i++;
    return i === length ? from + length : -1;
  }

  pushAgain(from: number, to: number): void {
    const { count } = this;
    this.froms[count] = from;
    this.tos[count] = to;
    this.same[count] = 1;
    this.count = count + 1;
  }

  /** Takes back what was pushed last. */
  pop(): void {
    this.count--;
  }

  #grow(): void {
    this.froms = grown(this.froms);
    this.tos = grown(this.tos);
    this.hashes = grown(this.hashes);
    this.flags = grown(this.flags);
    this.same = grown(this.same);
  }
}
