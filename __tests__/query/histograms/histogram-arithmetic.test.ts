// Sums, differences and multiples of histograms made by hand; what Prometheus makes of the same is in the conformance suite.
import type { FloatHistogram, HistogramMismatch } from '../../../lib/query/histograms/float-histogram.js';
import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  nextMean,
  scaleHistogram,
  subtractHistograms,
} from '../../../lib/query/histograms/histogram-arithmetic.js';
import { bucketsIn, customHistogram, histogram } from './histogram.js';

function expectHistogram(result: FloatHistogram | HistogramMismatch): FloatHistogram {
  if (typeof result === 'string') throw new Error(result);
  return result;
}

describe('addHistograms', () => {
  it('adds counts, sums and buckets, those included that one side has alone', () => {
    const sum = expectHistogram(
      addHistograms(
        histogram({ 1: 2, 4: 1 }, { negative: { 0: 1 }, sum: 10, zeroCount: 1, zeroThreshold: 0.001 }),
        histogram({ 1: 1, 3: 5 }, { negative: { 2: 4 }, sum: 5, zeroCount: 2, zeroThreshold: 0.001 }),
      ),
    );
    expect(sum).toMatchObject({ schema: 0, zeroThreshold: 0.001, zeroCount: 3, count: 17, sum: 15 });
    expect(bucketsIn(sum.positive)).toEqual({ 1: 3, 3: 5, 4: 1 });
    expect(bucketsIn(sum.negative)).toEqual({ 0: 1, 2: 4 });
  });

  it('leaves its arguments as they are', () => {
    const [a, b] = [histogram({ 1: 2 }), histogram({ 1: 3 })];
    addHistograms(a, b);
    expect([bucketsIn(a.positive), bucketsIn(b.positive)]).toEqual([{ 1: 2 }, { 1: 3 }]);
  });

  it('meets at the lower of two resolutions', () => {
    const sum = expectHistogram(addHistograms(histogram({ 1: 2, 2: 3, 9: 1 }, { schema: 1 }), histogram({ 1: 1 })));
    expect(sum.schema).toBe(0);
    expect(bucketsIn(sum.positive)).toEqual({ 1: 6, 5: 1 });
  });

  it('meets at the wider zero bucket, widened to the end of a bucket that it would cut', () => {
    // Of the left one, 3 is within the bucket from 2 to 4: both zero buckets go to 4.
    const sum = expectHistogram(
      addHistograms(
        histogram({ 0: 1, 2: 5, 4: 7 }),
        histogram({ 3: 1 }, { negative: { 3: 2 }, zeroThreshold: 3, zeroCount: 2 }),
      ),
    );
    expect(sum).toMatchObject({ zeroThreshold: 4, zeroCount: 8, count: 18 });
    expect(bucketsIn(sum.positive)).toEqual({ 3: 1, 4: 7 });
    expect(bucketsIn(sum.negative)).toEqual({ 3: 2 });
  });

  it('adds histograms of equal custom bounds', () => {
    const sum = expectHistogram(
      addHistograms(customHistogram([1, 5, 10], { 0: 1, 3: 2 }), customHistogram([1, 5, 10], { 3: 4 })),
    );
    expect(bucketsIn(sum.positive)).toEqual({ 0: 1, 3: 6 });
    expect([...(sum.customBounds ?? [])]).toEqual([1, 5, 10]);
  });

  it('refuses other custom bounds', () => {
    expect(addHistograms(customHistogram([1, 5], { 0: 1 }), customHistogram([1, 6], { 0: 1 }))).toBe(
      'different_bounds',
    );
  });

  it.each(['addHistograms', 'subtractHistograms'] as const)(
    '%s refuses custom bounds with exponential ones',
    (name) => {
      const operation = { addHistograms, subtractHistograms }[name];
      expect(operation(customHistogram([1], { 0: 1 }), histogram({ 0: 1 }))).toBe('exponential_and_custom');
      expect(operation(histogram({ 0: 1 }), customHistogram([1], { 0: 1 }))).toBe('exponential_and_custom');
    },
  );

  it.each([
    ['gauge', 'reset', 'gauge'],
    ['unknown', 'gauge', 'gauge'],
    ['not_reset', 'not_reset', 'not_reset'],
    ['not_reset', 'unknown', 'unknown'],
    ['reset', 'not_reset', 'unknown'],
  ] as const)('makes of %s and %s one that is %s', (a, b, expected) => {
    const sum = expectHistogram(addHistograms(histogram({}, { resetHint: a }), histogram({}, { resetHint: b })));
    expect(sum.resetHint ?? 'unknown').toBe(expected);
  });
});

