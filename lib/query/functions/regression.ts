// The straight line that fits the numbers of a range best (least squares): its slope, `deriv`, and where it leads,
// `predict_linear`.
import { KahanSum } from '../values/kahan-sum.js';
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
const sums = { x: new KahanSum(), y: new KahanSum(), xy: new KahanSum(), xx: new KahanSum() };

/** The line through times in seconds from `originMs`; it is valid until the next one is fitted. */
function lineThrough(window: RangeWindow, originMs: number): Readonly<typeof line> {
  if (isConstant(window)) {
    const value = window.series.values[window.from] as number;
    line.slope = Number.isFinite(value) ? 0 : Number.NaN;
    line.intercept = Number.isFinite(value) ? value : Number.NaN;
    return line;
  }
  sumUp(window, originMs);
  const count = window.to - window.from;
  const [x, y] = [sums.x.total, sums.y.total];
  line.slope = (sums.xy.total - (x * y) / count) / (sums.xx.total - (x * x) / count);
  line.intercept = y / count - (line.slope * x) / count;
  return line;
}

function sumUp({ series, from, to }: RangeWindow, originMs: number): void {
  const { x, y, xy, xx } = sums;
  for (const sum of [x, y, xy, xx]) sum.clear();
  for (let i = from; i < to; i++) {
    const seconds = ((series.timestampsMs[i] as number) - originMs) / 1000;
    const value = series.values[i] as number;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
}

/** NaN is not the same as NaN. */
function isConstant({ series: { values }, from, to }: RangeWindow): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] !== values[from]) return false;
  return true;
}
