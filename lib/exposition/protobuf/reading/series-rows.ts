// Series of one kind as they are read, in columns: what becomes of the metrics of a family that share their label names, and their
// bounds or quantiles.
import type { FamilyDescriptor, LabelDictionary, SeriesBlock } from '../../../model/family.js';
import type { SparseHistogram } from '../../../model/native-changes.js';
import { nativeColumnsOf } from '../../../model/native-columns.js';
import type { MetricReader } from './metric-reader.js';

/** Series per block, so that whoever walks a family can pause between two. */
const MOST_ROWS = 1024;

/** The values of one label, and their ids. */
class Column implements LabelDictionary {
  readonly name: string;
  readonly values: string[] = [];
  readonly #ids = new Map<string, number>();
  #last = '';
  #lastId = -1;

  constructor(name: string) {
    this.name = name;
  }

  idOf(value: string): number {
    if (value === this.#last && this.#lastId >= 0) return this.#lastId;
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.values.push(value) - 1;
      this.#ids.set(value, id);
    }
    this.#last = value;
    this.#lastId = id;
    return id;
  }
}

export class SeriesRows {
  readonly descriptor: FamilyDescriptor;
  observedNegative = false;
  readonly #columns: readonly Column[];
  readonly #width: number;
  readonly #labelIds: number[] = [];
  readonly #values: number[] = [];
  readonly #createdMs: number[] = [];
  readonly #timestampsMs: number[] = [];
  readonly #natives: (SparseHistogram | undefined)[] = [];

  constructor(descriptor: FamilyDescriptor, names: readonly string[], width: number) {
    this.descriptor = descriptor;
    this.#columns = names.map((name) => new Column(name));
    this.#width = width;
  }

  add({ labels, row, createdMs, timestampMs, native }: MetricReader): void {
    const { values } = labels;
    for (let c = 0; c < this.#columns.length; c++) this.#labelIds.push(this.#columns[c]!.idOf(values[c]!));
    for (const value of row) this.#values.push(value);
    this.#createdMs.push(createdMs);
    this.#timestampsMs.push(timestampMs);
    if (native !== undefined) this.#natives.push(native);
    if (this.descriptor.type === 'histogram' && (row[row.length - 1] as number) < 0) this.observedNegative = true;
  }

  blocks(): SeriesBlock[] {
    const blocks: SeriesBlock[] = [];
    const count = this.#createdMs.length;
    for (let from = 0; from < count; from += MOST_ROWS)
      blocks.push(this.#block(from, Math.min(count, from + MOST_ROWS)));
    return blocks;
  }

  #block(from: number, to: number): SeriesBlock {
    const [arity, width] = [this.#columns.length, this.#width];
    const timestampsMs = Float64Array.from(this.#timestampsMs.slice(from, to));
    return {
      size: to - from,
      live: undefined,
      dictionaries: this.#columns,
      labelIds: Int32Array.from(this.#labelIds.slice(from * arity, to * arity)),
      constantLabels: [],
      width,
      values: Float64Array.from(this.#values.slice(from * width, to * width)),
      createdMs: Float64Array.from(this.#createdMs.slice(from, to)),
      ...(this.#natives.length > 0 && { native: nativeColumnsOf(this.#natives.slice(from, to)) }),
      ...(timestampsMs.some((time) => !Number.isNaN(time)) && { timestampsMs }),
    };
  }
}
