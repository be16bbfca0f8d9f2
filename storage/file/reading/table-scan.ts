// The series of one table while a segment is read: their labels and numbers after the last record that was applied. It takes
// the room of one snapshot, however long the segment is.
import { rowWidth } from '../../../lib/model/family.js';
import { NativeState } from '../../../lib/model/native-state.js';
import type { Pace } from '../../../lib/model/pace.js';
import { type ByteReader, Malformed } from '../format/byte-reader.js';
import { SectionFlag } from '../format/layout.js';
import { readDefinition, strideOf, type TableDefinition } from '../format/table-definition.js';

/** For a series that nobody asks for. */
export const UNWANTED = -1;
const FIRST_CAPACITY = 16;
/** In steps of `Pace`. */
const STEPS_PER_SERIES = 20;
const STEPS_PER_HISTOGRAM = 50;
const CHANGES_PER_LOOK = 500;

/** Who reads the table: says which series are wanted, and under which number. */
export interface SeriesReader {
  /** @param texts - The texts of each label column so far; `ids` are places in them, one per column. */
  seriesOf(texts: readonly (readonly string[])[], ids: readonly number[]): number;
  /** Whether native histograms are asked for: they take most of the time and the room. */
  readonly wantsHistograms: boolean;
}

export class TableScan {
  readonly definition: TableDefinition;
  readonly #reader: SeriesReader;
  readonly width: number;
  /** Where the numbers of each slot begin, from one to the next. */
  readonly stride: number;
  observedNegative = false;
  /** Of each slot those of its row, its own time where the table is timed, and its start time. */
  numbers: Float64Array;
  /** What the reader calls the series of each slot; `UNWANTED` also where there is none. */
  readonly series: number[] = [];
  /** The native histogram of each slot that has one, without count and sum. */
  readonly histograms: (NativeState | undefined)[] = [];
  readonly texts: string[][];
  /** Places in `texts`, one per column and slot. */
  readonly textIds: number[] = [];
  readonly #live: boolean[] = [];
  #wanted: number[] = [];
  #isWantedKnown = true;

  constructor(definition: TableDefinition, reader: SeriesReader) {
    this.definition = definition;
    this.#reader = reader;
    this.width = rowWidth(definition.descriptor);
    this.stride = strideOf(definition);
    this.numbers = new Float64Array(FIRST_CAPACITY * this.stride);
    this.texts = definition.labelNames.map(() => []);
  }

  /** Slots of the series that are there and wanted, ascending. */
  get wanted(): readonly number[] {
    if (!this.#isWantedKnown) {
      this.#wanted = [];
      for (let slot = 0; slot < this.series.length; slot++) if (this.series[slot] !== UNWANTED) this.#wanted.push(slot);
      this.#isWantedKnown = true;
    }
    return this.#wanted;
  }

  /** Takes in what a record says about the table. @throws Malformed */
  async apply(source: ByteReader, pace: Pace, { hasHistograms }: SectionHead): Promise<void> {
    const vanished = source.varint();
    const added = source.varint();
    this.#applyVanished(source, vanished);
    await this.#applyAdded(source, added, pace);
    if (hasHistograms) await this.#applyHistograms(source.section(source.varint()), pace);
    await this.#applyChanged(source, pace);
  }

  #applyVanished(source: ByteReader, count: number): void {
    let slot = 0;
    for (let i = 0; i < count; i++) {
      slot += source.signed();
      if (this.#live[slot] !== true) throw new Malformed('a series vanishes that was not there');
      this.#live[slot] = false;
      this.series[slot] = UNWANTED;
      this.histograms[slot] = undefined;
    }
    if (count > 0) this.#isWantedKnown = false;
  }

  async #applyAdded(source: ByteReader, count: number, pace: Pace): Promise<void> {
    let slot = -1;
    let created = 0;
    const columns = this.texts.length;
    const ids: number[] = new Array(columns);
    for (let i = 0; i < count; i++) {
      slot += source.signed() + 1;
      this.#occupy(slot);
      for (let c = 0; c < columns; c++) ids[c] = readText(source, this.texts[c] as string[]);
      for (let c = 0; c < columns; c++) this.textIds[slot * columns + c] = ids[c] as number;
      const from = slot * this.stride;
      const last = this.stride - 1;
      for (let c = 0; c < last; c++) this.numbers[from + c] = source.number(0);
      const start = source.number(created);
      this.numbers[from + last] = start;
      created = Number.isFinite(start) ? start : 0;
      this.series[slot] = this.#reader.seriesOf(this.texts, ids);
      pace.count(STEPS_PER_SERIES + this.width);
      if (pace.isDue) await pace.pause();
    }
    if (count > 0) this.#isWantedKnown = false;
  }

  async #applyHistograms(source: ByteReader, pace: Pace): Promise<void> {
    if (!this.#reader.wantsHistograms) return;
    let slot = 0;
    while (source.left > 0) {
      slot += source.signed();
      if (this.#live[slot] !== true) throw new Malformed('a histogram changes of a series that was not there');
      const state = this.histograms[slot] ?? new NativeState();
      this.histograms[slot] = state;
      if (!state.read(source)) throw new Malformed('a histogram makes no sense');
      pace.count(STEPS_PER_HISTOGRAM);
      if (pace.isDue) await pace.pause();
    }
  }

  async #applyChanged(source: ByteReader, pace: Pace): Promise<void> {
    const end = this.series.length * this.stride;
    let cell = 0;
    while (source.left > 0) {
      cell = source.applyChanges(this.numbers, cell, { end, most: CHANGES_PER_LOOK });
      pace.count(CHANGES_PER_LOOK);
      if (pace.isDue) await pace.pause();
    }
  }

  /** Slots are taken in their order, or again after their series vanished: no record can make the table huge. */
  #occupy(slot: number): void {
    const slots = this.series.length;
    if (!(slot >= 0 && slot <= slots) || this.#live[slot] === true) throw new Malformed('a series has a wrong place');
    this.#live[slot] = true;
    if (slot < slots) return;
    this.series.push(UNWANTED);
    this.histograms.push(undefined);
    const needed = (slot + 1) * this.stride;
    if (needed <= this.numbers.length) return;
    const wider = new Float64Array(needed * 2);
    wider.set(this.numbers);
    this.numbers = wider;
  }

  /** The time that a row has of its own; NaN where that is the snapshot's. */
  ownTimeOf(slot: number): number {
    return this.definition.isTimed ? (this.numbers[slot * this.stride + this.width] as number) : Number.NaN;
  }

  isLive(slot: number): boolean {
    return this.#live[slot] === true;
  }
}

function readText(source: ByteReader, texts: string[]): number {
  const number = source.varint();
  if (number === 0) return texts.push(source.text()) - 1;
  if (number > texts.length) throw new Malformed('a label refers to a text that was not there');
  return number - 1;
}

interface SectionHead {
  readonly definition: TableDefinition | undefined;
  readonly observedNegative: boolean;
  readonly hasHistograms: boolean;
}

/** The front of a section: its flags, and the definition where it has one. */
export function readSectionHead(source: ByteReader): SectionHead {
  const flags = source.u8();
  const definition = (flags & SectionFlag.definition) === 0 ? undefined : readDefinition(source.text());
  return {
    definition,
    observedNegative: (flags & SectionFlag.observedNegative) !== 0,
    hasHistograms: (flags & SectionFlag.histograms) !== 0,
  };
}
