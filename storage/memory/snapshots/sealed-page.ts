// What a page becomes once its snapshots are complete: every column compressed, one after the other in one array.
import { ByteSink } from '../columns/byte-sink.js';
import { ByteSource } from '../columns/byte-source.js';
import { decodeColumn, encodeColumn, type NumberTarget } from '../columns/column-codec.js';
import { type ColumnCut, type Page, type PageView, TICKS } from './page.js';
import { bitCount, lowestBit } from './tick-mask.js';

/** The object and the objects of its three arrays, as V8 lays them out. */
const OBJECT_BYTES = 500;

// Pages are compressed and read one at a time and never across an await.
const sink = new ByteSink();
const source = new ByteSource();
const column: NumberTarget = { numbers: new Float64Array(TICKS), at: 0 };

/** Immutable. */
export class SealedPage implements PageView {
  readonly #width: number;
  readonly #bytes: Uint8Array;
  /** Where each column begins, row by row. Sixteen bits do, except for the worst of numbers. */
  readonly #offsets: Uint16Array | Uint32Array;
  /** Up to the last row that has samples. */
  readonly #present: Int32Array;

  /** Compresses what a page holds; undefined when it holds nothing. The page stays as it is. */
  static of(page: Page): SealedPage | undefined {
    return page.rowsInUse === 0 ? undefined : new SealedPage(page);
  }

  private constructor(page: Page) {
    const { width, rowsInUse: rows } = page;
    const offsets = new Uint32Array(rows * width);
    this.#present = Int32Array.from({ length: rows }, (_, row) => page.presentIn(row));
    for (let row = 0; row < rows; row++) {
      const wanted = this.#present[row] as number;
      for (let c = 0; c < width; c++) {
        offsets[row * width + c] = sink.length;
        if (wanted === 0) continue;
        column.at = 0;
        page.read({ row, column: c, wanted }, column);
        encodeColumn(column.numbers, column.at, sink);
      }
    }
    this.#width = width;
    this.#bytes = sink.take();
    this.#offsets = this.#bytes.length <= 0xffff ? Uint16Array.from(offsets) : offsets;
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#offsets.byteLength + this.#present.byteLength + OBJECT_BYTES;
  }

  presentIn(row: number): number {
    return this.#present[row] ?? 0;
  }

  read({ row, column: index, wanted }: ColumnCut, target: NumberTarget): void {
    const present = this.#present[row] as number;
    const { numbers, at } = target;
    source.open(this.#bytes, this.#offsets[row * this.#width + index] as number);
    decodeColumn(source, bitCount(present), target);
    if (wanted === present) return;
    target.at = at;
    let from = at;
    for (let rest = present; rest !== 0; rest &= rest - 1) {
      if ((wanted & (1 << lowestBit(rest))) !== 0) numbers[target.at++] = numbers[from] as number;
      from++;
    }
  }
}