describe('subtractHistograms', () => {
  it('leaves no bucket that comes to nothing, and counts below 0 where there was more to take away', () => {
    const difference = expectHistogram(
      subtractHistograms(
        histogram({ 1: 2, 2: 3 }, { sum: 4, zeroCount: 1 }),
        histogram({ 1: 2, 2: 4, 5: 1 }, { sum: 9, zeroCount: 3 }),
      ),
    );
    expect(difference).toMatchObject({ count: -4, sum: -5, zeroCount: -2 });
    expect(bucketsIn(difference.positive)).toEqual({ 2: -1, 5: -1 });
  });
});

describe('scaleHistogram', () => {
  const given = histogram({ 1: 2, 2: 3 }, { negative: { 4: 1 }, sum: 7, zeroCount: 4 });

  it('multiplies all that is counted', () => {
    const scaled = scaleHistogram(given, -0.5);
    expect(scaled).toMatchObject({ count: -5, sum: -3.5, zeroCount: -2 });
    expect([bucketsIn(scaled.positive), bucketsIn(scaled.negative)]).toEqual([{ 1: -1, 2: -1.5 }, { 4: -0.5 }]);
  });

  it('has no buckets left after a multiplication by 0', () => {
    const scaled = scaleHistogram(given, 0);
    expect([bucketsIn(scaled.positive), bucketsIn(scaled.negative)]).toEqual([{}, {}]);
  });
});

describe('divideHistogram', () => {
  it('divides instead of multiplying by an inverse that is no double', () => {
    expect(bucketsIn(divideHistogram(histogram({ 1: 5 }), 49).positive)).toEqual({ 1: 5 / 49 });
  });

  it('makes of a division by 0 a histogram without buckets', () => {
    const divided = divideHistogram(histogram({ 1: 5 }, { sum: -3 }), 0);
    expect(divided).toMatchObject({ count: Infinity, sum: -Infinity, zeroCount: Number.NaN });
    expect(bucketsIn(divided.positive)).toEqual({});
  });
});

describe('nextMean', () => {
  it('goes from the mean of two histograms to that of three', () => {
    const mean = expectHistogram(
      nextMean(histogram({ 1: 2, 2: 4 }, { sum: 6 }), histogram({ 1: 5, 3: 3 }, { sum: 12 }), 3),
    );
    expect(mean).toMatchObject({ sum: 8 });
    expect(mean.count).toBeCloseTo(20 / 3, 12);
    const buckets = bucketsIn(mean.positive);
    expect(Object.keys(buckets)).toEqual(['1', '2', '3']);
    expect(buckets[1]).toBeCloseTo(3, 12);
    expect(buckets[2]).toBeCloseTo(8 / 3, 12);
    expect(buckets[3]).toBeCloseTo(1, 12);
  });
});

describe('compactHistogram', () => {
  it('drops empty buckets', () => {
    const compact = compactHistogram(histogram({ 0: 0, 1: 2, 2: 0, 3: 1 }, { negative: { 5: 0 } }));
    expect([bucketsIn(compact.positive), bucketsIn(compact.negative)]).toEqual([{ 1: 2, 3: 1 }, {}]);
  });
});
