// What was told of one block of series, to be compared with what it is now. Apart from the exporter, which walks over the
// blocks, because this is where rows are compared one by one.
import type { Block, SeriesGroup } from '../instruments/series-group.js';
import type { Exemplar } from '../model/exemplar.js';
import type { BlockNews, ExemplarNews, NumberNews } from './protocol.js';

/** Sending a block as a whole costs 8 bytes a number, picked ones cost 12. */
const WHOLE_FROM_SHARE = 2 / 3;
const NO_ROWS = new Int32Array(0);

export interface BlockStateOptions {
  readonly group: SeriesGroup;
  readonly groupId: number;
  readonly index: number;
  /** Numbers per row that are told; 0 where what series have is told apart. */
  readonly width: number;
  /** Whether numbers are sent instead of being read in place. */
  readonly copies: boolean;
  /** Whether it matters when each series was last recorded. */
  readonly tellsTimes: boolean;
}

/** What differs once rows have come or gone, or numbers are elsewhere. */
const COMPARED = ['values', 'carried', 'size', 'gaps', 'labelIds'] as const;

type Told = Pick<Block, (typeof COMPARED)[number]>;

export class BlockState {
  readonly index: number;
  readonly #options: BlockStateOptions;
  #told: Told | undefined;
  #live = new Uint8Array(0);
  /** The numbers and times as they were sent. */
  #sent = new Float64Array(0);
  #sentTimes = new Float64Array(0);
  readonly #toldExemplars = new WeakSet<Exemplar>();

  constructor(options: BlockStateOptions) {
    this.#options = options;
    this.index = options.index;
  }

