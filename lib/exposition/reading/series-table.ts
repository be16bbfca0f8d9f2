// The series of a family that is being read, as columns: one row for each, found by the ids of its labels. Apart from the family
// because the look-up is hot, and because whatever is kept per series is here and nowhere else.
import { grown } from './grown.js';
import { mixed } from './hash.js';

export class SeriesTable {
  count = 0;
  /** Per row: which label names it has, where its label ids begin, and the time that its samples give (NaN: none). */
  shapes = new Int32Array(8);
  starts = new Int32Array(8);
  times = new Float64Array(8);
  /** Which numbers were there, as bits, and how many of those that have keys. */
  seen = new Uint8Array(8);
  keyed = new Int32Array(8);
  labelIds = new Int32Array(32);
  #idsUsed = 0;
  /** Rows plus one; 0 where there is none. Never more than half full. */
  #slots = new Int32Array(32);
  #hashes = new Int32Array(8);
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
    while (row >= 0 && !(this.#hashes[row] === hash && this.#isRow(row, shape, ids, width, time))) {
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
    if (row === this.shapes.length) this.#growRows();
    if (this.#idsUsed + width > this.labelIds.length) this.labelIds = grown(this.labelIds, this.#idsUsed + width);
    for (let c = 0; c < width; c++) this.labelIds[this.#idsUsed + c] = ids[c]!;
    this.shapes[row] = shape;
    this.starts[row] = this.#idsUsed;
    this.times[row] = time;
    this.#hashes[row] = this.#hash;
    this.#idsUsed += width;
    this.#slots[this.#slot] = row + 1;
    if (this.count * 2 > this.#slots.length) this.#growSlots();
    return row;
  }

  #isRow(row: number, shape: number, ids: Int32Array, width: number, time: number): boolean {
    if (this.shapes[row] !== shape) return false;
    if (this.#isTimed && !Object.is(this.times[row], time)) return false;
    const start = this.starts[row]!;
    for (let c = 0; c < width; c++) if (this.labelIds[start + c] !== ids[c]) return false;
    return true;
  }

  #growRows(): void {
    this.shapes = grown(this.shapes);
    this.starts = grown(this.starts);
    this.times = grown(this.times);
    this.seen = grown(this.seen);
    this.keyed = grown(this.keyed);
    this.#hashes = grown(this.#hashes);
  }

  #growSlots(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 4);
    const mask = slots.length - 1;
    // Only rows that can be found have a slot: others were followed by one of the same labels and a later time.
    for (const entry of before) {
      if (entry === 0) continue;
      let slot = mixed(this.#hashes[entry - 1]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }
}

/** Random odd factors, one per column: nobody can choose labels whose sums collide. */
const factors: number[] = [];
const SHAPE = 0;
const TIME = 1;
const COLUMNS = 2;

function hashOf(shape: number, ids: Int32Array, width: number, time: number): number {
  while (factors.length < width + COLUMNS) factors.push((Math.random() * 2 ** 32) | 1);
  let hash = Math.imul(shape, factors[SHAPE]!);
  if (time !== 0) hash = (hash + Math.imul((time | 0) ^ ((time / 2 ** 32) | 0), factors[TIME]!)) | 0;
  for (let c = 0; c < width; c++) hash = (hash + Math.imul(ids[c]! + 1, factors[c + COLUMNS]!)) | 0;
  return hash;
}
