// The series of a family that is being read, as columns: one row for each, found by the ids of its labels. Apart from the family
// because the look-up is hot, and because whatever is kept per series is here and nowhere else.
import { grown } from './grown.js';
import { mixed } from './hash.js';

/** What is kept of a series: side by side, because a look-up needs most of it. */
const ENTRY = 5;
const HASH = 0;
const SHAPE = 1;
const START = 2;
const SEEN = 3;
const KEYED = 4;

export class SeriesTable {
  count = 0;
  /** By row: the time that the samples of a series give; NaN where they give none. */
  times = new Float64Array(2);
  labelIds = new Int32Array(8);
  #entries = new Int32Array(2 * ENTRY);
  #idsUsed = 0;
  /** Rows plus one; 0 where there is none. Never more than half full. */
  #slots = new Int32Array(8);
  readonly #isTimed: boolean;
  /** What the last look-up was about. */
  #hash = 0;
  #slot = 0;

  /** `isTimed`: whether samples of equal labels and different times are different series. */
  constructor(isTimed: boolean) {
    this.#isTimed = isTimed;
  }

  /** The row with these label ids, -1 where there is none. */
  find(shape: number, ids: Int32Array, width: number, time: number): number {
    const hash = hashOf(shape, ids, width, this.#isTimed ? time : 0);
    const mask = this.#slots.length - 1;
    let slot = mixed(hash) & mask;
    let row = this.#slots[slot]! - 1;
    while (row >= 0 && !(this.#entries[row * ENTRY + HASH] === hash && this.#isRow(row, shape, ids, width, time))) {
      slot = (slot + 1) & mask;
      row = this.#slots[slot]! - 1;
    }
    this.#hash = hash;
    this.#slot = slot;
    return row;
  }

  /** A new row for what was looked up last. It is what is found from now on, even where there was one before. */
  add(shape: number, ids: Int32Array, width: number, time: number): number {
    const row = this.count++;
    const entry = row * ENTRY;
    if (entry === this.#entries.length) this.#growRows();
    if (this.#idsUsed + width > this.labelIds.length) this.labelIds = grown(this.labelIds, this.#idsUsed + width);
    for (let c = 0; c < width; c++) this.labelIds[this.#idsUsed + c] = ids[c]!;
    this.times[row] = time;
    this.#entries[entry + HASH] = this.#hash;
    this.#entries[entry + SHAPE] = shape;
    this.#entries[entry + START] = this.#idsUsed;
    this.#idsUsed += width;
    this.#slots[this.#slot] = row + 1;
    if (this.count * 2 > this.#slots.length) this.#growSlots();
    return row;
  }

  /** Which label names a series has. */
  shapeOf(row: number): number {
    return this.#entries[row * ENTRY + SHAPE]!;
  }

  /** Where its label ids begin. */
  startOf(row: number): number {
    return this.#entries[row * ENTRY + START]!;
  }

  /** Notes that a series has the number of this bit; answers whether it is the first time. */
  sees(row: number, bit: number): boolean {
    const at = row * ENTRY + SEEN;
    const isNew = (this.#entries[at]! & bit) === 0;
    this.#entries[at]! |= bit;
    return isNew;
  }

  /** Counts the numbers of a series that have keys. */
  countKeyed(row: number): number {
    return ++this.#entries[row * ENTRY + KEYED]!;
  }

  #isRow(row: number, shape: number, ids: Int32Array, width: number, time: number): boolean {
    if (this.#entries[row * ENTRY + SHAPE] !== shape) return false;
    if (this.#isTimed && !Object.is(this.times[row], time)) return false;
    const start = this.#entries[row * ENTRY + START]!;
    for (let c = 0; c < width; c++) if (this.labelIds[start + c] !== ids[c]) return false;
    return true;
  }

  #growRows(): void {
    this.#entries = grown(this.#entries);
    this.times = grown(this.times);
  }

  #growSlots(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 4);
    const mask = slots.length - 1;
    // Only rows that can be found have a slot: others were followed by one of the same labels and a later time.
    for (const entry of before) {
      if (entry === 0) continue;
      let slot = mixed(this.#entries[(entry - 1) * ENTRY + HASH]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }
}

/** Random odd factors, one per column: nobody can choose labels whose sums collide. */
const factors: number[] = [];
const OF_SHAPE = 0;
const OF_TIME = 1;
const OF_COLUMNS = 2;

function hashOf(shape: number, ids: Int32Array, width: number, time: number): number {
  while (factors.length < width + OF_COLUMNS) factors.push((Math.random() * 2 ** 32) | 1);
  let hash = Math.imul(shape, factors[OF_SHAPE]!);
  if (time !== 0) hash = (hash + Math.imul((time | 0) ^ ((time / 2 ** 32) | 0), factors[OF_TIME]!)) | 0;
  for (let c = 0; c < width; c++) hash = (hash + Math.imul(ids[c]! + 1, factors[c + OF_COLUMNS]!)) | 0;
  return hash;
}
