// Quantiles of windows of any size, against sorting a copy.
import fc from 'fast-check';
import { SortedNumbers } from '../../../lib/query/functions/sorted-numbers.js';
import { quantileOf } from '../../../lib/query/values/quantile.js';
import { RangeWindow } from '../../../lib/query/values/range-window.js';

function windowOf(values: readonly number[], from: number): RangeWindow {
  const window = new RangeWindow({
    labels: {},
    timestampsMs: Float64Array.from(values, (_, i) => i),
    values: Float64Array.from(values),
  });
  return Object.assign(window, { from, to: values.length });
}

/** With NaN before all others. */
function inOrder(values: readonly number[]): number[] {
  const numbers = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return [...values.filter(Number.isNaN), ...numbers];
}

describe('SortedNumbers', () => {
  describe('quantile', () => {
    it('is that of the numbers in order, with NaN in front, however many there are', () => {
      const number = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(Number.NaN, 0, -1));
      const numbers = fc.array(number, { minLength: 2, maxLength: 120, size: 'max' });
      const sorted = new SortedNumbers();
      fc.assert(
        fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
          const expected = Float64Array.from(inOrder(values.slice(1)));
          expect(sorted.quantile(quantile, windowOf(values, 1))).toBe(quantileOf(quantile, expected, expected.length));
        }),
      );
    });
  });
});
