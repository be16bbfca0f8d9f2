// Aggregations that keep a column of a group, on vectors that are written down here.
import { customHistogram, histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

const written = {
  'a{x="1",y="1"}': [1, 10, undefined],
  'a{x="1",y="2"}': [2, undefined, undefined],
  'a{x="2",y="1"}': [4, 40, undefined],
};

const MIXED = 'PromQL warning: encountered a mix of histograms and floats for aggregation (1:5)';

describe('aggregate', () => {
  it('has one group, without labels', async () => {
    expect(await seriesOf('sum(a)', written)).toEqual({ '{}': [7, 50, undefined] });
  });

  it('groups by labels', async () => {
    expect(await seriesOf('sum by (x) (a)', written)).toEqual({
      '{x="1"}': [3, 10, undefined],
      '{x="2"}': [4, 40, undefined],
    });
  });

  it('groups by all labels but some, and but the name', async () => {
    expect(await seriesOf('sum without (y) (a)', written)).toEqual({
      '{x="1"}': [3, 10, undefined],
      '{x="2"}': [4, 40, undefined],
    });
  });

  it('groups by the name where it is asked for', async () => {
    expect(await seriesOf('sum by (__name__) (a)', written)).toEqual({ a: [7, 50, undefined] });
  });

  it('leaves labels out of a group that its series do not have', async () => {
    expect(await seriesOf('sum by (x, z) (a)', { 'a{x="1"}': [1], 'a{z="1"}': [2], a: [3] })).toEqual({
      '{x="1"}': [1],
      '{z="1"}': [2],
      '{}': [3],
    });
  });

  it.each(['sum', 'avg', 'min', 'max'])('leaves the series as they are that %s adds up', async (operator) => {
    const kept = { 'a{x="1"}': [1, 2, 3], 'a{x="2"}': [4, undefined, 6] };
    expect(await seriesOf(`a + on() group_left() (0 * ${operator}(a))`, kept)).toEqual({
      '{x="1"}': [1, 2, 3],
      '{x="2"}': [4, undefined, 6],
    });
  });

  it('has no series where nothing was there', async () => {
    expect(await seriesOf('sum(b)', written)).toEqual({});
  });

  describe('sum', () => {
    it('gives back what rounding takes', async () => {
      const tiny = { 'a{x="1"}': [1], 'a{x="2"}': [1e100], 'a{x="3"}': [1], 'a{x="4"}': [-1e100] };
      expect(await seriesOf('sum(a)', tiny)).toEqual({ '{}': [2] });
      expect(await seriesOf('sum(a) by (x)', { 'a{x="1"}': [0.1] })).toEqual({ '{x="1"}': [0.1] });
    });

    it('stays infinite', async () => {
      const infinite = { 'a{x="1"}': [1, Infinity], 'a{x="2"}': [Infinity, -Infinity], 'a{x="3"}': [2, 1] };
      expect(await seriesOf('sum(a)', infinite)).toEqual({ '{}': [Infinity, NaN] });
    });

    it('adds histograms', async () => {
      const histograms = {
        'a{x="1"}': [histogram({ 1: 2 }, { sum: 3 })],
        'a{x="2"}': [histogram({ 1: 1, 2: 5 }, { sum: 4 })],
      };
      expect(await seriesOf('sum(a)', histograms)).toEqual({ '{}': [histogram({ 1: 3, 2: 5 }, { sum: 7 })] });
    });

    it('has nothing where numbers and histograms meet, and says so', async () => {
      const one = histogram({ 1: 1 });
      const mixed = { 'a{x="1"}': [1, one, one, 4], 'a{x="2"}': [one, 1, one, 5], 'a{x="3"}': [1, 1, undefined, 6] };
      expect(await answer('sum(a)', mixed)).toEqual({
        series: [['{}', [undefined, undefined, histogram({ 1: 2 }), 15]]],
        warnings: [MIXED],
        infos: [],
      });
    });

    it('has nothing where histograms do not go together, and names the metric', async () => {
      const mixed = {
        'a{x="1"}': [histogram({ 1: 1 }), customHistogram([1], { 0: 1 }), 1],
        'a{x="2"}': [customHistogram([1], { 0: 1 }), customHistogram([2], { 0: 1 }), 2],
        'a{x="3"}': [1, 1, 3],
      };
      expect(await answer('sum(a)', mixed)).toEqual({
        series: [['{}', [undefined, undefined, 6]]],
        warnings: [
          'PromQL warning: vector contains a mix of histograms with exponential and custom buckets schemas for metric name "a" (1:5)',
          'PromQL warning: vector contains histograms with incompatible custom buckets for metric name "a" (1:5)',
        ],
        infos: [],
      });
    });

    it('leaves no empty buckets', async () => {
      expect(await seriesOf('sum(a)', { a: [histogram({ 1: 0, 2: 1 })] })).toEqual({ '{}': [histogram({ 2: 1 })] });
    });
  });

  describe('avg', () => {
    it('divides the sum by the count', async () => {
      expect(await seriesOf('avg(a)', written)).toEqual({ '{}': [7 / 3, 25, undefined] });
    });

    it('gives back what rounding takes', async () => {
      const tiny = { 'a{x="1"}': [1], 'a{x="2"}': [1e100], 'a{x="3"}': [1], 'a{x="4"}': [-1e100] };
      expect(await seriesOf('avg(a)', tiny)).toEqual({ '{}': [0.5] });
    });

    it('does not become infinite because the sum is', async () => {
      const great = {
        'a{x="1"}': [1.7e308, 1, 1e308],
        'a{x="2"}': [1.7e308, 2, 1e308],
        'a{x="3"}': [1.7e308, 6, 1e308],
        'a{x="4"}': [1.7e308, 3, -1e308],
      };
      const { '{}': means } = await seriesOf('avg(a)', great);
      expect((means?.[0] as number) / 1.7e308).toBeCloseTo(1, 12);
      expect(means?.[1]).toBe(3);
      expect((means?.[2] as number) / 1e308).toBeCloseTo(0.5, 12);
    });

    it('is infinite where a sample is', async () => {
      const infinite = { 'a{x="1"}': [Infinity, -Infinity, Infinity], 'a{x="2"}': [1, 1, -Infinity] };
      expect(await seriesOf('avg(a)', infinite)).toEqual({ '{}': [Infinity, -Infinity, NaN] });
    });

    it('has the mean of histograms', async () => {
      const histograms = {
        'a{x="1"}': [histogram({ 1: 2 }, { sum: 2 }), 1],
        'a{x="2"}': [histogram({ 1: 6, 2: 8 }, { sum: 6 }), 3],
      };
      expect(await seriesOf('avg(a)', histograms)).toEqual({ '{}': [histogram({ 1: 4, 2: 4 }, { sum: 4 }), 2] });
    });

    it('has nothing where numbers and histograms meet, and says so', async () => {
      const mixed = { 'a{x="1"}': [1, histogram({ 1: 1 })], 'a{x="2"}': [histogram({ 1: 1 }), 1], 'a{x="3"}': [2, 2] };
      expect(await answer('avg(a)', mixed)).toEqual({ series: [], warnings: [MIXED], infos: [] });
    });

    it('has nothing where histograms do not go together', async () => {
      const mixed = {
        'a{x="1"}': [histogram({ 1: 1 })],
        'a{x="2"}': [customHistogram([1], { 0: 1 })],
        'a{x="3"}': [1],
      };
      expect((await answer('avg(a)', mixed)).series).toEqual([]);
    });
  });

  describe('min and max', () => {
    it('find the least and the greatest', async () => {
      expect(await seriesOf('min(a)', written)).toEqual({ '{}': [1, 10, undefined] });
      expect(await seriesOf('max(a)', written)).toEqual({ '{}': [4, 40, undefined] });
    });

    it('are NaN only where there is nothing else', async () => {
      const nans = { 'a{x="1"}': [NaN, 1, NaN], 'a{x="2"}': [2, NaN, NaN], 'a{x="3"}': [3, 4, NaN] };
      expect(await seriesOf('min(a)', nans)).toEqual({ '{}': [2, 1, NaN] });
      expect(await seriesOf('max(a)', nans)).toEqual({ '{}': [3, 4, NaN] });
    });
  });

  describe('count and group', () => {
    it('count samples of any kind, or only say that there are some', async () => {
      const mixed = { 'a{x="1"}': [1, NaN, undefined], 'a{x="2"}': [histogram({}), undefined, undefined] };
      expect(await seriesOf('count(a)', mixed)).toEqual({ '{}': [2, 1, undefined] });
      expect(await seriesOf('group(a)', mixed)).toEqual({ '{}': [1, 1, undefined] });
    });
  });

  describe('stddev and stdvar', () => {
    it('take the whole population', async () => {
      const numbers = { 'a{x="1"}': [2], 'a{x="2"}': [4], 'a{x="3"}': [4], 'a{x="4"}': [6] };
      expect(await seriesOf('stdvar(a)', numbers)).toEqual({ '{}': [2] });
      expect(await seriesOf('stddev(a)', numbers)).toEqual({ '{}': [Math.SQRT2] });
    });

    it('are 0 for one number, and NaN for one that is not finite', async () => {
      const numbers = { a: [1e10, Infinity, -Infinity, NaN] };
      expect(await seriesOf('stdvar(a)', numbers)).toEqual({ '{}': [0, NaN, NaN, NaN] });
      expect(await seriesOf('stddev(a)', numbers)).toEqual({ '{}': [0, NaN, NaN, NaN] });
    });
  });

  it.each(['min', 'max', 'stddev', 'stdvar'])('has %s leave histograms out, and say so', async (operator) => {
    const mixed = { 'a{x="1"}': [histogram({}), histogram({})], 'a{x="2"}': [0, undefined] };
    expect(await answer(`${operator}(a)`, mixed)).toEqual({
      series: [['{}', [0, undefined]]],
      warnings: [],
      infos: [`PromQL info: ignored histogram in ${operator} aggregation (1:${operator.length + 2})`],
    });
  });
});
