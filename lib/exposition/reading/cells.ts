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

export class Cells {
  count = 0;
  rows = new Int32Array(8);
  keys = new Int32Array(8);
  values = new Float64Array(8);
  lines = new Int32Array(8);
  /** Whether the cells of each row follow each other. */
  isInOrder = true;

  push(row: number, key: number, value: number, line: number): void {
    const at = this.count++;
    if (at === this.rows.length) this.#grow();
    this.rows[at] = row;
    this.keys[at] = key;
    this.values[at] = value;
    this.lines[at] = line;
    if (at > 0 && row < this.rows[at - 1]!) this.isInOrder = false;
  }

  /** The cells by ascending row, those of one row as they came; undefined where they are so anyway. */
  order(rowCount: number): Int32Array | undefined {
    if (this.isInOrder) return undefined;
    const { count, rows } = this;
    const places = new Int32Array(rowCount + 1);
    for (let i = 0; i < count; i++) places[rows[i]! + 1]!++;
    for (let row = 0; row < rowCount; row++) places[row + 1]! += places[row]!;
    const order = new Int32Array(count);
    for (let i = 0; i < count; i++) order[places[rows[i]!]!++] = i;
    return order;
  }

  #grow(): void {
    this.rows = grown(this.rows);
    this.keys = grown(this.keys);
    this.values = grown(this.values);
    this.lines = grown(this.lines);
  }
}
