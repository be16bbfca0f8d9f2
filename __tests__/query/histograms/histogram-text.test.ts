// Histograms as Prometheus shows them. The expected texts follow its documentation of the HTTP API and of rule unit tests.
import { histogramTestText, histogramText, toApiBuckets } from '../../../lib/query/histograms/histogram-text.js';
import { customHistogram, histogram } from './histogram.js';

const both = histogram(
  { 0: 2, 1: 3, 4: 1.5 },
  { negative: { 1: 4, 2: 1 }, zeroCount: 3, zeroThreshold: 0.25, sum: -1e6, count: 14.5 },
);

describe('toApiBuckets', () => {
  it('has negative buckets with their lower bound, the zero bucket with both and positive ones with their upper bound', () => {
    expect(toApiBuckets(both)).toEqual([
      [1, -4, -2, 1],
      [1, -2, -1, 4],
      [3, -0.25, 0.25, 3],
      [0, 0.5, 1, 2],
      [0, 1, 2, 3],
      [0, 8, 16, 1.5],
    ]);
  });

  it('has the first custom bucket with both bounds', () => {
    expect(toApiBuckets(customHistogram([1, 5], { 0: 1, 1: 2, 2: 3 }))).toEqual([
      [3, -Infinity, 1, 1],
      [0, 1, 5, 2],
      [0, 5, Infinity, 3],
    ]);
  });

  it('cuts a bucket that the zero bucket reaches into, and has a zero bucket of no width', () => {
    expect(toApiBuckets(histogram({ 1: 1 }, { zeroThreshold: 1.5 }))).toEqual([[0, 1.5, 2, 1]]);
    expect(toApiBuckets(histogram({}, { zeroCount: 1 }))).toEqual([[3, -0, 0, 1]]);
  });
});

describe('histogramText', () => {
  it('writes count, sum and buckets', () => {
    expect(histogramText(both)).toBe(
      '{count:14.5, sum:-1e+06, [-4,-2):1, [-2,-1):4, [-0.25,0.25]:3, (0.5,1]:2, (1,2]:3, (8,16]:1.5}',
    );
    expect(histogramText(histogram({}))).toBe('{count:0, sum:0}');
    expect(histogramText(customHistogram([5], { 0: 1, 1: 2 }))).toBe('{count:3, sum:0, [-Inf,5]:1, (5,+Inf]:2}');
  });
});

describe('histogramTestText', () => {
  it('writes the buckets of a side from the first to the last', () => {
    expect(histogramTestText({ ...both, resetHint: 'not_reset' })).toBe(
      '{{count:14.5 sum:-1e+06 z_bucket:3 z_bucket_w:0.25 counter_reset_hint:not_reset ' +
        'buckets:[2 3 0 0 1.5] n_offset:1 n_buckets:[4 1]}}',
    );
    expect(histogramTestText(histogram({ [-2]: 1 }, { schema: 3 }))).toBe('{{schema:3 count:1 offset:-2 buckets:[1]}}');
  });

  it('writes custom bounds', () => {
    expect(histogramTestText(customHistogram([5, 10], { 0: 1, 2: 4 }, { sum: 2.5 }))).toBe(
      '{{schema:-53 count:5 sum:2.5 custom_values:[5 10] buckets:[1 0 4]}}',
    );
  });
});
