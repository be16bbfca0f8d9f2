// Classic buckets filled by hand; expected values are worked out from linear interpolation.
import { bucketBound, ClassicBuckets } from '../../../lib/query/histograms/classic-buckets.js';

function bucketsOf(...pairs: (readonly [number, number])[]): ClassicBuckets {
  const buckets = new ClassicBuckets();
  for (const [bound, count] of pairs) buckets.add(bound, count);
  return buckets;
}

describe('ClassicBuckets', () => {
  describe('quantile', () => {
    const some = bucketsOf([1, 2], [3, 6], [Infinity, 8]);

    it('interpolates within a bucket, the first one from 0', () => {
      expect(some.quantile(0.125)).toBe(0.5);
      expect(some.quantile(0.5)).toBe(2);
      expect(some.quantile(0.75)).toBe(3);
    });

    it('is the last bound for what is above it', () => {
      expect(some.quantile(0.9)).toBe(3);
    });

    it('is the bound itself where the first bucket ends at or below 0', () => {
      expect(bucketsOf([-2, 4], [Infinity, 8]).quantile(0.25)).toBe(-2);
    });

    it.each([
      [-0.1, -Infinity],
      [1.1, Infinity],
      [Number.NaN, Number.NaN],
    ])('of %d is %d', (q, expected) => {
      expect(some.quantile(q)).toBe(expected);
    });

    it.each([
      ['the last bucket is not for all', bucketsOf([1, 2], [3, 6])],
      ['there is one bucket only', bucketsOf([Infinity, 6])],
      ['nothing was observed', bucketsOf([1, 0], [Infinity, 0])],
      ['there are no buckets', bucketsOf()],
    ])('is NaN where %s', (_, buckets) => {
      expect(buckets.quantile(0.5)).toBeNaN();
    });

    it('holds as many buckets as there are', () => {
      const many = bucketsOf(...Array.from({ length: 100 }, (_, i) => [i + 1, i + 1] as const), [Infinity, 100]);
      expect(many.quantile(0.905)).toBeCloseTo(90.5, 12);
    });
  });

  describe('add', () => {
    it('adds up counts of equal bounds', () => {
      expect(bucketsOf([1, 1], [1, 1], [2, 4], [Infinity, 4]).quantile(0.5)).toBe(1);
    });
  });

  describe('makeMonotonic', () => {
    it('raises what is less than the one before, and says so', () => {
      const buckets = bucketsOf([1, 4], [2, 3], [3, 8], [Infinity, 8]);
      expect(buckets.makeMonotonic()).toBe(true);
      // From 4 observations at 2 to 8 at 3.
      expect(buckets.quantile(0.75)).toBe(2.5);
    });

    it('levels what differs by a rounding, and does not say so', () => {
      const buckets = bucketsOf([1, 4], [2, 4 - 1e-13], [3, 4 + 1e-13], [Infinity, 4 + 1e-13]);
      expect(buckets.makeMonotonic()).toBe(false);
      expect(buckets.quantile(1)).toBe(1);
    });

    it('has nothing to say of counts that rise', () => {
      expect(bucketsOf([1, 0], [2, 1], [Infinity, 1]).makeMonotonic()).toBe(false);
    });
  });

  describe('fraction', () => {
    const some = bucketsOf([1, 2], [3, 6], [Infinity, 8]);

    it('interpolates at both ends', () => {
      expect(some.fraction({ lower: 1, upper: 2 })).toBe(0.25);
      expect(some.fraction({ lower: -Infinity, upper: 3 })).toBe(0.75);
      expect(some.fraction({ lower: 3, upper: Infinity })).toBe(0.25);
      expect(some.fraction({ lower: -Infinity, upper: Infinity })).toBe(1);
    });

    it('is 0 of nothing, and NaN where there is no answer', () => {
      expect(some.fraction({ lower: 2, upper: 2 })).toBe(0);
      expect(some.fraction({ lower: Number.NaN, upper: 2 })).toBeNaN();
      expect(bucketsOf([1, 2]).fraction({ lower: 0, upper: 1 })).toBeNaN();
      expect(bucketsOf([Infinity, 0]).fraction({ lower: 0, upper: 1 })).toBeNaN();
    });
  });
});

describe('bucketBound', () => {
  it.each([
    ['0.5', 0.5],
    ['1', 1],
    ['-1.', -1],
    ['+.5e2', 50],
    ['+Inf', Infinity],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['NaN', Number.NaN],
    ['', undefined],
    [' 1', undefined],
    ['1s', undefined],
    ['.', undefined],
    ['0x10', undefined],
    ['1e999', undefined],
  ])('%j says %s', (le, bound) => {
    expect(bucketBound(le)).toBe(bound);
  });
});
