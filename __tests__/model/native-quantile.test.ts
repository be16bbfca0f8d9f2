// Quantiles of native histograms: PromQL's rules at the edges, and the promised error against the sorted sample.
import fc from 'fast-check';
import { MetricsCollector } from 'telltale';
import type { NativeHistogram } from '../../lib/model/native-histogram.js';
import { nativeQuantile } from '../../lib/model/native-quantile.js';

type Side = Readonly<Record<number, number>>;

function histogram(given: Partial<NativeHistogram>, sides: { positive?: Side; negative?: Side } = {}): NativeHistogram {
  const bucketsOf = (side: Side = {}) => {
    const indexes = Int32Array.from(Object.keys(side).map(Number)).sort();
    return { indexes, counts: Float64Array.from(indexes, (index) => side[index] as number) };
  };
  const positive = bucketsOf(sides.positive);
  const negative = bucketsOf(sides.negative);
  const total = [...positive.counts, ...negative.counts].reduce((sum, count) => sum + count, given.zeroCount ?? 0);
  return { schema: 0, zeroThreshold: 0.5, zeroCount: 0, count: total, sum: 1, positive, negative, ...given };
}

describe('nativeQuantile', () => {
  it('interpolates exponentially within a bucket', () => {
    const one = histogram({}, { positive: { 2: 4 } });
    expect(nativeQuantile(0.25, one)).toBeCloseTo(2 * 2 ** 0.25, 12);
    expect(nativeQuantile(0.5, one)).toBeCloseTo(2 * 2 ** 0.5, 12);
    expect(nativeQuantile(1, one)).toBeCloseTo(4, 12);
    const below = histogram({}, { negative: { 2: 4 } });
    expect(nativeQuantile(0.25, below)).toBeCloseTo(-2 * 2 ** 0.75, 12);
    expect(nativeQuantile(0, below)).toBeCloseTo(-4, 12);
  });

  it('interpolates linearly within the zero bucket, on the side where the others are', () => {
    expect(nativeQuantile(0.5, histogram({ zeroCount: 4 }))).toBe(0);
    expect(nativeQuantile(0.25, histogram({ zeroCount: 4 }))).toBe(-0.25);
    expect(nativeQuantile(0.25, histogram({ zeroCount: 2 }, { positive: { 1: 2 } }))).toBe(0.25);
    expect(nativeQuantile(0.75, histogram({ zeroCount: 2 }, { negative: { 1: 2 } }))).toBe(-0.25);
    expect(nativeQuantile(0.5, histogram({ zeroCount: 2 }, { negative: { 1: 1 }, positive: { 1: 1 } }))).toBe(0);
  });

  it('begins a bucket where the zero bucket ends in it', () => {
    const cut = histogram({ zeroThreshold: 3, zeroCount: 1 }, { positive: { 2: 1 } });
    expect(nativeQuantile(0.5, cut)).toBeCloseTo(3, 12);
  });

  it('answers the edges as histogram_quantile does', () => {
    const some = histogram({}, { positive: { 1: 1 } });
    expect(nativeQuantile(-0.1, some)).toBe(Number.NEGATIVE_INFINITY);
    expect(nativeQuantile(1.1, some)).toBe(Number.POSITIVE_INFINITY);
    expect(nativeQuantile(Number.NaN, some)).toBeNaN();
    expect(nativeQuantile(0.5, histogram({}))).toBeNaN();
    const withNaN = histogram({ count: 4, sum: Number.NaN }, { positive: { 1: 2 } });
    expect(nativeQuantile(0.25, withNaN)).toBeCloseTo(2 ** 0.5, 12);
    expect(nativeQuantile(0.9, withNaN)).toBeNaN();
  });

  it('is never further from an observation of that rank than a bucket grows', () => {
    const value = fc.oneof(
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.integer({ min: -3, max: 3 }),
    );
    const values = fc.array(value, { minLength: 1, maxLength: 300 });
    const zeroThreshold = 0.01;
    const metrics = new MetricsCollector();
    const histograms = [1.002, 1.05, 1.1, 1.5, 2, 20].map((growthFactor, i) => {
      const measured = metrics.histogram(`h${i}`, { native: { growthFactor, zeroThreshold, maxBuckets: 1000 } });
      return { growthFactor, measured };
    });
    const chosen = fc.constantFrom(...histograms);
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        chosen,
        (sample, q, { growthFactor, measured }) => {
          measured.clear();
          for (const one of sample) measured.observe(one);
          const sorted = sample.toSorted((a, b) => a - b);
          // Between two observations either may be meant; which one, a rounding of the rank decides.
          const rank = q * sorted.length;
          const last = sorted.length - 1;
          const low = sorted[Math.max(0, Math.min(last, Math.ceil(rank - 1e-9) - 1))] as number;
          const high = sorted[Math.max(0, Math.min(last, Math.floor(rank + 1e-9)))] as number;
          const answer = measured.getQuantile(q);
          // The finest resolution grows by 1.0027, also where less is asked for.
          const share = Math.max(growthFactor, 2 ** (2 ** -8)) - 1 + 1e-9;
          const isNear = (observed: number) =>
            Math.abs(answer - observed) <= Math.max(share * Math.abs(observed), 2 * zeroThreshold);
          expect(isNear(low) || isNear(high)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
