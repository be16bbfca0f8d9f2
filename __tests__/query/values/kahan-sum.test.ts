// Sums that do not lose small terms beside great ones, against exact sums of integers.
import fc from 'fast-check';
import { KahanSum, lostIn, totalOf } from '../../../lib/query/values/kahan-sum.js';

function sumOf(terms: readonly number[]): number {
  const sum = new KahanSum();
  for (const term of terms) sum.add(term);
  return sum.total;
}

describe('KahanSum', () => {
  it('keeps what a great term would swallow', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(sumOf([1e100, 1, -1e100])).toBe(1);
  });

  it('is exact where whole numbers are far apart', () => {
    const term = fc.tuple(fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(term, { maxLength: 20 }), (pairs) => {
        const terms = pairs.map(([value, power]) => value * 2 ** power);
        const exact = terms.reduce((sum, value) => sum + BigInt(value), 0n);
        expect(sumOf(terms)).toBe(Number(exact));
      }),
    );
  });

  it('becomes infinite or NaN as a plain sum does', () => {
    expect(sumOf([1, Number.POSITIVE_INFINITY, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(sumOf([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBeNaN();
    expect(sumOf([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.POSITIVE_INFINITY);
  });

  describe('clear', () => {
    it('begins anew', () => {
      const sum = new KahanSum();
      for (const term of [1e100, 1]) sum.add(term);
      sum.clear();
      sum.add(3);
      expect(sum.total).toBe(3);
    });
  });
});

describe('lostIn', () => {
  it('adds what rounding takes to what it took before', () => {
    expect(lostIn(2 ** 53, 1, 0.5)).toBe(1.5);
    expect(lostIn(1, 2 ** 53, 0.5)).toBe(1.5);
  });
});

describe('totalOf', () => {
  it('gives back what was lost, where the sum is finite', () => {
    expect(totalOf(1, 0.5)).toBe(1.5);
    expect(totalOf(Number.POSITIVE_INFINITY, Number.NaN)).toBe(Number.POSITIVE_INFINITY);
    expect(totalOf(Number.NaN, 1)).toBeNaN();
  });
});
