// The windows of a range over one series, step by step: both ends only ever move forward. A walk can stop between two steps
// when others are to have their turn, because one long series may hold more work than fits into one.
import type { RangeSeries } from '../values/range-window.js';
import { RangeWindow } from '../values/range-window.js';
import type { RangeVisitor } from './evaluation.js';
import type { Moments } from './moments.js';
import type { QueryRun } from './query-run.js';

/** What a step costs, however few samples are in its window. */
const SLOTS_PER_STEP = 2;
/** Up to so many steps and samples, all windows may be visited by one call, which then takes less than half a millisecond. */
const MOST_IN_A_CALL = 5000;
/** After so many it is asked whether a pause is due. */
const SLOTS_PER_LOOK = 2000;

export interface WindowWalkOptions {
  readonly moments: Moments;
  readonly rangeMs: number;
  readonly visitor: RangeVisitor;
  readonly run: QueryRun;
}

export class WindowWalk {
  readonly #window: RangeWindow;
  readonly #moments: Moments;
  readonly #rangeMs: number;
  readonly #visitor: RangeVisitor;
  readonly #run: QueryRun;
  readonly #timestampsMs: Float64Array;
  #step = 0;
  #mostSamples = 0;

  constructor(series: RangeSeries, { moments, rangeMs, visitor, run }: WindowWalkOptions) {
    this.#window = new RangeWindow(series);
    this.#timestampsMs = series.timestampsMs;
    this.#moments = moments;
    this.#rangeMs = rangeMs;
    this.#visitor = visitor;
    this.#run = run;
    visitor.begin(this.#window);
  }

  /** All of it: at once where that is soon done, or else with pauses. */
  run(): Promise<void> | undefined {
    return this.#advance(true) ? undefined : this.#rest();
  }

  /** All of it, for those who cannot wait. */
  runAtOnce(): void {
    this.#advance(false);
  }

  async #rest(): Promise<void> {
    do await this.#run.pause();
    while (!this.#advance(true));
  }

  /** Goes on until it is through (true) or a pause is due (false). */
  #advance(mayStop: boolean): boolean {
    const window = this.#window;
    const visitor = this.#visitor;
    const { pace } = this.#run;
    const { count } = this.#moments;
    if (this.#step === 0 && this.#visitAll()) return true;
    let slots = 0;
    for (let step = this.#step; step < count; step++) {
      const samples = this.#moveTo(step);
      if (samples > 0) {
        if (samples > this.#mostSamples) this.#touch(samples);
        visitor.visit(window);
      }
      slots += samples + SLOTS_PER_STEP;
      if (slots < SLOTS_PER_LOOK) continue;
      pace.count(slots);
      slots = 0;
      if (mayStop && pace.isDue) {
        this.#step = step + 1;
        return false;
      }
    }
    pace.count(slots);
    visitor.end(window);
    return true;
  }

  /** Whether the visitor took all windows at once. */
  #visitAll(): boolean {
    const { firstMs, strideMs, count } = this.#moments;
    const { length } = this.#timestampsMs;
    if (count > MOST_IN_A_CALL || length > MOST_IN_A_CALL) return false;
    const most = this.#visitor.visitAll?.(this.#window, { firstMs, strideMs, count, rangeMs: this.#rangeMs });
    if (most === undefined) return false;
    this.#touch(most);
    this.#run.pace.count(count * SLOTS_PER_STEP + length);
    this.#visitor.end(this.#window);
    return true;
  }

  /** The samples of a window are needed for a moment only: the most of them are what counts. */
  #touch(samples: number): void {
    this.#mostSamples = samples;
    this.#run.touch(samples);
  }

  /** Answers how many samples there are in the window of the step. */
  #moveTo(step: number): number {
    const window = this.#window;
    const timestampsMs = this.#timestampsMs;
    const { firstMs, strideMs } = this.#moments;
    const endMs = firstMs + step * strideMs;
    const startMs = endMs - this.#rangeMs;
    let { from, to } = window;
    while (to < timestampsMs.length && (timestampsMs[to] as number) <= endMs) to++;
    while (from < to && (timestampsMs[from] as number) <= startMs) from++;
    window.from = from;
    window.to = to;
    window.startMs = startMs;
    window.endMs = endMs;
    window.step = step;
    return to - from;
  }
}
