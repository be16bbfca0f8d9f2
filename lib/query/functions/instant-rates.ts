// What the last two samples of a range say: `irate` and `idelta`.
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { divideHistogram } from '../histograms/histogram-arithmetic.js';
import { lastDelta, lastIncrease } from '../histograms/histogram-windows.js';
import type { RangeSeries, RangeWindow } from '../values/range-window.js';
import type { SeriesBuilder } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { setIfAny } from './number-ranges.js';
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
    if (before === undefined && now === undefined) result.setNumber(step, this.#ofNumbers(series, last));
    else if (before === undefined || now === undefined) this.#notes.mixed(series);
    else setIfAny(result, step, this.#ofHistograms(series, last));
  }

  /** A counter that fell began at 0, and is all that it gained. */
  #ofNumbers(series: RangeSeries, last: number): number {
    const [before, now] = [series.values[last - 1] as number, series.values[last] as number];
    if (!this.#isRate) return now - before;
    return (now < before ? now : now - before) / secondsBefore(series, last);
  }

  #ofHistograms(series: RangeSeries, last: number): FloatHistogram | undefined {
    const pair = series.histograms?.slice(last - 1, last + 1) as [FloatHistogram, FloatHistogram];
    const place = this.#notes.placeOf(series);
    if (!this.#isRate) return lastDelta(pair, place);
    const increase = lastIncrease(pair, place);
    return increase && divideHistogram(increase, secondsBefore(series, last));
  }
}

function secondsBefore({ timestampsMs }: RangeSeries, at: number): number {
  return ((timestampsMs[at] as number) - (timestampsMs[at - 1] as number)) / 1000;
}
