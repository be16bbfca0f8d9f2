// The texts of a family's labels, each under a small id of its space: names are one space, the values of each name another. Found
// by their bytes, so that a text becomes a string once and not in every line that has it.
import { BACKSLASH, LINE_FEED, QUOTE } from './characters.js';
import { grown } from './grown.js';
import { HASH_START, hashOf, mixed } from './hash.js';
import { isSameText, LineBytes } from './line-bytes.js';
import { ESCAPED, type Spans } from './spans.js';
import { textOf } from './utf8.js';

const LOWER_N = 0x6e;

/** What is kept of a text: side by side, because a look-up needs most of it. */
const ENTRY = 5;
const HASH = 0;
const SPACE = 1;
const ID = 2;
const START = 3;
const LENGTH = 4;

/** Where texts are put without their escapes: valid until the next one is looked up, in whatever table. */
const scratch = new LineBytes();
scratch.use(new Uint8Array(256));

export class TextTable {
  /** Numbers of entries, plus one; 0 where there is none. Never more than half full. */
  #slots = new Int32Array(8);
  #entries = new Int32Array(2 * ENTRY);
  #count = 0;
  readonly #known = new LineBytes();
  #bytesUsed = 0;
  /** The text that was looked up last, without escapes. */
  #source: LineBytes = scratch;
  #from = 0;
  #to = 0;
  #hash = 0;

  constructor() {
    this.#known.use(new Uint8Array(32));
  }

  /** The id of a text in a space, -1 where it has none yet. */
  find(space: number, source: LineBytes, spans: Spans, index: number): number {
    this.#source = source;
    this.#from = spans.from(index);
    this.#to = spans.to(index);
    this.#hash = (spans.hashes[index]! + space) | 0;
    if (spans.flags[index] === ESCAPED) this.#unescape(space);
    const hash = this.#hash;
    const mask = this.#slots.length - 1;
    for (let slot = mixed(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot]! - 1) * ENTRY;
      if (entry < 0) return -1;
      if (this.#entries[entry + HASH] !== hash || this.#entries[entry + SPACE] !== space) continue;
      if (this.#isText(entry)) return this.#entries[entry + ID]!;
    }
  }

  /**
   * The text that was looked up last, as a string.
   *
   * @throws LineFault when it is no UTF-8.
   */
  text({ bytes }: LineBytes, spans: Spans, index: number): string {
    // Escapes are of single bytes: what is no UTF-8 without them is none with them either, and has its place in the line.
    const asWritten = textOf(bytes, spans.from(index), spans.to(index));
    return spans.flags[index] === ESCAPED ? textOf(this.#source.bytes, this.#from, this.#to) : asWritten;
  }

  /** Keeps the text that was looked up last, and was not there, under an id. */
  add(space: number, id: number): void {
    const entry = this.#count++ * ENTRY;
    if (entry === this.#entries.length) this.#entries = grown(this.#entries);
    const length = this.#to - this.#from;
    const known = this.#known;
    if (this.#bytesUsed + length > known.bytes.length) known.use(grown(known.bytes, this.#bytesUsed + length));
    known.bytes.set(this.#source.bytes.subarray(this.#from, this.#to), this.#bytesUsed);
    this.#entries[entry + HASH] = this.#hash;
    this.#entries[entry + SPACE] = space;
    this.#entries[entry + ID] = id;
    this.#entries[entry + START] = this.#bytesUsed;
    this.#entries[entry + LENGTH] = length;
    this.#bytesUsed += length;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    else this.#place(this.#count);
  }

  #isText(entry: number): boolean {
    const length = this.#to - this.#from;
    if (this.#entries[entry + LENGTH] !== length) return false;
    return isSameText(this.#source.view, this.#from, this.#known.view, this.#entries[entry + START]!, length);
  }

  /** A backslash that begins no escape stays, which only OpenMetrics lets stand. */
  #unescape(space: number): void {
    const { bytes: source } = this.#source;
    const to = this.#to;
    if (to - this.#from > scratch.bytes.length) scratch.use(new Uint8Array(2 * (to - this.#from)));
    const { bytes: target } = scratch;
    let length = 0;
    for (let at = this.#from; at < to; at++) {
      const byte = source[at]!;
      const next = byte === BACKSLASH ? source[at + 1]! : -1;
      if (next === LOWER_N || next === BACKSLASH || next === QUOTE) {
        target[length++] = next === LOWER_N ? LINE_FEED : next;
        at++;
      } else {
        target[length++] = byte;
      }
    }
    this.#source = scratch;
    this.#from = 0;
    this.#to = length;
    this.#hash = (hashOf(HASH_START, scratch.view, 0, length) + space) | 0;
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = mixed(this.#entries[(number - 1) * ENTRY + HASH]!) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let number = 1; number <= this.#count; number++) this.#place(number);
  }
}
