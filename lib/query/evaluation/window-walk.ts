// The windows of a range over one series, step by step: both ends only ever move forward. A walk can stop between two steps
// when others are to have their turn, because one long series may hold more work than fits into one.
import type { RangeSeries } from '../values/range-window.js';
import { RangeWindow } from '../values/range-window.js';
import type { RangeVisitor } from './evaluation.js';
import type { Moments } from './moments.js';
import type { QueryRun } from './query-run.js';

/** What a step costs, however few samples are in its window. */
const SLOTS_PER_STEP = 2;

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
  #step = 0;

  constructor(series: RangeSeries, { moments, rangeMs, visitor, run }: WindowWalkOptions) {
    this.#window = new RangeWindow(series);
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
    let step = this.#step;
    while (step < count) {
      this.#moveTo(step++);
      const samples = window.to - window.from;
      if (samples > 0) {
        this.#run.touch(samples);
        visitor.visit(window);
      }
      pace.count(samples + SLOTS_PER_STEP);
      if (mayStop && pace.isDue) {
        this.#step = step;
        return false;
      }
    }
    visitor.end(window);
    return true;
  }

  #moveTo(step: number): void {
    const window = this.#window;
    const { timestampsMs } = window.series;
    const { length } = timestampsMs;
    const endMs = this.#moments.firstMs + step * this.#moments.strideMs;
    const startMs = endMs - this.#rangeMs;
    let { from, to } = window;
    while (to < length && (timestampsMs[to] as number) <= endMs) to++;
    while (from < to && (timestampsMs[from] as number) <= startMs) from++;
    window.from = from;
    window.to = to;
    window.startMs = startMs;
    window.endMs = endMs;
    window.step = step;
  }
}
