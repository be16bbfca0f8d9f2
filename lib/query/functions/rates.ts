// How much a series grew over a range: `rate`, `increase` and `delta`. The samples of a window rarely reach its ends, so what
// they grew by is extrapolated to them, as far as a series with such gaps between samples may be thought to reach.
// https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
import type { FloatHistogram } from '../histograms/float-histogram.js';
import { scaleHistogram } from '../histograms/histogram-arithmetic.js';
import { histogramDelta, histogramIncrease } from '../histograms/histogram-windows.js';
import type { RangeSeries, RangeWindow, Windows } from '../values/range-window.js';
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

  /** As `#ofNumbers`, for nearly all windows that there are: without a call and without an object for each. */
  visitAll(series: RangeSeries, windows: Windows, result: SeriesBuilder): number {
    const { timestampsMs, values } = series;
    const { firstMs, strideMs, count, rangeMs } = windows;
    let [from, to, most] = [0, 0, 0];
    for (let step = 0; step < count; step++) {
      const endMs = firstMs + step * strideMs;
      const startMs = endMs - rangeMs;
      while (to < timestampsMs.length && (timestampsMs[to] as number) <= endMs) to++;
      while (from < to && (timestampsMs[from] as number) <= startMs) from++;
      if (to - from > most) most = to - from;
      if (to - from < 2) continue;
      const first = values[from] as number;
      const grown = this.#resets.addLost((values[to - 1] as number) - first, from, to);
      const extent = extentOf(timestampsMs, { from, to, startMs, endMs });
      result.setNumber(step, this.#extrapolated(first, grown, extent));
    }
    if (most > 1) this.#hasNumbers = true;
    return most;
  }

  #ofNumbers(window: RangeWindow): number {
    this.#hasNumbers = true;
    const { series, from, to } = window;
    const first = series.values[from] as number;
    const grown = this.#resets.addLost((series.values[to - 1] as number) - first, from, to);
    return this.#extrapolated(first, grown, extentOf(series.timestampsMs, window));
  }

  #extrapolated(first: number, grown: number, extent: Extent): number {
    const { isCounter, isRate } = this.#growth;
    // Growing steadily, a counter was at zero so many seconds before: it did not begin earlier.
    const isBounded = isCounter && grown > 0 && first >= 0;
    return (
      grown * extrapolation(extent, isBounded ? extent.sampled * (first / grown) : Number.POSITIVE_INFINITY, isRate)
    );
  }

  #ofHistograms(window: RangeWindow): FloatHistogram | undefined {
    const place = this.#notes.placeOf(window.series);
    const grown = this.#growth.isCounter ? histogramIncrease(window, place) : histogramDelta(window, place);
    const extent = extentOf(window.series.timestampsMs, window);
    return grown && scaleHistogram(grown, extrapolation(extent, Number.POSITIVE_INFINITY, this.#growth.isRate));
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
  addLost(grown: number, from: number, to: number): number {
    const before = this.#before;
    while (this.#next < before.length && (before[this.#next] as number) < from) this.#next++;
    let total = grown;
    for (let i = this.#next; i < before.length && (before[i] as number) + 1 < to; i++) {
      total += this.#values[before[i] as number] as number;
    }
    return total;
  }
}

/** In seconds: how far the samples of a window reach, and what is left of it at both ends. */
interface Extent {
  readonly sampled: number;
  /** From each sample to the next, in the mean. */
  readonly gap: number;
  readonly before: number;
  readonly after: number;
  readonly range: number;
}

type Place = Pick<RangeWindow, 'from' | 'to' | 'startMs' | 'endMs'>;

function extentOf(timestampsMs: Float64Array, { from, to, startMs, endMs }: Place): Extent {
  const firstMs = timestampsMs[from] as number;
  const lastMs = timestampsMs[to - 1] as number;
  const sampled = (lastMs - firstMs) / 1000;
  return {
    sampled,
    gap: sampled / (to - from - 1),
    before: (firstMs - startMs) / 1000,
    after: (endMs - lastMs) / 1000,
    range: (endMs - startMs) / 1000,
  };
}

/**
 * By what the growth between the first and the last sample of a window is to be multiplied.
 *
 * @param zeroAt - Seconds before the first sample at which a counter was at 0.
 */
function extrapolation({ sampled, gap, before, after, range }: Extent, zeroAt: number, isRate: boolean): number {
  const longest = gap * LONGEST_GAP;
  const atStart = Math.min(before >= longest ? gap / 2 : before, zeroAt);
  const factor = (sampled + atStart + (after >= longest ? gap / 2 : after)) / sampled;
  return isRate ? factor / range : factor;
}
