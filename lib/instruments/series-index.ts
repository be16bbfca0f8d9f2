// From the labels of a recording to the slot of its series: the hottest look-up of the product. One class serves every
// number of labels, because a class each would make its call sites megamorphic in programs that have many metrics.
import type { LabelColumn } from './label-column.js';
import type { LabelValue } from './labels.js';

const hasOwn = Object.prototype.hasOwnProperty;

/** Labels beyond this many take the loop instead of the unrolled path. */
const UNROLLED = 4;
/** The dense table may have this many places per series before the hashed one is smaller and as fast. */
const DENSE_PLACES_PER_SERIES = 8;
const LEAST_DENSE_PLACES = 8192;
const MOST_DENSE_BITS = 30;
const NO_CODES = new Map<LabelValue | symbol, number>();

/** Reads the codes that a slot was indexed under. */
export interface SlotCodes {
  codeOf(slot: number, column: number): number;
}

/**
 * Codes are packed into one integer, column c shifted by `shifts[c]` bits, which is a place in a dense table; where that
 * table would be large and empty, the codes are hashed and compared. Tables hold slot + 1, and 0 for nothing.
 */
export class SeriesIndex {
  readonly #columns: readonly LabelColumn[];
  readonly #slots: SlotCodes;
  #bits: number[] = [];
  #size = 0;
  #tombstones = 0;
  readonly #scratch: Int32Array;

  // Hot fields are private to the compiler only: the engine's own #private makes functions too long to be inlined.
  // The unrolled columns as fields: a load at a constant offset each, and a look-up site each, so that the engine
  // can specialise it by name. Columns that do not exist look up '' in an empty map and add 0 to the key.
  private readonly arity: number;
  private readonly name0: string;
  private readonly name1: string;
  private readonly name2: string;
  private readonly name3: string;
  private readonly codes0: ReadonlyMap<unknown, number>;
  private readonly codes1: ReadonlyMap<unknown, number>;
  private readonly codes2: ReadonlyMap<unknown, number>;
  private readonly codes3: ReadonlyMap<unknown, number>;
  private shift1 = 0;
  private shift2 = 0;
  private shift3 = 0;
  private dense: Int32Array | undefined;
  private hashed = new Int32Array(0);

  // The label values of the last series that was hit twice in a row. One hot series is then found by comparing: only ever
  // with strings and numbers, because a comparison that once saw undefined is a call from then on.
  private last0: unknown = '';
  private last1: unknown = '';
  private last2: unknown = '';
  private last3: unknown = '';
  private lastSlot = -1;
  private candidate = -1;

  constructor(columns: readonly LabelColumn[], slots: SlotCodes) {
    this.#columns = columns;
    this.#slots = slots;
    this.arity = columns.length;
    this.#scratch = new Int32Array(Math.max(UNROLLED, columns.length));
    this.name0 = columns[0]?.key ?? '';
    this.name1 = columns[1]?.key ?? '';
    this.name2 = columns[2]?.key ?? '';
    this.name3 = columns[3]?.key ?? '';
    this.codes0 = columns[0]?.codes ?? NO_CODES;
    this.codes1 = columns[1]?.codes ?? NO_CODES;
    this.codes2 = columns[2]?.codes ?? NO_CODES;
    this.codes3 = columns[3]?.codes ?? NO_CODES;
    this.#layOut(0);
  }

  /**
   * The slot of the series with exactly these own labels, in any order; -1 when there is none or the labels are
   * unfit in any way. May throw where reading a label does.
   *
   * Cost: about 7 ns to see that no label is missing, inherited or too many, 2 ns to find the hot series, else one map
   * look-up (5 ns) a label and one table read. No allocation. It is split from `lookUp` so that the engine inlines it.
   */
  find(labels: Readonly<Record<string, unknown>>): number {
    const arity = this.arity;
    // Own properties come first in a for-in loop: when the last counted one is own, all are.
    let count = 0;
    for (const name in labels) {
      if (++count === arity && !hasOwn.call(labels, name)) return -1;
    }
    // Of a series without labels its family has to know that it was recorded.
    if (count !== arity || count === 0) return -1;
    if (arity > UNROLLED) return this.findWide(labels);
    const value0 = labels[this.name0];
    const value1 = arity > 1 ? labels[this.name1] : '';
    const value2 = arity > 2 ? labels[this.name2] : '';
    const value3 = arity > 3 ? labels[this.name3] : '';
    if (value1 === this.last1 && value0 === this.last0 && value2 === this.last2 && value3 === this.last3) {
      return this.lastSlot;
    }
    return this.lookUp(value0, value1, value2, value3);
  }

  private lookUp(value0: unknown, value1: unknown, value2: unknown, value3: unknown): number {
    const arity = this.arity;
    const code0 = (this.codes0.get(value0) as number) | 0;
    const code1 = arity > 1 ? (this.codes1.get(value1) as number) | 0 : 0;
    const code2 = arity > 2 ? (this.codes2.get(value2) as number) | 0 : 0;
    const code3 = arity > 3 ? (this.codes3.get(value3) as number) | 0 : 0;
    const dense = this.dense;
    const slot =
      dense !== undefined
        ? (dense[code0 | (code1 << this.shift1) | (code2 << this.shift2) | (code3 << this.shift3)] as number) - 1
        : this.probe(this.scratchOf(code0, code1, code2, code3));
    if (slot !== this.candidate) {
      this.candidate = slot;
    } else if (slot >= 0) {
      this.last0 = value0;
      this.last1 = value1;
      this.last2 = value2;
      this.last3 = value3;
      this.lastSlot = slot;
    }
    return slot;
  }

