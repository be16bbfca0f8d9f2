// Quantiles of sorted numbers, and the warning about what is none.
import { isQuantile, quantileOf, quantileWarning } from '../../../lib/query/values/quantile.js';

const sorted = Float64Array.of(1, 2, 4, 8, 99);

describe('quantileOf', () => {
  it('interpolates between the two numbers around it', () => {
    expect(quantileOf(0, sorted, 4)).toBe(1);
    expect(quantileOf(0.5, sorted, 4)).toBe(3);
    expect(quantileOf(0.9, sorted, 4)).toBeCloseTo(6.8, 12);
    expect(quantileOf(1, sorted, 4)).toBe(8);
  });

  it('is infinite outside of 0 to 1, and NaN for NaN and for no numbers', () => {
    expect(quantileOf(-0.1, sorted, 4)).toBe(Number.NEGATIVE_INFINITY);
    expect(quantileOf(1.1, sorted, 4)).toBe(Number.POSITIVE_INFINITY);
    expect(quantileOf(Number.NaN, sorted, 4)).toBeNaN();
    expect(quantileOf(0.5, sorted, 0)).toBeNaN();
  });
});

describe('isQuantile', () => {
  it('holds from 0 to 1', () => {
    expect([0, 0.5, 1].every(isQuantile)).toBe(true);
    expect([-1e-9, 1.5, Number.NaN, Number.POSITIVE_INFINITY].some(isQuantile)).toBe(false);
  });
});

describe('quantileWarning', () => {
  // What a real Prometheus 3.5.3 wrote, or Go's documentation of %g says.
  it.each([
    [2, '2'],
    [-0.0001, '-0.0001'],
    [-0.00001, '-1e-05'],
    [1e6, '1e+06'],
    [123_456.5, '123456.5'],
    [1.5e300, '1.5e+300'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(quantileWarning(value)).toBe(`quantile value should be between 0 and 1, got ${text}`);
  });
});
