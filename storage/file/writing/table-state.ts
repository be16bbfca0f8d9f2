// What the writer remembers of one table between two snapshots: the last numbers of every live series, and no more. A
// series has a slot, which is what records call it by; slots of vanished series are used again.
import { isNative, type LabelDictionary, type SeriesBlock } from '../../../lib/model/family.js';
import { nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import { ownTimeOf } from '../../../lib/model/sample-times.js';
import { ByteWriter } from '../format/byte-writer.js';
import { SectionFlag } from '../format/layout.js';
import { isSameNumber } from '../format/numbers.js';
import { definitionText, strideOf, type TableDefinition } from '../format/table-definition.js';
import { BlockMap, NO_SLOT } from './block-map.js';
import { TableHistograms } from './table-histograms.js';

const FIRST_CAPACITY = 8;

/** Where a row of a block is written to. */
export interface RowPlace {
  readonly block: SeriesBlock;
  readonly row: number;
}

export class TableState {
  /** Unique within the segment. */
  readonly id: number;
  readonly definition: TableDefinition;
  readonly #stride: number;
  #numbers: Float64Array;
  /** Which birth each slot holds the series of; `NO_SLOT` for a free one. */
  #births: Int32Array;
  /** The snapshot in which each slot was last seen. */
  #seen: Int32Array;
  #size = 0;
  #free: number[] = [];
  #live = 0;
  #seenNow = 0;
  #nextBirth = 0;
  readonly #texts: readonly TextColumn[];
  /** The map of each block of the last snapshot, by its place among the blocks of this table. */
  readonly #places: BlockMap<TableState>[] = [];
  #place = 0;
  #isDefined = false;
  #observedNegative = false;
  #observedNegativeWritten = false;
  readonly #added = new ByteWriter();
  #addedCount = 0;
  #addedBefore = -1;
  #createdBefore = 0;
  readonly #changed = new ByteWriter();
  readonly #histograms: TableHistograms | undefined;
  #changedBefore = 0;

  constructor(id: number, definition: TableDefinition) {
    this.id = id;
    this.definition = definition;
    this.#stride = strideOf(definition);
    this.#numbers = new Float64Array(FIRST_CAPACITY * this.#stride);
    this.#births = new Int32Array(FIRST_CAPACITY);
    this.#seen = new Int32Array(FIRST_CAPACITY);
    this.#texts = definition.labelNames.map(() => new TextColumn());
    this.#histograms = isNative(definition.descriptor) ? new TableHistograms() : undefined;
  }

  get liveCount(): number {
    return this.#live;
  }

  /** The map of a block that is new to the table, with what is still true of the one that stood in its place. */
  adopt(block: SeriesBlock): BlockMap<TableState> {
    return new BlockMap(this, block, this.#places[this.#place]);
  }

  /** Notes which block comes next in the walk. */
  visit(map: BlockMap<TableState>, observedNegative: boolean): void {
    this.#places[this.#place++] = map;
    this.#observedNegative ||= observedNegative;
  }

  /** Notes the numbers of a row as those of snapshot `tick`, and writes down what is new about them. */
  put(map: BlockMap<TableState>, { block, row }: RowPlace, tick: number): void {
    const slot = map.slotOf(row);
    if (slot === NO_SLOT || this.#births[slot] !== map.birthOf(row)) {
      this.#add(map, { block, row }, tick);
      return;
    }
    if (this.#seen[slot] !== tick) {
      this.#seen[slot] = tick;
      this.#seenNow++;
    }
    const { width, values, createdMs } = block;
    const from = slot * this.#stride;
    const numbers = this.#numbers;
    for (let c = 0, at = row * width; c < width; c++, at++) {
      const value = values[at] as number;
      const before = numbers[from + c] as number;
      // Almost every number is one of the two: equal and not zero, or different.
      if ((value === before && value !== 0) || isSameNumber(value, before)) continue;
      this.#change(from + c, value);
    }
    this.#histograms?.put(slot, nativeHistogramAt(block, row));
    if (this.definition.isTimed) this.#putTime(from + width, ownTimeOf(block, row));
    this.#putTime(from + this.#stride - 1, createdMs[row] as number);
  }

  #putTime(cell: number, timeMs: number): void {
    if (!isSameNumber(timeMs, this.#numbers[cell] as number)) this.#change(cell, timeMs);
  }

  /** Writes what became of the table in snapshot `tick`, nothing when nothing did, and is ready for the next one. */
  finish(target: ByteWriter, section: ByteWriter, tick: number): void {
    const vanished = this.#vanished(tick);
    const flag = this.#observedNegative;
    const histograms = this.#histograms?.changed;
    const hasHistograms = histograms !== undefined && histograms.length > 0;
    const isQuiet = vanished.length + this.#addedCount + this.#changed.length === 0 && !hasHistograms;
    const isEmpty = !this.#isDefined && this.#live === 0;
    if (!isEmpty && (!isQuiet || !this.#isDefined || flag !== this.#observedNegativeWritten)) {
      section.clear();
      section.u8(
        (this.#isDefined ? 0 : SectionFlag.definition) |
          (flag ? SectionFlag.observedNegative : 0) |
          (hasHistograms ? SectionFlag.histograms : 0),
      );
      if (!this.#isDefined) section.text(definitionText(this.definition));
      section.varint(vanished.length);
      section.varint(this.#addedCount);
      let before = 0;
      for (const slot of vanished) {
        section.signed(slot - before);
        before = slot;
      }
      section.append(this.#added);
      if (hasHistograms) {
        section.varint(histograms.length);
        section.append(histograms);
      }
      section.append(this.#changed);
      target.varint(this.id);
      target.varint(section.length);
      target.append(section);
      this.#isDefined = true;
      this.#observedNegativeWritten = flag;
    }
    this.#begin();
  }

  #begin(): void {
    this.#places.length = this.#place;
    this.#place = 0;
    this.#seenNow = 0;
    this.#observedNegative = false;
    this.#added.clear();
    this.#addedCount = 0;
    this.#addedBefore = -1;
    this.#createdBefore = 0;
    this.#changed.clear();
    this.#changedBefore = 0;
    this.#histograms?.begin();
  }

  #change(cell: number, value: number): void {
    this.#changed.signed(cell - this.#changedBefore);
    this.#changed.number(value, this.#numbers[cell] as number);
    this.#changedBefore = cell;
    this.#numbers[cell] = value;
  }

  #add(map: BlockMap<TableState>, { block, row }: RowPlace, tick: number): void {
    const slot = this.#free.pop() ?? this.#newSlot();
    const birth = this.#nextBirth++;
    this.#births[slot] = birth;
    this.#seen[slot] = tick;
    this.#seenNow++;
    this.#live++;
    map.set(row, slot, birth);
    const target = this.#added;
    this.#addedCount++;
    target.signed(slot - this.#addedBefore - 1);
    this.#addedBefore = slot;
    const { dictionaries, labelIds, width, values, createdMs } = block;
    const arity = dictionaries.length;
    for (let c = 0; c < arity; c++) {
      const dictionary = dictionaries[c] as LabelDictionary;
      (this.#texts[c] as TextColumn).write(target, dictionary, labelIds[row * arity + c] as number);
    }
    const from = slot * this.#stride;
    for (let c = 0; c < width; c++) {
      const value = values[row * width + c] as number;
      target.number(value, 0);
      this.#numbers[from + c] = value;
    }
    if (this.definition.isTimed) {
      const ownMs = ownTimeOf(block, row);
      target.number(ownMs, 0);
      this.#numbers[from + width] = ownMs;
    }
    const created = createdMs[row] as number;
    target.number(created, this.#createdBefore);
    this.#createdBefore = Number.isFinite(created) ? created : 0;
    this.#numbers[from + this.#stride - 1] = created;
    this.#histograms?.put(slot, nativeHistogramAt(block, row));
  }

  #newSlot(): number {
    if (this.#size === this.#births.length) {
      this.#numbers = grown(this.#numbers, Float64Array);
      this.#births = grown(this.#births, Int32Array);
      this.#seen = grown(this.#seen, Int32Array);
    }
    return this.#size++;
  }

  /** Frees the slots of series that the snapshot no longer has, and answers them. */
  #vanished(tick: number): readonly number[] {
    const gone: number[] = [];
    if (this.#seenNow === this.#live) return gone;
    for (let slot = 0; slot < this.#size; slot++) {
      if (this.#births[slot] === NO_SLOT || this.#seen[slot] === tick) continue;
      this.#births[slot] = NO_SLOT;
      this.#histograms?.forget(slot);
      gone.push(slot);
    }
    this.#live -= gone.length;
    // Taken from the end, so that low slots are used again first and gaps stay short.
    for (let i = gone.length - 1; i >= 0; i--) this.#free.push(gone[i] as number);
    return gone;
  }
}

/** Which texts of a label column the segment already has: a text is written once per dictionary, then called by number. */
class TextColumn {
  readonly #known = new Map<LabelDictionary, Int32Array>();
  #count = 0;

  write(target: ByteWriter, dictionary: LabelDictionary, id: number): void {
    let numbers = this.#known.get(dictionary);
    if (numbers === undefined || id >= numbers.length) {
      const wider = new Int32Array(Math.max(FIRST_CAPACITY, dictionary.values.length, id + 1) * 2);
      if (numbers !== undefined) wider.set(numbers);
      numbers = wider;
      this.#known.set(dictionary, numbers);
    }
    const number = numbers[id] as number;
    target.varint(number);
    if (number !== 0) return;
    numbers[id] = ++this.#count;
    target.text(dictionary.values[id] ?? '');
  }
}

function grown<T extends Float64Array | Int32Array>(array: T, type: new (length: number) => T): T {
  const wider = new type(array.length * 2);
  wider.set(array);
  return wider;
}
