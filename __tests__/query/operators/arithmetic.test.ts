// Operators on plain numbers. What JavaScript and Prometheus do differently is spelled out; the rest is arithmetic.
import { binaryScalars, negatedScalar } from '../../../lib/query/operators/arithmetic.js';

const { NaN: NAN, POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;

function computed(operator: Parameters<typeof binaryScalars>[0], left: number, right: number): number | undefined {
  return binaryScalars(operator, Float64Array.of(left), Float64Array.of(right))[0];
}

describe('binaryScalars', () => {
  it('computes by step', () => {
    const sums = binaryScalars('+', Float64Array.of(1, 2, 3), Float64Array.of(10, 20, 30));
    expect([...sums]).toEqual([11, 22, 33]);
  });

  it.each([
    ['-', 5, 3, 2],
    ['*', 5, 3, 15],
    ['/', 5, 2, 2.5],
    ['/', 1, 0, INFINITY],
    ['/', -1, 0, NEGATIVE_INFINITY],
    ['/', 0, 0, NAN],
    ['^', 2, 10, 1024],
    ['atan2', 1, 1, Math.PI / 4],
    ['atan2', 1, 0, Math.PI / 2],
    ['atan2', -1, -1, (-3 * Math.PI) / 4],
  ] as const)('answers for %2$d %1$s %3$d', (operator, left, right, result) => {
    expect(computed(operator, left, right)).toBe(result);
  });

  it.each([
    [5.5, 2, 1.5],
    [-5, 3, -2],
    [5, -3, 2],
    [5, INFINITY, 5],
    [INFINITY, 5, NAN],
    [5, 0, NAN],
  ])('has the remainder of %d by %d take the sign of the dividend', (left, right, remainder) => {
    expect(computed('%', left, right)).toBe(remainder);
  });

  it.each([
    [1, NAN],
    [1, INFINITY],
    [1, NEGATIVE_INFINITY],
    [-1, INFINITY],
    [-1, NEGATIVE_INFINITY],
    [NAN, 0],
  ])('has %d to the power of %d be 1, as IEEE 754 does', (base, exponent) => {
    expect(computed('^', base, exponent)).toBe(1);
  });

  it.each([
    ['==', [0, 1, 0, 0]],
    ['!=', [1, 0, 1, 1]],
    ['>', [0, 0, 1, 0]],
    ['<', [1, 0, 0, 0]],
    ['>=', [0, 1, 1, 0]],
    ['<=', [1, 1, 0, 0]],
  ] as const)('answers 1 where %s holds, and 0 where it does not', (operator, expected) => {
    const results = binaryScalars(operator, Float64Array.of(1, 2, 3, NAN), Float64Array.of(2, 2, 2, NAN));
    expect([...results]).toEqual(expected);
  });
});

describe('negatedScalar', () => {
  it('turns the sign, that of zero too', () => {
    expect([...negatedScalar(Float64Array.of(1, -2, 0))]).toEqual([-1, 2, -0]);
  });
});
