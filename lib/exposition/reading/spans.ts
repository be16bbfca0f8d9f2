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

  push(from: number, to: number, hash: number, flags: number): void {
    if (this.count === this.froms.length) this.#grow();
    const { count } = this;
    this.froms[count] = from;
    this.tos[count] = to;
    this.hashes[count] = hash;
    this.flags[count] = flags;
    this.count = count + 1;
  }

  #grow(): void {
    this.froms = grown(this.froms);
    this.tos = grown(this.tos);
    this.hashes = grown(this.hashes);
    this.flags = grown(this.flags);
  }
}