  /** Which rows came and went; undefined when none did and the numbers are where they were. */
  seriesNews(): BlockNews | undefined {
    const block = this.#block;
    const told = this.#told;
    if (this.#isTold) return undefined;
    const { values, carried, size, gaps, labelIds } = block;
    // From now on, a row that is used again gets arrays of its own, and so is noticed.
    block.shared = true;
    const { placed, removed } = this.#compare(block, told);
    this.#told = { values, carried, size, gaps, labelIds };
    return this.#news(placed, removed);
  }

  /** News for the end of the group. */
  allGone(): BlockNews | undefined {
    const removed: number[] = [];
    this.#live.forEach((live, row) => {
      if (live === 1) removed.push(row);
    });
    this.#live = new Uint8Array(0);
    return removed.length === 0 ? undefined : this.#news([], removed);
  }

  /** The slots of the series that were told and are not told to be gone. */
  *toldSlots(): Generator<number> {
    const first = this.index << this.#options.group.shift;
    for (let row = 0; row < this.#live.length; row++) if (this.#live[row] === 1) yield first + row;
  }

  /** Those of them that are gone by now. */
  leavingSlots(): number[] {
    if (this.#isTold) return [];
    const { live } = this.#block;
    return [...this.toldSlots()].filter((slot) => live?.[slot & this.#options.group.mask] === 0);
  }

  /** The numbers of rows that were just placed, where numbers are sent. */
  numbersOf(rows: Int32Array): NumberNews | undefined {
    const { copies, width } = this.#options;
    if (!copies || rows.length === 0 || width === 0) return undefined;
    this.#cover();
    const at: number[] = [];
    for (const row of rows) for (let i = 0; i < width; i++) at.push(row * width + i);
    return this.#pick(at);
  }

  /** The numbers of known rows that changed. */
  changedNumbers(): NumberNews | undefined {
    const told = this.#told;
    const { width } = this.#options;
    if (told === undefined || width === 0) return undefined;
    this.#cover();
    const { values, carried, recordedAt } = this.#block;
    const at: number[] = [];
    const end = told.size * width;
    for (let i = 0; i < end; i++) {
      const number = carried === undefined ? values[i] : totalAt(values, carried, i);
      const changed = number !== this.#sent[i] && !(Number.isNaN(number) && Number.isNaN(this.#sent[i]));
      if (changed || (this.#options.tellsTimes && recordedAt?.[i] !== this.#sentTimes[i])) at.push(i);
    }
    if (at.length === 0) return undefined;
    return at.length < end * WHOLE_FROM_SHARE ? this.#pick(at) : this.#whole(end);
  }

  /** Exemplars of known rows that nobody has been told of; undefined when there are none. */
  newExemplars(): ExemplarNews | undefined {
    const rows: number[] = [];
    const exemplars: Exemplar[] = [];
    for (const [row, series] of this.#block.exemplars ?? []) {
      if (this.#live[row] !== 1) continue;
      for (const exemplar of series.list()) {
        if (this.#toldExemplars.has(exemplar)) continue;
        this.#toldExemplars.add(exemplar);
        rows.push(row);
        exemplars.push(exemplar);
      }
    }
    return rows.length === 0 ? undefined : { ...this.#place, rows: Int32Array.from(rows), exemplars };
  }

  get #block(): Block {
    const { group, index } = this.#options;
    return group.blocks[index] as Block;
  }

  /** Whether no row came or went since, and the numbers are where they were. */
  get #isTold(): boolean {
    const told = this.#told;
    const block = this.#block;
    return told !== undefined && COMPARED.every((part) => told[part] === block[part]);
  }

  #compare(block: Block, told: Told | undefined): { placed: number[]; removed: number[] } {
    const arity = this.#options.group.names.length;
    const live = new Uint8Array(block.size);
    const placed: number[] = [];
    const removed: number[] = [];
    for (let row = 0; row < block.size; row++) {
      live[row] = block.live === undefined ? 1 : (block.live[row] as number);
      const wasLive = this.#live[row] === 1;
      const isSame = wasLive && told !== undefined && sameLabels(told.labelIds, block.labelIds, row * arity, arity);
      if (live[row] === 0 && wasLive) removed.push(row);
      if (live[row] === 1 && !isSame) placed.push(row);
    }
    this.#live = live;
    return { placed, removed };
  }

  #news(placed: readonly number[], removed: readonly number[]): BlockNews {
    const { group, groupId, index, width, copies, tellsTimes } = this.#options;
    const { values, carried, recordedAt, createdMs } = this.#block;
    const first = index << group.shift;
    return {
      group: groupId,
      block: index,
      values: copies || width === 0 ? undefined : values,
      carried: copies || width === 0 ? undefined : carried,
      recordedAt: !copies && tellsTimes ? recordedAt : undefined,
      removed: removed.length === 0 ? NO_ROWS : Int32Array.from(removed),
      placed: placed.length === 0 ? NO_ROWS : Int32Array.from(placed),
      labels: placed.flatMap((row) => group.valuesOf(first + row)),
      createdMs: Float64Array.from(placed, (row) => createdMs[row] as number),
    };
  }

  /** Makes room for what is sent, as the block has grown. */
  #cover(): void {
    const { values, recordedAt } = this.#block;
    if (this.#sent.length < values.length) this.#sent = covering(this.#sent, values.length);
    if (this.#options.tellsTimes && recordedAt !== undefined && this.#sentTimes.length < recordedAt.length) {
      this.#sentTimes = covering(this.#sentTimes, recordedAt.length);
    }
  }

  #pick(at: readonly number[]): NumberNews {
    const { values, carried, recordedAt } = this.#block;
    for (const i of at) {
      this.#sent[i] = totalAt(values, carried, i);
      if (this.#options.tellsTimes) this.#sentTimes[i] = recordedAt?.[i] as number;
    }
    return {
      ...this.#place,
      at: Int32Array.from(at),
      values: Float64Array.from(at, (i) => this.#sent[i] as number),
      recordedAt: this.#options.tellsTimes ? Float64Array.from(at, (i) => recordedAt?.[i] as number) : undefined,
    };
  }

  #whole(end: number): NumberNews {
    const { values, carried, recordedAt } = this.#block;
    this.#sent.set(values.subarray(0, end));
    if (carried !== undefined) for (let i = 0; i < end; i++) (this.#sent[i] as number) += carried[i] as number;
    if (this.#options.tellsTimes && recordedAt !== undefined) this.#sentTimes.set(recordedAt.subarray(0, end));
    return {
      ...this.#place,
      at: undefined,
      values: this.#sent.slice(0, end),
      recordedAt: this.#options.tellsTimes ? recordedAt?.slice(0, end) : undefined,
    };
  }

  get #place(): { readonly group: number; readonly block: number } {
    return { group: this.#options.groupId, block: this.index };
  }
}

/** What a row has counted in all, before it started anew as well. */
function totalAt(values: Float64Array, carried: Float64Array | undefined, i: number): number {
  return (values[i] as number) + (carried?.[i] ?? 0);
}

function sameLabels(a: Int32Array, b: Int32Array, from: number, arity: number): boolean {
  if (a === b) return true;
  for (let c = from; c < from + arity; c++) if (a[c] !== b[c]) return false;
  return true;
}

function covering(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(from);
  return larger;
}
