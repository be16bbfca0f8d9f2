// How much a series grew over a range: `rate`, `increase` and `delta`. The samples of a window rarely reach its ends, so what
// they grew by is extrapolated to them, as far as a series with such gaps between samples may be thought to reach.
// https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { scaleHistogram } from '../histograms/histogram-arithmetic.js';
import { histogramDelta, histogramIncrease } from '../histograms/histogram-windows.js';
import type { RangeSeries, RangeWindow } from '../values/range-window.js';
import type { SeriesBuilder } from '../values/step-series.js';
import type { VectorFunction } from './function.js';
import { kindOf, setIfAny } from './number-ranges.js';
import { type RangeComputation, type RangeContext, rangeFunction } from './range-function.js';
import type { RangeNotes } from './range-notes.js';

interface Growth {
  /** Whether the series counts: then a fall is a reset, and it was never less than 0. */
  readonly isCounter: boolean;
  /** By second, instead of by range. */
  readonly isRate: boolean;
}

/** A gap that is longer than this many times the mean between samples is no gap: there, the series begins or ends. */
const LONGEST_GAP = 1.1;

export const rateFunctions: Readonly<Record<string, VectorFunction>> = {
  rate: rangeFunction((context) => new GrowthComputation(context, { isCounter: true, isRate: true })),
  increase: rangeFunction((context) => new GrowthComputation(context, { isCounter: true, isRate: false })),
  delta: rangeFunction((context) => new GrowthComputation(context, { isCounter: false, isRate: false })),
};

class GrowthComputation implements RangeComputation {
  readonly #growth: Growth;
  readonly #notes: RangeNotes;
  readonly #resets = new Resets();
  #hasNumbers = false;

  constructor({ notes }: RangeContext, growth: Growth) {
    this.#growth = growth;
    this.#notes = notes;
  }

  begin(series: RangeSeries): void {
    this.#hasNumbers = false;
    if (this.#growth.isCounter) this.#resets.find(series);
  }

  visit(window: RangeWindow, result: SeriesBuilder): void {
    if (window.to - window.from < 2) return;
    const kind = kindOf(window);
    if (kind === 'numbers') result.setNumber(window.step, this.#ofNumbers(window));
    else if (kind === 'mixed') this.#notes.mixed(window.series);
    else setIfAny(result, window.step, this.#ofHistograms(window));
  }

  end(series: RangeSeries): void {
    if (this.#growth.isCounter && this.#hasNumbers) this.#notes.expectCounter(series);
  }

  #ofNumbers(window: RangeWindow): number {
    this.#hasNumbers = true;
    const { series, from, to } = window;
    const first = series.values[from] as number;
    let grown = (series.values[to - 1] as number) - first;
    let zeroAt = Number.POSITIVE_INFINITY;
    if (this.#growth.isCounter) {
      grown = this.#resets.addLost(grown, window);
      if (grown > 0 && first >= 0) zeroAt = sampledSeconds(window) * (first / grown);
    }
    return grown * extrapolation(window, zeroAt, this.#growth.isRate);
  }

  #ofHistograms(window: RangeWindow): FloatHistogram | undefined {
    const place = this.#notes.placeOf(window.series);
    const grown = this.#growth.isCounter ? histogramIncrease(window, place) : histogramDelta(window, place);
    return grown && scaleHistogram(grown, extrapolation(window, Number.POSITIVE_INFINITY, this.#growth.isRate));
  }
}

/** The falls of a counter: found once for the series, so that a window without any, as most are, costs no look at its samples. */
class Resets {
  #values: Float64Array = new Float64Array(0);
  /** The sample before each fall. */
  readonly #before: number[] = [];
  /** The first of them that is in the window or comes after it; windows move forward. */
  #next = 0;

  find({ values }: RangeSeries): void {
    this.#values = values;
    this.#before.length = 0;
    this.#next = 0;
    for (let i = 1; i < values.length; i++) {
      if ((values[i] as number) < (values[i - 1] as number)) this.#before.push(i - 1);
    }
  }

  /** What the counter had before each fall in the window, which the fall took from it. */
  addLost(grown: number, { from, to }: RangeWindow): number {
    const before = this.#before;
    while (this.#next < before.length && (before[this.#next] as number) < from) this.#next++;
    let total = grown;
    for (let i = this.#next; i < before.length && (before[i] as number) + 1 < to; i++) {
      total += this.#values[before[i] as number] as number;
    }
    return total;
  }
}

/**
 * By what the growth between the first and the last sample of a window is to be multiplied.
 *
 * @param zeroAt - Seconds before the first sample at which a counter, growing steadily, was at 0: it did not begin earlier.
 */
function extrapolation(window: RangeWindow, zeroAt: number, isRate: boolean): number {
  const { series, from, to, startMs, endMs } = window;
  const sampled = sampledSeconds(window);
  const gap = sampled / (to - from - 1);
  let before = ((series.timestampsMs[from] as number) - startMs) / 1000;
  let after = (endMs - (series.timestampsMs[to - 1] as number)) / 1000;
  if (before >= gap * LONGEST_GAP) before = gap / 2;
  if (after >= gap * LONGEST_GAP) after = gap / 2;
  const factor = (sampled + Math.min(before, zeroAt) + after) / sampled;
  return isRate ? factor / ((endMs - startMs) / 1000) : factor;
}

function sampledSeconds({ series: { timestampsMs }, from, to }: RangeWindow): number {
  return ((timestampsMs[to - 1] as number) - (timestampsMs[from] as number)) / 1000;
}
