// The series of one family that share their label names: where their numbers live. Rows sit in blocks of fixed
// capacity, so that growth never moves more than one block and a reader can pause between two of them.
import type { Exemplar } from '../model/exemplar.js';
import type { SeriesBlock } from '../model/family.js';
import { LabelColumn } from './label-column.js';
import type { LabelValue } from './labels.js';
import type { SeriesExemplars } from './series-exemplars.js';
import { SeriesIndex, type SlotCodes } from './series-index.js';
import type { SeriesMemory } from './series-memory.js';

/** About this many numbers a block, so that encoding one takes a fraction of a millisecond. */
const NUMBERS_PER_BLOCK = 4096;
const FEWEST_ROWS = 16;
/** Columns that hold this many values more than there are series, twice over, are rid of those nobody uses. */
const UNUSED_VALUES_KEPT = 1024;
const NO_EXTREMES = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** A block as recordings see it. Its arrays are replaced when it grows. */
export interface Block {
  values: Float64Array;
  /** What rows counted before they started anew while somebody reads their totals from outside; undefined where none did. */
  carried: Float64Array | undefined;
  /** When each row was last recorded, in monotonic seconds; only where that is kept. */
  recordedAt: Float64Array | undefined;
  size: number;
  gaps: number;
  live: Uint8Array | undefined;
  labelIds: Int32Array;
  createdMs: Float64Array;
  /** Whether a reader may hold `labelIds` and `createdMs`: then a row that is used again needs a copy of them. */
  shared: boolean;
  /** The least and the greatest observation of each row; only where they are kept. */
  extremes: Float64Array | undefined;
  /** By row, once a series has got one. */
  exemplars: Map<number, SeriesExemplars> | undefined;
}

/** Something bound to one series, to be told when that series goes or moves. */
export interface SlotHolder {
  detach(): void;
  /** The arrays of its block were replaced by larger ones. */
  moved(): void;
}

export interface GroupOptions {
  readonly names: readonly string[];
  /** What recordings call the labels, where that is in another vocabulary. */
  readonly keys?: readonly string[] | undefined;
  /** Numbers a row. */
  readonly width: number;
  /** Rows a block, at most. */
  readonly mostRows: number;
  readonly constantLabels: readonly (readonly [string, string])[];
  /** Whether its numbers are totals, which readers from outside follow beyond a new start. */
  readonly accumulates?: boolean;
  /** Whether to keep when each series was last recorded. */
  readonly keepsTimes: boolean;
  /** Whether to keep the least and the greatest observation of each series. */
  readonly keepsExtremes?: boolean;
  readonly memory: SeriesMemory;
}

export class SeriesGroup implements SlotCodes {
  readonly names: readonly string[];
  readonly width: number;
  readonly constantLabels: readonly (readonly [string, string])[];
  readonly index: SeriesIndex;
  /** A slot is a block's number, shifted by this, and the row in it. */
  readonly shift: number;
  readonly mask: number;
  readonly blocks: Block[] = [];
  readonly #columns: readonly LabelColumn[];
  readonly #accumulates: boolean;
  readonly #keepsTimes: boolean;
  readonly #keepsExtremes: boolean;
  readonly #memory: SeriesMemory;
  readonly #holders = new Map<number, SlotHolder[]>();
  #slots = 0;
  #count = 0;
  #free: number[] = [];
  #freedDuringWalk: number[] = [];
  /** Places that whoever watches the memory has not given back yet. */
  #retired: number[] = [];
  #walks = 0;

