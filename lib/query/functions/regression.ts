// The straight line that fits the numbers of a range best (least squares): its slope, `deriv`, and where it leads,
// `predict_linear`.
import { lostIn, totalOf } from '../values/kahan-sum.js';
import type { RangeWindow } from '../values/range-window.js';
import { stepTimeMs } from '../values/steps.js';
import type { VectorFunction } from './function.js';
import { overNumbers } from './number-ranges.js';

export const regressionFunctions: Readonly<Record<string, VectorFunction>> = {
  // Times count from the first sample: from far away, their squares would swallow the differences.
  deriv: overNumbers(2, () => (window) => lineThrough(window, window.series.timestampsMs[window.from] as number).slope),

  predict_linear: overNumbers(2, ({ scalars, evaluation }) => (window) => {
    const seconds = scalars[0]?.[window.step] as number;
    const { slope, intercept } = lineThrough(window, stepTimeMs(evaluation.steps, window.step));
    return slope * seconds + intercept;
  }),
};

const line = { slope: 0, intercept: 0 };

/** The line through times in seconds from `originMs`; it is valid until the next one is asked for. */
function lineThrough(window: RangeWindow, originMs: number): Readonly<typeof line> {
  if (isConstant(window)) {
    const value = window.series.values[window.from] as number;
    line.slope = Number.isFinite(value) ? 0 : Number.NaN;
    line.intercept = Number.isFinite(value) ? value : Number.NaN;
  } else {
    regress(window, originMs);
  }
  return line;
}

/** Four sums with their errors, as plain numbers that the machine can keep in registers. */
function regress({ series: { timestampsMs, values }, from, to }: RangeWindow, originMs: number): void {
  let [x, y, xy, xx] = [0, 0, 0, 0];
  let [lostX, lostY, lostXy, lostXx] = [0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const seconds = ((timestampsMs[i] as number) - originMs) / 1000;
    const value = values[i] as number;
    lostX = lostIn(x, seconds, lostX);
    x += seconds;
    lostY = lostIn(y, value, lostY);
    y += value;
    lostXy = lostIn(xy, seconds * value, lostXy);
    xy += seconds * value;
    lostXx = lostIn(xx, seconds * seconds, lostXx);
    xx += seconds * seconds;
  }
  const count = to - from;
  x = totalOf(x, lostX);
  y = totalOf(y, lostY);
  line.slope = (totalOf(xy, lostXy) - (x * y) / count) / (totalOf(xx, lostXx) - (x * x) / count);
  line.intercept = y / count - (line.slope * x) / count;
}

/** NaN is not the same as NaN. */
function isConstant({ series: { values }, from, to }: RangeWindow): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] !== values[from]) return false;
  return true;
}
