// Reads series that came with snapshots, as they were when the reader was asked for. It must not give up the thread
// between looking at a page and having read it: a page may be sealed and used again meanwhile.

import { inOrder, type Samples } from '../../../lib/model/sample-order.js';
import type { SampleKind } from '../../../lib/model/samples.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import type { NumberTarget } from '../columns/column-codec.js';
import type { Generation } from './generation.js';
import { type ColumnCut, TICKS } from './page.js';
import type { SnapshotSeries } from './snapshot-table.js';
import { bitCount, lowestBit } from './tick-mask.js';

/** A part of the history and which of its snapshots are asked for. */
interface Span {
  readonly generation: Generation;
  readonly within: number;
}

/** Which generations and snapshots a reading is about: fixed when it begins, whatever happens to the history later. */
export class SnapshotRange {
  readonly spans: readonly Span[];
  /** Whether time goes on from each snapshot to the next. */
  readonly ascending: boolean;

  constructor(generations: readonly Generation[], { startMs, endMs }: TimeRange) {
    this.spans = generations
      .map((generation) => ({ generation, within: generation.ticksWithin(startMs, endMs) }))
      .filter(({ within }) => within !== 0);
    this.ascending = this.spans.every(
      ({ generation }, s) =>
        generation.ascending && (s === 0 || (this.spans[s - 1] as Span).generation.lastMs < generation.firstMs),
    );
  }

  /** When its snapshots were taken. */
  *timestampsMs(): Generator<number> {
    for (const { generation, within } of this.spans) {
      for (let rest = within; rest !== 0; rest &= rest - 1) yield generation.timestampsMs[lowestBit(rest)] as number;
    }
  }
}

/**
 * Numbers are handed out as parts of longer arrays, because an array of its own costs a series 1 µs more. Each is twice
 * as long as the one before, within these bounds, so that short readings stay cheap too.
 */
const FEWEST_PER_ARRAY = 1024;
const MOST_PER_ARRAY = 16_384;

/** Reads series one at a time, for one reader only: it keeps buffers from one series to the next. */
export class SnapshotReader {
  readonly #range: SnapshotRange;
  /** Per span: which of its snapshots the series is in. */
  readonly #wanted: Int32Array;
  /** The same of the series before, whose time stamps are shared when both are equal. */
  readonly #wantedBefore: Int32Array;
  #timestampsMs = new Float64Array(0);
  /** Where numbers are handed out from. */
  readonly #room: NumberTarget = { numbers: new Float64Array(0), at: 0 };
  /** A column on its way into the sum of the columns up to it. */
  readonly #column: NumberTarget = { numbers: new Float64Array(0), at: 0 };
  #sum = new Float64Array(0);
  #summed = -1;
  readonly #cut: ColumnCut = { row: 0, column: 0, wanted: 0 };

  constructor(range: SnapshotRange) {
    this.#range = range;
    this.#wanted = new Int32Array(range.spans.length);
    this.#wantedBefore = new Int32Array(range.spans.length);
  }

  /** The samples of each kind of one series; none when it has none in the range. */
  read(series: SnapshotSeries, kinds: readonly SampleKind[]): readonly Samples[] {
    const count = this.#look(series);
    if (count === 0) return [];
    const timestampsMs = this.#timestampsOf(count);
    const all: Samples[] = [];
    this.#summed = -1;
    for (const kind of kinds) {
      const values = this.#numbersOf(series, kind, count);
      all.push(this.#range.ascending ? { timestampsMs, values } : inOrder({ timestampsMs, values }));
    }
    return all;
  }

  /** Finds the snapshots that a series is in, and answers how many they are. */
  #look({ page, row }: SnapshotSeries): number {
    const { spans } = this.#range;
    let count = 0;
    for (let s = 0; s < spans.length; s++) {
      const { generation, within } = spans[s] as Span;
      const wanted = (generation.viewOf(page)?.presentIn(row) ?? 0) & within;
      this.#wanted[s] = wanted;
      count += bitCount(wanted);
    }
    return count;
  }

  /** Series of one snapshot share their time stamps, so that most readings make them once. */
  #timestampsOf(count: number): Float64Array {
    if (count === this.#timestampsMs.length && this.#isWantedAsBefore()) return this.#timestampsMs;
    const timestampsMs = new Float64Array(count);
    let at = 0;
    this.#range.spans.forEach(({ generation }, s) => {
      for (let rest = this.#wanted[s] as number; rest !== 0; rest &= rest - 1) {
        timestampsMs[at++] = generation.timestampsMs[lowestBit(rest)] as number;
      }
    });
    this.#wantedBefore.set(this.#wanted);
    this.#timestampsMs = timestampsMs;
    return timestampsMs;
  }

  #isWantedAsBefore(): boolean {
    for (let s = 0; s < this.#wanted.length; s++) if (this.#wanted[s] !== this.#wantedBefore[s]) return false;
    return true;
  }

  #numbersOf(series: SnapshotSeries, { column, cumulative }: SampleKind, count: number): Float64Array {
    const room = this.#room;
    if (room.numbers.length < room.at + count + TICKS) {
      const length = Math.min(MOST_PER_ARRAY, Math.max(FEWEST_PER_ARRAY, room.numbers.length * 2));
      room.numbers = new Float64Array(Math.max(length, count + TICKS));
      room.at = 0;
    }
    const start = room.at;
    if (cumulative) {
      this.#sumUpTo(series, column, count);
      room.numbers.set(this.#sum.subarray(0, count), start);
      room.at += count;
    } else this.#readColumn(series, column, room);
    return room.numbers.subarray(start, room.at);
  }

  /** Cumulative kinds come in the order of their columns, so that one running sum serves all of a series. */
  #sumUpTo(series: SnapshotSeries, last: number, count: number): void {
    if (this.#sum.length < count) {
      this.#sum = new Float64Array(count);
      this.#column.numbers = new Float64Array(count + TICKS);
    }
    if (this.#summed < 0) this.#sum.fill(0, 0, count);
    while (this.#summed < last) {
      this.#column.at = 0;
      this.#readColumn(series, ++this.#summed, this.#column);
      for (let i = 0; i < count; i++) {
        this.#sum[i] = (this.#sum[i] as number) + (this.#column.numbers[i] as number);
      }
    }
  }

  #readColumn({ page, row }: SnapshotSeries, column: number, target: NumberTarget): void {
    const { spans } = this.#range;
    const cut = this.#cut;
    cut.row = row;
    cut.column = column;
    for (let s = 0; s < spans.length; s++) {
      cut.wanted = this.#wanted[s] as number;
      if (cut.wanted !== 0) (spans[s] as Span).generation.viewOf(page)?.read(cut, target);
    }
  }
}
