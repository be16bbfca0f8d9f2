// What the last two samples of a range say: `irate` and `idelta`.
import type { RangeWindow } from '../values/range-window.js';
import type { SeriesBuilder } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { type RangeComputation, type RangeContext, rangeFunction } from './range-function.js';
import type { RangeNotes } from './range-notes.js';

export const instantRateFunctions: Readonly<Record<string, VectorFunction>> = {
  irate: rangeFunction((context) => new LastTwo(context, true)),
  idelta: rangeFunction((context) => new LastTwo(context, false)),
};

class LastTwo implements RangeComputation {
  readonly #notes: RangeNotes;
  readonly #isRate: boolean;

  /** @param isRate - Of a counter, by second; otherwise of a gauge, as it is. */
  constructor({ notes }: RangeContext, isRate: boolean) {
    this.#notes = notes;
    this.#isRate = isRate;
  }

  visit({ series, from, to, step }: RangeWindow, result: SeriesBuilder): void {
    const last = to - 1;
    if (last - from < 1) return;
    const [before, now] = [series.histograms?.[last - 1], series.histograms?.[last]];
    if (before === undefined && now === undefined) {
      const seconds = ((series.timestampsMs[last] as number) - (series.timestampsMs[last - 1] as number)) / 1000;
      result.setNumber(
        step,
        this.#ofNumbers(series.values[last - 1] as number, series.values[last] as number, seconds),
      );
    } else if (before === undefined || now === undefined) {
      this.#notes.mixed(series);
    }
  }

  /** A counter that fell began at 0, and is all that it gained. */
  #ofNumbers(before: number, now: number, seconds: number): number {
    if (!this.#isRate) return now - before;
    return (now < before ? now : now - before) / seconds;
  }
}
