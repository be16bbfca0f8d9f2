// `sum_over_time` and `avg_over_time`, of numbers or of histograms. Sums carry their rounding errors along, written out in
// the loops, because these are the functions that look at every sample of every window.
import { histogramMean, histogramSum } from '../histograms/histogram-windows.js';
import { lostIn, totalOf } from '../values/kahan-sum.js';
import type { RangeWindow } from '../values/range-window.js';
import type { VectorFunction } from './function.js';
import { ofOneKind } from './number-ranges.js';

export const sumFunctions: Readonly<Record<string, VectorFunction>> = {
  sum_over_time: ofOneKind({ numbers: sum, histograms: histogramSum }),
  avg_over_time: ofOneKind({ numbers: mean, histograms: histogramMean }),
};

function sum({ series: { values }, from, to }: RangeWindow): number {
  let sum = 0;
  let lost = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    lost = lostIn(sum, value, lost);
    sum += value;
  }
  return totalOf(sum, lost);
}

/** The sum by the count, as long as the sum is not too great for a number. */
function mean(window: RangeWindow): number {
  const { values } = window.series;
  const { from, to } = window;
  let sum = values[from] as number;
  let lost = 0;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    const next = sum + value;
    if (next === Number.POSITIVE_INFINITY || next === Number.NEGATIVE_INFINITY) return movingMean(window);
    lost = lostIn(sum, value, lost);
    sum = next;
  }
  return sum / (to - from) + lost / (to - from);
}

/** The same up to the sample that makes the sum infinite; from there on, every sample moves the mean of those before. */
function movingMean({ series: { values }, from, to }: RangeWindow): number {
  let sum = values[from] as number;
  let lost = 0;
  let i = from + 1;
  for (; Number.isFinite(sum + (values[i] as number)); i++) {
    lost = lostIn(sum, values[i] as number, lost);
    sum += values[i] as number;
  }
  let mean = sum / (i - from);
  lost /= i - from;
  for (; i < to; i++) {
    const count = i - from + 1;
    const share = (count - 1) / count;
    const term = (values[i] as number) / count;
    lost = lostIn(share * mean, term, share * lost);
    mean = share * mean + term;
  }
  return totalOf(mean, lost);
}
