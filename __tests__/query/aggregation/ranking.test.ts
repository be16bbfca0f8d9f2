// The series with the greatest and the least values, step by step.
import fc from 'fast-check';
import { StepHeaps } from '../../../lib/query/aggregation/step-heaps.js';
import { histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

const written = {
  'a{x="1",y="1"}': [1, 9, undefined],
  'a{x="1",y="2"}': [2, undefined, 5],
  'a{x="2",y="3"}': [3, 7, 6],
  'a{x="2",y="4"}': [4, 8, undefined],
};

describe('ranking', () => {
  it('keeps the greatest at every step, with all labels', async () => {
    expect(await seriesOf('topk(2, a)', written)).toEqual({
      'a{x="1", y="1"}': [undefined, 9, undefined],
      'a{x="1", y="2"}': [undefined, undefined, 5],
      'a{x="2", y="3"}': [3, undefined, 6],
      'a{x="2", y="4"}': [4, 8, undefined],
    });
  });

  it('keeps the least at every step', async () => {
    expect(await seriesOf('bottomk(1, a)', written)).toEqual({
      'a{x="1", y="1"}': [1, undefined, undefined],
      'a{x="1", y="2"}': [undefined, undefined, 5],
      'a{x="2", y="3"}': [undefined, 7, undefined],
    });
  });

  it('keeps as many of every group', async () => {
    expect(await seriesOf('topk by (x) (1, a)', written)).toEqual({
      'a{x="1", y="1"}': [undefined, 9, undefined],
      'a{x="1", y="2"}': [2, undefined, 5],
      'a{x="2", y="3"}': [undefined, undefined, 6],
      'a{x="2", y="4"}': [4, 8, undefined],
    });
  });

  it('has as many ranks as the parameter says at the step', async () => {
    expect(await seriesOf('topk(time(), a)', written)).toEqual({
      'a{x="1", y="1"}': [undefined, 9, undefined],
      'a{x="1", y="2"}': [undefined, undefined, 5],
      'a{x="2", y="3"}': [undefined, undefined, 6],
    });
  });

  it.each([
    ['topk(3, a)', ['4', '1', '2']],
    ['bottomk(3, a)', ['3', '2', '1']],
    ['topk(9, a)', ['4', '1', '2', '3', '5']],
    ['topk by (y) (1, a)', ['1', '3', '5']],
  ])('hands over %s in the order of ranks at a single step', async (query, order) => {
    const values = {
      'a{x="1"}': [3],
      'a{x="2"}': [2],
      'a{x="3",y="1"}': [1],
      'a{x="4"}': [4],
      'a{x="5",y="2"}': [NaN],
    };
    const ordered = query.includes('by') ? { 'a{x="1"}': [3], 'a{x="3",y="1"}': [1], 'a{x="5",y="2"}': [2] } : values;
    const { series } = await answer(query, ordered);
    expect(series.map(([labels]) => /x="(.)"/.exec(labels)?.[1])).toEqual(order);
  });

  it('keeps NaN only where there are not enough numbers', async () => {
    const nans = { 'a{x="1"}': [NaN, NaN], 'a{x="2"}': [1, NaN], 'a{x="3"}': [2, 1] };
    expect(await seriesOf('topk(2, a)', nans)).toEqual({
      'a{x="1"}': [undefined, NaN],
      'a{x="2"}': [1, undefined],
      'a{x="3"}': [2, 1],
    });
    expect(await seriesOf('bottomk(1, a)', nans)).toEqual({ 'a{x="2"}': [1, undefined], 'a{x="3"}': [undefined, 1] });
  });

  it('keeps what came first of equals', async () => {
    expect(await seriesOf('topk(1, a)', { 'a{x="1"}': [1], 'a{x="2"}': [1] })).toEqual({ 'a{x="1"}': [1] });
    expect(await seriesOf('bottomk(1, a)', { 'a{x="1"}': [1], 'a{x="2"}': [1] })).toEqual({ 'a{x="1"}': [1] });
    expect(await seriesOf('topk(1, a)', { 'a{x="1"}': [NaN], 'a{x="2"}': [NaN] })).toEqual({ 'a{x="1"}': [NaN] });
  });

  it('leaves histograms out, and says so of the whole expression', async () => {
    expect(await answer('1 < topk(1, a)', { 'a{x="1"}': [2], 'a{x="2"}': [histogram({})] })).toEqual({
      series: [['a{x="1"}', [2]]],
      warnings: [],
      infos: ['PromQL info: ignored histogram in topk aggregation (1:5)'],
    });
  });

  it('says nothing of histograms at steps without ranks', async () => {
    expect(await answer('topk(time(), a)', { a: [histogram({}), 1] })).toEqual({
      series: [['a', [undefined, 1]]],
      warnings: [],
      infos: [],
    });
  });

  it('fails with the parameter of the first step that has samples', async () => {
    const { failure } = await answer('topk(1e20 * (3 - time()), a)', {
      'a{x="1"}': [undefined, 1, undefined],
      'a{x="2"}': [undefined, undefined, 1],
    });
    expect(failure).toBe('Scalar value 2e+20 overflows int64');
  });

  it.each([
    ['topk(NaN, a)', 'NaN'],
    ['topk(1e20, a)', '1e+20'],
    ['bottomk(Inf, a)', '+Inf'],
  ])('refuses %s', async (query, value) => {
    expect((await answer(query, { a: [1] })).failure).toBe(`Scalar value ${value} overflows int64`);
  });

  it.each(['topk(0, a)', 'topk(-1, a)', 'topk(-1e20, a)', 'topk(0.9, a)'])('answers nothing for %s', async (query) => {
    expect(await answer(query, { a: [1, histogram({})] })).toEqual({ series: [], warnings: [], infos: [] });
  });

  it('does not mind what the parameter is where there is no sample', async () => {
    expect(await answer('topk(NaN, a)', { a: [undefined] })).toEqual({ series: [], warnings: [], infos: [] });
  });
});

describe('StepHeaps', () => {
  it('finds what sorting finds', () => {
    const values = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (numbers, limit) => {
        const heaps = new StepHeaps(Float64Array.of(0, limit));
        for (const [series, value] of numbers.entries()) heaps.add(1, series, value);
        const found: number[] = [];
        heaps.visit(1, (series, value) => {
          expect(value).toBe(numbers[series]);
          found.push(value);
        });
        expect(found.map(unsigned)).toEqual([...numbers].sort(descending).slice(0, limit).map(unsigned));
      }),
    );
  });
});

/** Both zeros are equal, and which of them comes first is open. */
function unsigned(value: number): number {
  return value === 0 ? 0 : value;
}

function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return b < a ? -1 : Number(b > a);
}
