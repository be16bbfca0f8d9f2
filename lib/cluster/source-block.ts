// A block of series of one worker as the gatherer sees it: the numbers, and where in the merged family each row belongs. The
// map from rows to places is made once, when series come, so that merging is a walk over arrays.
import type { MergedGroup } from './merged-group.js';

/** A row that holds no series. */
export const NOWHERE = -1;
/** A row that counts into the series that takes what is over the limit. */
export const OVERFLOWS = -2;

/** The window of one series of a summary, as its worker told it. */
export interface SourceWindow {
  readonly min: number;
  readonly max: number;
  /** Of buckets with observations in them, ascending. */
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

export interface SourceBlockOptions {
  readonly worker: string;
  readonly group: MergedGroup;
  /** Numbers a row, as the worker keeps them. */
  readonly width: number;
  /** Whether the numbers are of this side, to be written by what is sent. */
  readonly owned: boolean;
}

export class SourceBlock {
  readonly worker: string;
  readonly group: MergedGroup;
  readonly width: number;
  readonly #owned: boolean;
  /** Shared with the worker, or written by what it sends. */
  values: Float64Array = new Float64Array(0);
  /** What to add to these, where rows started anew meanwhile. */
  carried: Float64Array | undefined;
  /** As they were when they were last added up: what came since is the difference. */
  last: Float64Array = new Float64Array(0);
  /** When each row was last recorded, in monotonic seconds of the worker; empty where that does not matter. */
  recordedAt: Float64Array = new Float64Array(0);
  /** Seconds that make those the machine's. */
  clockOffset = 0;
  /** Where in the merged group each row belongs. */
  slots = new Int32Array(0);
  readonly windows: (SourceWindow | undefined)[] = [];
  /** Whether the worker could not collect the family this time. */
  isLeftOut = false;

  constructor({ worker, group, width, owned }: SourceBlockOptions) {
    this.worker = worker;
    this.group = group;
    this.width = width;
    this.#owned = owned;
  }

  /** Makes room for so many rows. */
  cover(rows: number): void {
    if (rows <= this.slots.length) return;
    const slots = new Int32Array(rows).fill(NOWHERE);
    slots.set(this.slots);
    this.slots = slots;
    this.last = covering(this.last, rows * this.width);
    if (this.#owned) this.values = covering(this.values, rows * this.width);
  }

  coverTimes(): void {
    if (this.#owned) this.recordedAt = covering(this.recordedAt, this.slots.length);
  }
}

function covering(from: Float64Array, length: number): Float64Array {
  if (from.length >= length) return from;
  const larger = new Float64Array(length);
  larger.set(from);
  return larger;
}
