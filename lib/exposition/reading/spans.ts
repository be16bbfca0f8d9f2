// Where texts stand among the labels of a line, in columns that are used again for each line: no object is made for a label.
import { grown } from './grown.js';

/** Written as it is meant, with escapes in it. */
export const ESCAPED = 1;

export class Spans {
  count = 0;
  /** Where the labels begin. All places are counted from here, so that those of a line that begins alike are the same. */
  base = 0;
  froms = new Int32Array(16);
  tos = new Int32Array(16);
  /** Of the bytes as they stand there, escapes included. */
  hashes = new Int32Array(16);
  flags = new Uint8Array(16);

  /** `from` and `to` are places among all bytes. */
  push(from: number, to: number, hash: number, flags: number): void {
    const { count } = this;
    if (count === this.froms.length) this.#grow();
    this.froms[count] = from - this.base;
    this.tos[count] = to - this.base;
    this.hashes[count] = hash;
    this.flags[count] = flags;
    this.count = count + 1;
  }

  /** A text that is known stands further behind now. */
  move(index: number, distance: number): void {
    this.froms[index]! += distance;
    this.tos[index]! += distance;
  }

  /** Takes back what was pushed last. */
  pop(): void {
    this.count--;
  }

  /** Where a text begins and ends among all bytes. */
  from(index: number): number {
    return this.base + this.froms[index]!;
  }

  to(index: number): number {
    return this.base + this.tos[index]!;
  }

  #grow(): void {
    this.froms = grown(this.froms);
    this.tos = grown(this.tos);
    this.hashes = grown(this.hashes);
    this.flags = grown(this.flags);
  }
}
