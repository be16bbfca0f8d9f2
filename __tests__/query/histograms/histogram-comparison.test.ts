// Whether histograms are the same, and whether a counter was reset between them, on ones made by hand.
import { detectReset, equalHistograms } from '../../../lib/query/histograms/histogram-comparison.js';
import { customHistogram, histogram } from './histogram.js';

describe('equalHistograms', () => {
  const given = histogram({ 1: 2, 5: 1 }, { negative: { 2: 1 }, sum: 3, zeroCount: 1, zeroThreshold: 0.01 });

  it('finds equal what has the same numbers, NaN and whatever is known of resets', () => {
    expect(equalHistograms(given, { ...given, resetHint: 'gauge' })).toBe(true);
    expect(equalHistograms(histogram({}, { sum: Number.NaN }), histogram({}, { sum: Number.NaN }))).toBe(true);
  });

  it.each([
    ['schema', { schema: 1 }],
    ['count', { count: 6 }],
    ['sum', { sum: 3.5 }],
    ['zero count', { zeroCount: 2 }],
    ['zero threshold', { zeroThreshold: 0.02 }],
    ['buckets', { positive: histogram({ 1: 2, 6: 1 }).positive }],
    ['counts of buckets', { positive: histogram({ 1: 2, 5: 2 }).positive }],
    ['negative buckets', { negative: histogram({}).negative }],
  ])('tells apart what differs in its %s', (_, difference) => {
    expect(equalHistograms(given, { ...given, ...difference })).toBe(false);
  });

  it('tells apart custom bounds', () => {
    expect(equalHistograms(customHistogram([1, 2], { 0: 1 }), customHistogram([1, 2], { 0: 1 }))).toBe(true);
    expect(equalHistograms(customHistogram([1, 2], { 0: 1 }), customHistogram([1, 3], { 0: 1 }))).toBe(false);
  });
});

describe('detectReset', () => {
  const before = histogram({ 1: 2, 5: 1 }, { negative: { 2: 1 }, zeroCount: 1, zeroThreshold: 0.25 });

  it.each([
    ['the same again', before],
    [
      'more in every bucket, and new ones',
      histogram({ 0: 1, 1: 3, 5: 2, 7: 1 }, { negative: { 1: 1, 2: 1 }, zeroCount: 1, zeroThreshold: 0.25 }),
    ],
    [
      'a lower resolution',
      histogram({ 1: 2, 3: 1 }, { schema: -1, negative: { 1: 1 }, zeroCount: 1, zeroThreshold: 0.25 }),
    ],
    ['a zero bucket that took up buckets', histogram({ 5: 1 }, { negative: { 2: 1 }, zeroCount: 3, zeroThreshold: 2 })],
  ])('finds none in %s', (_, now) => {
    expect(detectReset({ ...now, count: 10 }, before)).toBe(false);
  });

  it.each([
    ['a smaller count', { ...before, count: 4 }],
    ['a smaller zero bucket', { ...before, zeroCount: 0 }],
    ['less in a bucket', { ...before, positive: histogram({ 1: 1, 5: 1, 6: 5 }).positive }],
    ['a bucket gone', { ...before, negative: histogram({ 3: 9 }).negative }],
    ['all buckets gone', { ...before, positive: histogram({}).positive }],
    ['a higher resolution', { ...before, schema: 1 }],
    ['a narrower zero bucket', { ...before, zeroThreshold: 0.125 }],
    ['a zero bucket that cuts a bucket', { ...before, zeroThreshold: 1.5, zeroCount: 9 }],
    [
      'less in a joined bucket',
      histogram({ 1: 1, 3: 1 }, { schema: -1, negative: { 1: 1 }, zeroCount: 1, zeroThreshold: 0.25, count: 9 }),
    ],
    ['custom bounds', customHistogram([1], { 0: 99 })],
  ])('finds one in %s', (_, now) => {
    expect(detectReset(now, before)).toBe(true);
  });

  it('finds one in other custom bounds, and in fewer observations within the same', () => {
    const custom = customHistogram([1, 2], { 0: 1, 2: 1 });
    expect(detectReset(customHistogram([1, 2], { 0: 1, 2: 4 }), custom)).toBe(false);
    expect(detectReset(customHistogram([1, 2], { 0: 4 }), custom)).toBe(true);
    expect(detectReset(customHistogram([1, 3], { 0: 1, 2: 4 }), custom)).toBe(true);
  });

  it('believes a histogram that says it of itself', () => {
    expect(detectReset({ ...before, resetHint: 'reset' }, before)).toBe(true);
    expect(detectReset({ ...before, count: 0, resetHint: 'not_reset' }, before)).toBe(false);
  });
});
