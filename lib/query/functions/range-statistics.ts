// What the numbers of a range have in common: the least, the greatest, quantiles, and how far they spread.
import { lostIn, totalOf } from '../values/kahan-sum.js';
import { isQuantile, quantileWarning } from '../values/quantile.js';
import type { RangeWindow } from '../values/range-window.js';
import type { VectorFunction } from './function.js';
import { overNumbers } from './number-ranges.js';
import { SortedNumbers } from './sorted-numbers.js';

export const rangeStatistics: Readonly<Record<string, VectorFunction>> = {
  min_over_time: overNumbers(1, () => least),
  max_over_time: overNumbers(1, () => greatest),
  stdvar_over_time: overNumbers(1, () => variance),
  stddev_over_time: overNumbers(1, () => (window) => Math.sqrt(variance(window))),
  quantile_over_time: overNumbers(1, ({ scalars, evaluation, position }) => {
    const quantiles = scalars[0] as Float64Array;
    const sorted = new SortedNumbers();
    return (window) => {
      const quantile = quantiles[window.step] as number;
      if (!isQuantile(quantile)) evaluation.annotations.warn(quantileWarning(quantile), position);
      return sorted.quantile(quantile, window);
    };
  }),
};

/** NaN only where there is nothing else. */
function least({ series: { values }, from, to }: RangeWindow): number {
  let least = values[from] as number;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    if (value < least || Number.isNaN(least)) least = value;
  }
  return least;
}

function greatest({ series: { values }, from, to }: RangeWindow): number {
  let greatest = values[from] as number;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    if (value > greatest || Number.isNaN(greatest)) greatest = value;
  }
  return greatest;
}

/** Of the population, in one pass (Welford's). https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance */
function variance({ series: { values }, from, to }: RangeWindow): number {
  let [mean, squares] = [0, 0];
  let [lostOfMean, lostOfSquares] = [0, 0];
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const distance = value - totalOf(mean, lostOfMean);
    const step = distance / (i - from + 1);
    lostOfMean = lostIn(mean, step, lostOfMean);
    mean += step;
    const square = distance * (value - totalOf(mean, lostOfMean));
    lostOfSquares = lostIn(squares, square, lostOfSquares);
    squares += square;
  }
  return totalOf(squares, lostOfSquares) / (to - from);
}
