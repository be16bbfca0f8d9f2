// Quantiles across series, which are found without sorting.
import fc from 'fast-check';
import { selectRank } from '../../../lib/query/aggregation/select-rank.js';
import { histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

describe('quantiles', () => {
  const written = {
    'a{x="1"}': [10, undefined, NaN],
    'a{x="2"}': [40, 1, 2],
    'a{x="3"}': [20, undefined, 1],
    'a{x="4"}': [30, undefined, NaN],
  };

  it.each([
    ['0', 10],
    ['0.5', 25],
    ['0.9', 37],
    ['1', 40],
  ])('has the quantile %s between the two numbers that enclose it', async (quantile, expected) => {
    const { '{}': found } = await seriesOf(`quantile(${quantile}, a)`, written);
    expect(found?.[0]).toBeCloseTo(expected, 10);
    expect(found?.[1]).toBe(1);
  });

  it('takes NaN for less than all numbers', async () => {
    expect((await seriesOf('quantile(1, a)', written))['{}']?.[2]).toBe(2);
    expect((await seriesOf('quantile(0.5, a)', written))['{}']?.[2]).toBe(NaN);
    expect((await seriesOf('quantile(0, a)', written))['{}']?.[2]).toBe(NaN);
  });

  it('has the quantile of each step', async () => {
    expect(await seriesOf('quantile(time(), a)', { 'a{x="1"}': [1, 3], 'a{x="2"}': [2, 4] })).toEqual({ '{}': [1, 4] });
  });

  it('goes through more steps than are gathered at once', async () => {
    const steps = Array.from({ length: 21 }, (_, step) => step);
    const many = { 'a{x="1"}': steps, 'a{x="2"}': steps.map((step) => step + 10) };
    expect(await seriesOf('quantile(0.5, a)', many)).toEqual({ '{}': steps.map((step) => step + 5) });
  });

  it('groups', async () => {
    expect(
      await seriesOf('quantile by (x) (0.5, a)', { 'a{x="1"}': [1], 'a{x="2",y="1"}': [2], 'a{x="2",y="2"}': [3] }),
    ).toEqual({
      '{x="1"}': [1],
      '{x="2"}': [2.5],
    });
  });

  it.each([
    ['quantile(1.5, a)', Infinity, '1.5'],
    ['quantile(-1, a)', -Infinity, '-1'],
    ['quantile((NaN), a)', NaN, 'NaN'],
  ])('warns of %s', async (query, value, printed) => {
    const at = query.includes('((') ? 11 : 10;
    expect(await answer(query, { a: [1] })).toEqual({
      series: [['{}', [value]]],
      warnings: [`PromQL warning: quantile value should be between 0 and 1, got ${printed} (1:${at})`],
      infos: [],
    });
  });

  it('leaves histograms out, and says so', async () => {
    expect(
      await answer('quantile(0.5, a)', { 'a{x="1"}': [histogram({}), histogram({})], 'a{x="2"}': [1, undefined] }),
    ).toEqual({
      series: [['{}', [1, undefined]]],
      warnings: [],
      infos: ['PromQL info: ignored histogram in quantile aggregation (1:15)'],
    });
  });
});

describe('selectRank', () => {
  it('puts the number of a rank where sorting would put it', () => {
    const numbers = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(numbers, fc.nat(), (given, seed) => {
        const rank = seed % given.length;
        const selected = Float64Array.from(given);
        selectRank(selected, selected.length, rank);
        const found = selected[rank] as number;
        expect(found === 0 ? 0 : found).toBe((Float64Array.from(given).sort()[rank] as number) + 0);
        expect(selected.subarray(0, rank).every((number) => number <= found)).toBe(true);
        expect(selected.subarray(rank).every((number) => number >= found)).toBe(true);
      }),
    );
  });

  it('leaves what is behind the numbers alone', () => {
    const numbers = Float64Array.of(3, 2, 1, 0);
    selectRank(numbers, 3, 0);
    expect([numbers[0], numbers[3]]).toEqual([1, 0]);
  });
});
