// The numbers of a family that is being read, in the order of their lines: what each is of its series is worked out when all are
// there, because nothing says that the lines of a series follow each other.
import { grown } from './grown.js';

/** What a number is of its series; from 0 on it is the one of a bucket, a quantile or a state. */
export const VALUE = -1;
export const SUM = -2;
export const COUNT = -3;
export const CREATED = -4;
/** Of a line whose own label says which number it is. */
export const KEYED = -5;

/** What is kept of a number besides it. */
const ENTRY = 3;
const ROW = 0;
const KEY = 1;
const LINE = 2;

export class Cells {
  count = 0;
  values = new Float64Array(4);
  #entries = new Int32Array(4 * ENTRY);
  #lastRow = 0;
  #isInOrder = true;

  push(row: number, key: number, value: number, line: number): void {
    const at = this.count++;
    if (at === this.values.length) this.#grow();
    const entry = at * ENTRY;
    this.values[at] = value;
    this.#entries[entry + ROW] = row;
    this.#entries[entry + KEY] = key;
    this.#entries[entry + LINE] = line;
    if (row < this.#lastRow) this.#isInOrder = false;
    this.#lastRow = row;
  }

  rowOf(cell: number): number {
    return this.#entries[cell * ENTRY + ROW]!;
  }

  keyOf(cell: number): number {
    return this.#entries[cell * ENTRY + KEY]!;
  }

  lineOf(cell: number): number {
    return this.#entries[cell * ENTRY + LINE]!;
  }

  /** The cells by ascending row, those of one row as they came; undefined where they are so anyway. */
  order(rowCount: number): Int32Array | undefined {
    if (this.#isInOrder) return undefined;
    const places = new Int32Array(rowCount + 1);
    for (let i = 0; i < this.count; i++) places[this.rowOf(i) + 1]!++;
    for (let row = 0; row < rowCount; row++) places[row + 1]! += places[row]!;
    const order = new Int32Array(this.count);
    for (let i = 0; i < this.count; i++) order[places[this.rowOf(i)]!++] = i;
    return order;
  }

  #grow(): void {
    this.values = grown(this.values);
    this.#entries = grown(this.#entries);
  }
}