  constructor(options: GroupOptions) {
    const { names, keys, width, mostRows, constantLabels, keepsTimes, keepsExtremes = false, memory } = options;
    this.#accumulates = options.accumulates ?? false;
    this.names = names;
    this.width = width;
    this.constantLabels = constantLabels;
    this.#keepsTimes = keepsTimes;
    this.#keepsExtremes = keepsExtremes;
    this.#memory = memory;
    this.#columns = names.map((name, c) => new LabelColumn(name, keys?.[c]));
    this.index = new SeriesIndex(this.#columns, this);
    const rows = Math.min(mostRows, Math.max(FEWEST_ROWS, NUMBERS_PER_BLOCK / width));
    this.shift = 31 - Math.clz32(rows);
    this.mask = (1 << this.shift) - 1;
  }

  /** How many series there are. */
  get count(): number {
    return this.#count;
  }

  /** The slot of the series with these values, in the order of `names`; -1 when there is none. Adds nothing. */
  slotOf(values: readonly LabelValue[]): number {
    const codes = this.#columns.map((column, c) => column.codeOf(values[c] as LabelValue));
    const slot = this.index.slotOf(codes);
    // Found by its text: from now on it is found by the number or boolean as well.
    if (slot < 0) return slot;
    this.#columns.forEach((column, c) => {
      column.alias(values[c] as LabelValue, codes[c] as number);
    });
    return slot;
  }

  /** Starts a series at zero. */
  add(values: readonly LabelValue[], createdMs: number, recordedAt: number): number {
    // During a walk only places behind its end are taken: a series that went and came back is not shown a second time.
    const slot = (this.#walks === 0 ? this.#free.pop() : undefined) ?? this.#slots++;
    const block = this.#blockFor(slot);
    const row = slot & this.mask;
    const arity = this.names.length;
    for (let c = 0; c < arity; c++) {
      block.labelIds[row * arity + c] = (this.#columns[c] as LabelColumn).intern(values[c] as LabelValue) - 1;
    }
    block.createdMs[row] = createdMs;
    if (block.recordedAt !== undefined) block.recordedAt[row] = recordedAt;
    block.extremes?.set(NO_EXTREMES, row * 2);
    this.#count++;
    this.index.add(slot);
    this.#shedValues();
    this.#memory.changed();
    return slot;
  }

  remove(slot: number): void {
    const block = this.blocks[slot >> this.shift] as Block;
    const row = slot & this.mask;
    this.index.delete(slot);
    block.live ??= new Uint8Array(1 << this.shift).fill(1, 0, block.size);
    block.live[row] = 0;
    block.gaps++;
    block.exemplars?.delete(row);
    this.#count--;
    if (this.#walks > 0) this.#freedDuringWalk.push(slot);
    else this.#setFree(slot);
    this.#memory.changed();
    const holders = this.#holders.get(slot);
    if (holders === undefined) return;
    this.#holders.delete(slot);
    for (const holder of holders) holder.detach();
  }

  /** The numbers of a series, valid until the next series is added. */
  rowOf(slot: number): Float64Array {
    const row = slot & this.mask;
    return (this.blocks[slot >> this.shift] as Block).values.subarray(row * this.width, (row + 1) * this.width);
  }

  /** Has a series start again from zero, which readers see by its start. */
  startAnew(slot: number, createdMs: number): void {
    this.#carry(slot);
    this.beginAt(slot, createdMs);
  }

  /** Moves the start of a series, and leaves its numbers as they are. */
  beginAt(slot: number, createdMs: number): void {
    const block = this.blocks[slot >> this.shift] as Block;
    this.#unshare(block);
    block.exemplars?.delete(slot & this.mask);
    block.extremes?.set(NO_EXTREMES, (slot & this.mask) * 2);
    block.createdMs[slot & this.mask] = createdMs;
    this.#memory.changed();
  }

  /** The places of series that went since the last call; they wait for `reuse`. */
  takeRetired(): number[] {
    return this.#retired.splice(0);
  }

  /** Gives places back that nobody reads any more. */
  reuse(slots: readonly number[]): void {
    for (const slot of slots) this.#free.push(slot);
  }

  /** Moves all numbers into fresh memory. */
  relocate(): void {
    this.blocks.forEach((block, b) => {
      block.values = grown(block.values, this.#memory.allocate(block.values.length));
      if (block.carried !== undefined)
        block.carried = grown(block.carried, this.#memory.allocate(block.carried.length));
      if (block.recordedAt !== undefined) {
        block.recordedAt = grown(block.recordedAt, this.#memory.allocate(block.recordedAt.length));
      }
      this.#tellMoved(b << this.shift, (b << this.shift) + block.size);
    });
  }

  /** Remembers who is bound to a series. */
  hold(slot: number, holder: SlotHolder): void {
    const holders = this.#holders.get(slot);
    if (holders === undefined) this.#holders.set(slot, [holder]);
    else if (!holders.includes(holder)) holders.push(holder);
  }

  holderOf(slot: number): SlotHolder | undefined {
    return this.#holders.get(slot)?.[0];
  }

  codeOf(slot: number, column: number): number {
    const ids = (this.blocks[slot >> this.shift] as Block).labelIds;
    return (ids[(slot & this.mask) * this.names.length + column] as number) + 1;
  }

  /** The label values of a series, in the order of `names`. */
  valuesOf(slot: number): string[] {
    return this.#columns.map((column, c) => column.dictionary.values[this.codeOf(slot, c) - 1] as string);
  }

  /** The slots of all series, in order. */
  *slots(): Generator<number> {
    for (let slot = 0; slot < this.#slots; slot++) {
      const { live } = this.blocks[slot >> this.shift] as Block;
      if (live === undefined || live[slot & this.mask] === 1) yield slot;
    }
  }

  /** The slots of the series that were last recorded at or before this time, in monotonic seconds. */
  slotsRecordedUntil(deadline: number): number[] {
    const slots: number[] = [];
    this.blocks.forEach(({ recordedAt, live, size }, b) => {
      for (let row = 0; row < size; row++) {
        if ((recordedAt?.[row] as number) <= deadline && live?.[row] !== 0) slots.push((b << this.shift) | row);
      }
    });
    return slots;
  }

  /**
   * Hands out the blocks. Series that start meanwhile are not shown, and places of series that go are not used again
   * until the walk ends, so that no series is shown twice.
   */
  *walk(): Generator<{ block: SeriesBlock; firstSlot: number }> {
    const end = this.#slots;
    this.#walks++;
    try {
      for (let b = 0; b << this.shift < end; b++) {
        const block = this.blocks[b] as Block;
        const size = Math.min(block.size, end - (b << this.shift));
        if (block.gaps === block.size) continue;
        block.shared = true;
        const exemplars = exemplarsOf(block, size);
        const view: SeriesBlock = {
          size,
          live: block.gaps === 0 ? undefined : block.live,
          dictionaries: this.#columns.map((column) => column.dictionary),
          labelIds: block.labelIds,
          constantLabels: this.constantLabels,
          width: this.width,
          values: block.values,
          createdMs: block.createdMs,
          ...(block.extremes === undefined ? undefined : { extremes: block.extremes }),
          ...(exemplars === undefined ? undefined : { exemplars }),
        };
        yield { block: view, firstSlot: b << this.shift };
      }
    } finally {
      this.#walks--;
      if (this.#walks === 0) {
        // One by one: as arguments of a single call, a hundred thousand would overflow the stack.
        for (const slot of this.#freedDuringWalk.splice(0)) this.#setFree(slot);
      }
    }
  }

  /** Makes the row of a slot usable: grows its block fourfold, or frees shared arrays from what readers hold. */
  #blockFor(slot: number): Block {
    const row = slot & this.mask;
    let block = this.blocks[slot >> this.shift];
    if (block === undefined) {
      block = this.#newBlock();
      this.blocks.push(block);
    }
    if (row >= block.createdMs.length) this.#grow(block, slot);
    if (row < block.size) {
      this.#unshare(block);
      (block.live as Uint8Array)[row] = 1;
      block.gaps--;
      // Not when the series went: until now, its last numbers could still be read.
      block.values.fill(0, row * this.width, (row + 1) * this.width);
      block.carried?.fill(0, row * this.width, (row + 1) * this.width);
    } else {
      block.size = row + 1;
      if (block.live !== undefined) block.live[row] = 1;
    }
    return block;
  }

  /** Zeroes the numbers of a series, and keeps their totals for whoever reads them from outside. */
  #carry(slot: number): void {
    const block = this.blocks[slot >> this.shift] as Block;
    const from = (slot & this.mask) * this.width;
    const before = block.values.slice(from, from + this.width);
    // Zeroed first, while another thread may be reading both: it then sees too little for a moment, and never too much.
    block.values.fill(0, from, from + this.width);
    if (!this.#accumulates || !this.#memory.isWatched) return;
    block.carried ??= this.#memory.allocate(block.values.length);
    for (let i = 0; i < this.width; i++) (block.carried[from + i] as number) += before[i] as number;
  }

  /** Leaves what readers may hold to them, before something in it changes. */
  #unshare(block: Block): void {
    if (!block.shared) return;
    block.labelIds = block.labelIds.slice();
    block.createdMs = block.createdMs.slice();
    block.shared = false;
  }

  #newBlock(): Block {
    return {
      values: this.#memory.allocate(this.width),
      carried: undefined,
      recordedAt: this.#keepsTimes ? this.#memory.allocate(1) : undefined,
      size: 0,
      gaps: 0,
      live: undefined,
      labelIds: new Int32Array(this.names.length),
      createdMs: new Float64Array(1),
      shared: false,
      extremes: this.#keepsExtremes ? new Float64Array(2) : undefined,
      exemplars: undefined,
    };
  }

  /** Fourfold, up to the capacity, and tells who is bound to series in the block. */
  #grow(block: Block, slot: number): void {
    const rows = Math.min(1 << this.shift, ((slot & this.mask) + 1) * 4);
    block.values = grown(block.values, this.#memory.allocate(rows * this.width));
    if (block.carried !== undefined) block.carried = grown(block.carried, this.#memory.allocate(rows * this.width));
    block.labelIds = grown(block.labelIds, new Int32Array(rows * this.names.length));
    block.createdMs = grown(block.createdMs, new Float64Array(rows));
    if (block.recordedAt !== undefined) block.recordedAt = grown(block.recordedAt, this.#memory.allocate(rows));
    if (block.extremes !== undefined) block.extremes = grown(block.extremes, new Float64Array(rows * 2));
    block.shared = false;
    this.#tellMoved(slot - (slot & this.mask), slot);
  }

  #tellMoved(from: number, to: number): void {
    for (let moved = from; moved < to; moved++) {
      for (const holder of this.#holders.get(moved) ?? []) holder.moved();
    }
  }

  #setFree(slot: number): void {
    (this.#memory.isWatched ? this.#retired : this.#free).push(slot);
  }

  /** Label values that come and go would add up for ever: starts new columns with the values in use. */
  #shedValues(): void {
    const most = this.#count * 2 + UNUSED_VALUES_KEPT;
    if (!this.#columns.some((column) => column.dictionary.values.length > most)) return;
    const slots = [...this.slots()];
    const values = slots.map((slot) => this.valuesOf(slot));
    for (const column of this.#columns) column.restart();
    const arity = this.names.length;
    for (const block of this.blocks) {
      block.labelIds = new Int32Array(block.labelIds.length);
      block.shared = false;
    }
    slots.forEach((slot, i) => {
      const { labelIds } = this.blocks[slot >> this.shift] as Block;
      for (let c = 0; c < arity; c++) {
        const value = (values[i] as string[])[c] as string;
        labelIds[(slot & this.mask) * arity + c] = (this.#columns[c] as LabelColumn).intern(value) - 1;
      }
    });
    this.index.rebuild(slots);
  }
}

/** The exemplars of the first rows, in arrays that nobody changes any more. */
function exemplarsOf({ exemplars }: Block, size: number): ReadonlyMap<number, readonly Exemplar[]> | undefined {
  if (exemplars === undefined || exemplars.size === 0) return undefined;
  const lists = new Map<number, readonly Exemplar[]>();
  for (const [row, series] of exemplars) {
    const list = row < size ? series.list() : [];
    if (list.length > 0) lists.set(row, list);
  }
  return lists;
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from as never);
  return to;
}
