// Makes a family of series that somebody else kept: rows with labels in any order become blocks in columns. Two series with
// the same labels are one here, whatever they were over there: of single numbers, the first.
import { BlockBuilder } from '../../exposition/reading/block-builder.js';
import type { Exemplar } from '../../model/exemplar.js';
import { type FamilyDescriptor, type MetricFamily, rowWidth, type SeriesBlock } from '../../model/family.js';
import { isLabelName } from '../../model/names.js';
import { nativeColumnsOf } from '../../model/native-columns.js';
import type { NativeHistogram } from '../../model/native-histogram.js';

/** Labels as others give them: what is no string is shown as one. */
export type ForeignLabels = Readonly<Record<string, unknown>>;

/** One series. Its numbers are as `FamilyDescriptor` says. */
export interface SeriesRow {
  readonly numbers: number[];
  createdMs: number;
  readonly exemplars: Exemplar[];
  /** Where the family is native. */
  native?: Omit<NativeHistogram, 'count' | 'sum'>;
}

interface PlacedRow extends SeriesRow {
  readonly labelIds: Int32Array;
  /** Whether somebody had it as a new one. */
  isTaken: boolean;
}

export class FamilyBuilder {
  readonly #descriptor: FamilyDescriptor;
  readonly #leftOut: string | undefined;
  readonly #groups = new Map<string, Group>();
  #last: Group | undefined;

  /** The label `leftOut`, which tells the numbers of one series apart, is none of its labels. */
  constructor(descriptor: FamilyDescriptor, leftOut?: string) {
    this.#descriptor = descriptor;
    this.#leftOut = leftOut;
  }

  /**
   * The row of the series with these labels, which starts full of NaN.
   *
   * @throws Error for a name that no label can have.
   */
  rowOf(labels: ForeignLabels): SeriesRow {
    return this.#placed(labels);
  }

  #placed(labels: ForeignLabels): PlacedRow {
    const all = Object.keys(labels);
    // Mostly all series of a family name the same labels in the same order.
    if (this.#last?.isNamedBy(all, labels) === true) return this.#last.rowOf(labels);
    const names = all.filter((name) => name !== this.#leftOut && !isEmpty(labels[name]));
    const key = JSON.stringify(names.length > 1 ? names.toSorted() : names);
    let group = this.#groups.get(key);
    if (group === undefined) {
      const unfit = names.find((name) => !isLabelName(name, 'utf8'));
      if (unfit !== undefined) throw new Error(`${this.#descriptor.name} has a label that is called "${unfit}"`);
      group = new Group(names, rowWidth(this.#descriptor));
      this.#groups.set(key, group);
    }
    this.#last = group;
    return group.rowOf(labels);
  }

  /** The same for a series that is to be new: undefined where there is one with these labels already. @throws Error */
  newRowOf(labels: ForeignLabels): SeriesRow | undefined {
    const row = this.#placed(labels);
    if (row.isTaken) return undefined;
    row.isTaken = true;
    return row;
  }

  /** All series; an empty family where there are none. */
  family(): MetricFamily {
    const blocks: SeriesBlock[] = [];
    for (const group of this.#groups.values()) group.writeTo(blocks);
    return { descriptor: this.#descriptor, observedNegative: false, blocks: () => blocks };
  }
}

/** Series with the same label names. */
class Group {
  readonly #names: readonly string[];
  readonly #width: number;
  readonly #columns: readonly Column[];
  readonly #rows = new Map<string, PlacedRow>();

  constructor(names: readonly string[], width: number) {
    this.#names = names;
    this.#width = width;
    this.#columns = names.map((name) => new Column(name));
  }

  isNamedBy(names: readonly string[], labels: ForeignLabels): boolean {
    if (names.length !== this.#names.length) return false;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (name !== this.#names[i] || isEmpty(labels[name])) return false;
    }
    return true;
  }

  rowOf(labels: ForeignLabels): PlacedRow {
    const labelIds = new Int32Array(this.#columns.length);
    let key = '';
    for (let c = 0; c < labelIds.length; c++) {
      const column = this.#columns[c] as Column;
      labelIds[c] = column.idOf(textOf(labels[column.name]));
      key += `${labelIds[c]},`;
    }
    let row = this.#rows.get(key);
    if (row === undefined) {
      const numbers = new Array<number>(this.#width).fill(Number.NaN);
      row = { labelIds, isTaken: false, numbers, createdMs: Number.NaN, exemplars: [] };
      this.#rows.set(key, row);
    }
    return row;
  }

  writeTo(blocks: SeriesBlock[]): void {
    const dictionaries = this.#names.length === 0 ? [] : this.#columns;
    const made: SeriesBlock[] = [];
    const builder = new BlockBuilder(dictionaries, this.#width, made);
    for (const { labelIds, numbers, createdMs, exemplars } of this.#rows.values()) {
      builder.values.set(numbers, builder.offset);
      builder.add(labelIds, 0, { createdMs, timestampMs: Number.NaN, exemplars });
    }
    builder.finish();
    blocks.push(...this.#withNatives(made));
  }

  #withNatives(blocks: readonly SeriesBlock[]): readonly SeriesBlock[] {
    const natives = Array.from(this.#rows.values(), ({ native }) => native);
    if (natives[0] === undefined) return blocks;
    let from = 0;
    return blocks.map((block) => {
      const native = nativeColumnsOf(natives.slice(from, from + block.size));
      from += block.size;
      return { ...block, native };
    });
  }
}

class Column {
  readonly name: string;
  readonly values: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  idOf(value: string): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.values.push(value) - 1;
      this.#ids.set(value, id);
    }
    return id;
  }
}

/** An empty label is as good as none. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Of an exemplar's labels, too. */
export function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return text.isWellFormed() ? text : text.toWellFormed();
}
