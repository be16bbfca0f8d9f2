// The texts of a family's labels, each under a small id of its space: names are one space, the values of each name another. Found
// by their bytes, so that a text becomes a string once and not in every line that has it.
import { BACKSLASH } from './characters.js';
import { grown } from './grown.js';
import { hashOf, mixed } from './hash.js';
import { ESCAPED, type Spans } from './spans.js';
import { textOf } from './utf8.js';

const LOWER_N = 0x6e;
const LINE_FEED = 0x0a;

export class TextTable {
  /** Positions in the columns below, plus one; 0 where there is none. Never more than half full. */
  #slots = new Int32Array(32);
  #count = 0;
  #spaces = new Int32Array(16);
  #ids = new Int32Array(16);
  #hashes = new Int32Array(16);
  #starts = new Int32Array(16);
  #lengths = new Int32Array(16);
  #bytes = new Uint8Array(256);
  #bytesUsed = 0;
  #unescaped = new Uint8Array(64);
  /** The text that was looked up last, without escapes. */
  #source: Uint8Array = this.#unescaped;
  #from = 0;
  #to = 0;
  #hash = 0;

  /** The id of a text in a space, -1 where it has none yet. */
  find(space: number, bytes: Uint8Array, spans: Spans, index: number): number {
    this.#source = bytes;
    this.#from = spans.froms[index]!;
    this.#to = spans.tos[index]!;
    this.#hash = spans.hashes[index]!;
    if (spans.flags[index] === ESCAPED) this.#unescape();
    const mask = this.#slots.length - 1;
    const hash = (this.#hash + space) | 0;
    for (let slot = mixed(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#spaces[entry] === space && this.#isText(entry))
        return this.#ids[entry]!;
    }
  }

  /**
   * The text that was looked up last, as a string.
   *
   * @throws LineFault when it is no UTF-8.
   */
  text(bytes: Uint8Array, spans: Spans, index: number): string {
    // Escapes are of single bytes: what is no UTF-8 without them is none with them either, and has its place in the line.
    const asWritten = textOf(bytes, spans.froms[index]!, spans.tos[index]!);
    return spans.flags[index] === ESCAPED ? textOf(this.#source, this.#from, this.#to) : asWritten;
  }

  /** Keeps the text that was looked up last, and was not there, under an id. */
  add(space: number, id: number): void {
    const entry = this.#count++;
    if (entry === this.#ids.length) this.#growColumns();
    const length = this.#to - this.#from;
    if (this.#bytesUsed + length > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#bytesUsed + length);
    this.#bytes.set(this.#source.subarray(this.#from, this.#to), this.#bytesUsed);
    this.#spaces[entry] = space;
    this.#ids[entry] = id;
    this.#hashes[entry] = (this.#hash + space) | 0;
    this.#starts[entry] = this.#bytesUsed;
    this.#lengths[entry] = length;
    this.#bytesUsed += length;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    else this.#place(entry);
  }

  #isText(entry: number): boolean {
    const length = this.#lengths[entry]!;
    if (length !== this.#to - this.#from) return false;
    const source = this.#source;
    const known = this.#bytes;
    const start = this.#starts[entry]!;
    const from = this.#from;
    for (let i = 0; i < length; i++) if (source[from + i] !== known[start + i]) return false;
    return true;
  }

  /** A backslash that begins no escape stays, which only OpenMetrics lets stand. */
  #unescape(): void {
    const source = this.#source;
    const to = this.#to;
    if (to - this.#from > this.#unescaped.length) this.#unescaped = grown(this.#unescaped, to - this.#from);
    const target = this.#unescaped;
    let length = 0;
    for (let at = this.#from; at < to; at++) {
      const byte = source[at]!;
      const next = byte === BACKSLASH ? source[at + 1]! : -1;
      if (next === LOWER_N || next === BACKSLASH || next === 0x22) {
        target[length++] = next === LOWER_N ? LINE_FEED : next;
        at++;
      } else {
        target[length++] = byte;
      }
    }
    this.#source = target;
    this.#from = 0;
    this.#to = length;
    this.#hash = hashOf(target, 0, length);
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = mixed(this.#hashes[entry]!) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let entry = 0; entry < this.#count; entry++) this.#place(entry);
  }

  #growColumns(): void {
    this.#spaces = grown(this.#spaces);
    this.#ids = grown(this.#ids);
    this.#hashes = grown(this.#hashes);
    this.#starts = grown(this.#starts);
    this.#lengths = grown(this.#lengths);
  }
}