  /** The slot under these codes, one per column, or -1. A code of 0 finds nothing. */
  slotOf(codes: ArrayLike<number>): number {
    return this.dense === undefined ? this.probe(codes) : (this.dense[this.#pack(codes)] as number) - 1;
  }

  /** Enters a slot whose codes `SlotCodes` knows already. */
  add(slot: number): void {
    this.#size++;
    if (!this.#fits()) return this.#rebuild(slot);
    this.#enter(slot);
  }

  delete(slot: number): void {
    this.#size--;
    this.forgetLast();
    if (this.dense !== undefined) {
      this.dense[this.#pack(this.#codesOf(slot))] = 0;
      return;
    }
    this.hashed[this.#placeOf(this.#codesOf(slot))] = -1;
    this.#tombstones++;
  }

  /** Starts over after columns or slots changed their codes. */
  rebuild(slots: Iterable<number>): void {
    this.forgetLast();
    const all = [...slots];
    this.#size = all.length;
    this.#layOut(all.length);
    for (const slot of all) this.#enter(slot);
  }

  forgetLast(): void {
    this.lastSlot = -1;
    this.candidate = -1;
    this.last0 = this.last1 = this.last2 = this.last3 = '';
  }

  private scratchOf(code0: number, code1: number, code2: number, code3: number): Int32Array {
    const scratch = this.#scratch;
    scratch[0] = code0;
    scratch[1] = code1;
    scratch[2] = code2;
    scratch[3] = code3;
    return scratch;
  }

  private findWide(labels: Readonly<Record<string, unknown>>): number {
    // Not into the scratch: a getter among the labels may itself record on this metric.
    return this.slotOf(
      this.#columns.map((column) => (column.codes.get(labels[column.key] as LabelValue) as number) | 0),
    );
  }

  #codesOf(slot: number): number[] {
    return this.#columns.map((_, column) => this.#slots.codeOf(slot, column));
  }

  #pack(codes: ArrayLike<number>): number {
    let key = 0;
    let shift = 0;
    for (let c = 0; c < this.arity; c++) {
      key |= (codes[c] as number) << shift;
      shift += this.#bits[c] as number;
    }
    return key;
  }

  #enter(slot: number): void {
    const codes = this.#codesOf(slot);
    if (this.dense !== undefined) this.dense[this.#pack(codes)] = slot + 1;
    else this.hashed[this.#freePlaceOf(codes)] = slot + 1;
  }

  #fits(): boolean {
    if (this.dense !== undefined) {
      return this.#columns.every((column, c) => column.dictionary.values.length < 2 ** (this.#bits[c] as number));
    }
    return (this.#size + this.#tombstones) * 2 <= this.hashed.length;
  }

  #rebuild(added: number): void {
    const slots: number[] = [];
    const table = this.dense ?? this.hashed;
    for (const entry of table) if (entry > 0) slots.push(entry - 1);
    slots.push(added);
    this.rebuild(slots);
  }

  /** Chooses the table for a number of series, with room to grow. */
  #layOut(size: number): void {
    this.#tombstones = 0;
    this.#bits = this.#columns.map((column) => 32 - Math.clz32(column.dictionary.values.length));
    const bits = this.#bits.reduce((sum, one) => sum + one, 0);
    const places = Math.max(LEAST_DENSE_PLACES, size * DENSE_PLACES_PER_SERIES);
    [, this.shift1, this.shift2, this.shift3] = this.#shifts() as [number, number, number, number];
    if (bits <= MOST_DENSE_BITS && 2 ** bits <= places) {
      this.dense = new Int32Array(2 ** bits);
      this.hashed = new Int32Array(0);
    } else {
      this.dense = undefined;
      this.hashed = new Int32Array(2 ** (32 - Math.clz32(Math.max(8, size * 4 - 1))));
    }
  }

  #shifts(): number[] {
    const shifts: number[] = [];
    let shift = 0;
    for (let c = 0; c < UNROLLED; c++) {
      shifts.push(shift);
      shift += this.#bits[c] ?? 0;
    }
    return shifts;
  }

  private probe(codes: ArrayLike<number>): number {
    return (this.hashed[this.#placeOf(codes)] as number) - 1;
  }

  /** The place that holds these codes, or the empty one that ends their run. */
  #placeOf(codes: ArrayLike<number>): number {
    const mask = this.hashed.length - 1;
    for (let place = this.#hash(codes) & mask; ; place = (place + 1) & mask) {
      const entry = this.hashed[place] as number;
      if (entry === 0 || (entry > 0 && this.#matches(entry - 1, codes))) return place;
    }
  }

  #freePlaceOf(codes: ArrayLike<number>): number {
    const mask = this.hashed.length - 1;
    let place = this.#hash(codes) & mask;
    while ((this.hashed[place] as number) > 0) place = (place + 1) & mask;
    if (this.hashed[place] === -1) this.#tombstones--;
    return place;
  }

  #matches(slot: number, codes: ArrayLike<number>): boolean {
    for (let c = 0; c < this.arity; c++) {
      if (this.#slots.codeOf(slot, c) !== codes[c]) return false;
    }
    return true;
  }

  #hash(codes: ArrayLike<number>): number {
    let hash = 0;
    for (let c = 0; c < this.arity; c++) {
      hash = Math.imul(hash ^ (codes[c] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }
}
