// Functions that look at the samples of a range as they are, numbers or histograms: which there are, and how often one
// differs from the one before it.
import { detectReset, equalHistograms } from '../histograms/histogram-comparison.js';
import type { RangeSeries, RangeWindow } from '../values/range-window.js';
import type { SeriesBuilder } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { type RangeComputation, rangeFunction } from './range-function.js';

export const sampleFunctions: Readonly<Record<string, VectorFunction>> = {
  count_over_time: rangeFunction(() => ({
    visit: (window, result) => result.setNumber(window.step, window.to - window.from),
  })),

  present_over_time: rangeFunction(() => ({ visit: (window, result) => result.setNumber(window.step, 1) })),

  // The last sample is a sample of the metric still, as one with an offset is.
  last_over_time: rangeFunction(() => ({ visit: setLast }), { keepsNames: true }),

  changes: rangeFunction(() => new PairCounter(isChange)),

  resets: rangeFunction(() => new PairCounter(isReset)),
};

function setLast({ series, to, step }: RangeWindow, result: SeriesBuilder): void {
  const histogram = series.histograms?.[to - 1];
  if (histogram === undefined) result.setNumber(step, series.values[to - 1] as number);
  else result.setHistogram(step, histogram);
}

/** Whether something happened between the sample before `at` and the one there. */
type Happens = (series: RangeSeries, at: number) => boolean;

/** How often something happens between two samples of a window: counted once from the beginning of the series. */
class PairCounter implements RangeComputation {
  readonly #happens: Happens;
  /** How often it happened up to each sample of the series. */
  #counts = new Int32Array(0);

  constructor(happens: Happens) {
    this.#happens = happens;
  }

  begin(series: RangeSeries): void {
    const { length } = series.values;
    if (this.#counts.length < length) this.#counts = new Int32Array(2 * length);
    const counts = this.#counts;
    counts[0] = 0;
    for (let i = 1; i < length; i++) counts[i] = (counts[i - 1] as number) + (this.#happens(series, i) ? 1 : 0);
  }

  visit({ from, to, step }: RangeWindow, result: SeriesBuilder): void {
    result.setNumber(step, (this.#counts[to - 1] as number) - (this.#counts[from] as number));
  }
}

function isChange({ values, histograms }: RangeSeries, at: number): boolean {
  const [before, now] = [histograms?.[at - 1], histograms?.[at]];
  if (before !== undefined && now !== undefined) return !equalHistograms(now, before);
  if (before !== undefined || now !== undefined) return true;
  const [x, y] = [values[at - 1] as number, values[at] as number];
  return x !== y && !(Number.isNaN(x) && Number.isNaN(y));
}

/** A counter that fell, or that became of another kind. */
function isReset({ values, histograms }: RangeSeries, at: number): boolean {
  const [before, now] = [histograms?.[at - 1], histograms?.[at]];
  if (before !== undefined && now !== undefined) return detectReset(now, before);
  if (before !== undefined || now !== undefined) return true;
  return (values[at] as number) < (values[at - 1] as number);
}
