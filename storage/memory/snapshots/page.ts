// Where the newest samples of series that come with snapshots stand, uncompressed: a matrix of some rows by up to 32
// snapshots. Pages are small, so that memory comes and goes with the series, and every row of a page has one width.
import type { NumberTarget } from '../columns/column-codec.js';
import { lowestBit } from './tick-mask.js';

/** How many snapshots a generation holds: the bits of a mask. */
export const TICKS = 32;
const TICK_BITS = 5;
/** About this many columns a page: 64 KiB of values. */
const CELLS = 256;

/** Numbers of one column of one row. */
export interface ColumnCut {
  row: number;
  column: number;
  /** The snapshots that are asked for: a part of those that the row is in. */
  wanted: number;
}

/** The samples of some rows from one generation, whether they are compressed or not. */
export interface PageView {
  /** Bit t: whether the row was in snapshot t. Bits of snapshots that were not complete when asked for mean nothing. */
  presentIn(row: number): number;
  /** Copies numbers, oldest first. The target needs room for all 32 from its place on. */
  read(cut: ColumnCut, target: NumberTarget): void;
}

/**
 * A column's numbers stand side by side, so that compressing and reading one touches little memory; a write pays for
 * that with one cache line per number, about 5 ns.
 */
export class Page implements PageView {
  /** A place in the list of pages; taken again by another page once this one holds no series. */
  readonly id: number;
  /** Numbers, and so columns, per row. */
  readonly width: number;
  readonly rows: number;
  /** Number of snapshot t in column c of row r: at ((r × width + c) × 32 + t). */
  readonly #values: Float64Array;
  readonly #present: Int32Array;
  readonly #free: number[] = [];

  constructor(id: number, width: number) {
    this.id = id;
    this.width = width;
    this.rows = Page.rowsFor(width);
    this.#values = new Float64Array(this.rows * width * TICKS);
    this.#present = new Int32Array(this.rows);
    for (let row = this.rows - 1; row >= 0; row--) this.#free.push(row);
  }

  static rowsFor(width: number): number {
    return Math.max(1, Math.floor(CELLS / width));
  }

  /** What a page takes: values, presence, the list of free rows, and the objects around them as V8 lays them out. */
  static bytesFor(width: number): number {
    return Page.rowsFor(width) * (width * TICKS * 8 + 4 + 8) + 600;
  }

  get isFull(): boolean {
    return this.#free.length === 0;
  }

  get isEmpty(): boolean {
    return this.#free.length === this.rows;
  }

  /** How many rows there are up to the last one with samples. */
  get rowsInUse(): number {
    return this.#present.findLastIndex((mask) => mask !== 0) + 1;
  }

  /** A row that no series has. There must be one. */
  take(): number {
    return this.#free.pop() as number;
  }

  give(row: number): void {
    this.#free.push(row);
  }

  /** Notes the numbers of one row, which begin at `from`, as those of a snapshot. */
  put(
    { row }: { readonly row: number },
    numbers: Float64Array,
    { tick, from }: { readonly tick: number; readonly from: number },
  ): void {
    const { width } = this;
    const values = this.#values;
    this.#present[row] = (this.#present[row] as number) | (1 << tick);
    let at = ((row * width) << TICK_BITS) + tick;
    for (let n = from; n < from + width; n++) {
      values[at] = numbers[n] as number;
      at += TICKS;
    }
  }

  /** Forgets all snapshots but these. */
  keep(ticks: number): void {
    for (let row = 0; row < this.rows; row++) this.#present[row] = (this.#present[row] as number) & ticks;
  }

  presentIn(row: number): number {
    return this.#present[row] as number;
  }

  read({ row, column, wanted }: ColumnCut, target: NumberTarget): void {
    const start = (row * this.width + column) << TICK_BITS;
    const { numbers } = target;
    for (let rest = wanted; rest !== 0; rest &= rest - 1) {
      numbers[target.at++] = this.#values[start + lowestBit(rest)] as number;
    }
  }
}
