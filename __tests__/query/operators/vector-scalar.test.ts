// Operators between a vector and a scalar, on vectors that are written down here.
import { histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

describe('vectorAndScalar', () => {
  it('computes every sample, without the name of the metric', async () => {
    const written = { 'a{x="1"}': [1, undefined, 3], 'a{x="2"}': [4, 5, 6] };
    expect(await seriesOf('a * 2', written)).toEqual({ '{x="1"}': [2, undefined, 6], '{x="2"}': [8, 10, 12] });
  });

  it('leaves out the type and the unit of the metric with its name', async () => {
    expect(await seriesOf('a + 1', { 'a{__type__="gauge",__unit__="s",x="1"}': [1] })).toEqual({ '{x="1"}': [2] });
  });

  it('has the scalar on the side on which it is written, and its value of each step', async () => {
    expect(await seriesOf('time() - a', { a: [1, 10, 5] })).toEqual({ '{}': [-1, -9, -3] });
  });

  it('lets through the samples for which a comparison holds, with the name', async () => {
    expect(await seriesOf('a > 2', { 'a{x="1"}': [1, 2, 3], 'a{x="2"}': [0, 0, 0] })).toEqual({
      'a{x="1"}': [undefined, undefined, 3],
    });
  });

  it('lets through the vector where the scalar is on the left', async () => {
    expect(await seriesOf('2 < a', { a: [1, 2, 3] })).toEqual({ a: [undefined, undefined, 3] });
  });

  it('answers 0 or 1 with `bool`, without the name', async () => {
    expect(await seriesOf('2 < bool a', { a: [1, undefined, 3] })).toEqual({ '{}': [0, undefined, 1] });
  });

  it('joins series that are alike without their names, at different steps', async () => {
    expect(await seriesOf('{__name__=~"a|b"} * 2', { a: [1, undefined], b: [undefined, 2] })).toEqual({ '{}': [2, 4] });
  });

  it('refuses series that are alike without their names, at the same step', async () => {
    const { failure } = await answer('{__name__=~"a|b"} * 2', { a: [undefined, 1], b: [1, 1] });
    expect(failure).toBe('vector cannot contain metrics with the same labelset');
  });

  it('scales histograms', async () => {
    expect(await seriesOf('a * 2', { a: [histogram({ 1: 3 }, { sum: 5 })] })).toEqual({
      '{}': [histogram({ 1: 6 }, { sum: 10 })],
    });
    expect(await seriesOf('3 * a', { a: [histogram({ 1: 3 }, { sum: 5 }), 1] })).toEqual({
      '{}': [histogram({ 1: 9 }, { sum: 15 }), 3],
    });
    expect(await seriesOf('a / 2', { a: [histogram({ 1: 3 }, { sum: 5 })] })).toEqual({
      '{}': [histogram({ 1: 1.5 }, { sum: 2.5 })],
    });
  });

  it('leaves no empty bucket of a histogram times 0', async () => {
    expect(await seriesOf('a * 0', { a: [histogram({ 1: 3 }, { sum: 5 })] })).toEqual({ '{}': [histogram({})] });
  });

  it.each([
    ['a + 1', '"+": histogram + float'],
    ['1 + a', '"+": float + histogram'],
    ['1 / a', '"/": float / histogram'],
    ['a > 1', '">": histogram > float'],
    ['a == bool 1', '"==": histogram == float'],
  ])('leaves out histograms in %s, and says so', async (query, types) => {
    expect(await answer(query, { a: [histogram({ 1: 3 })] })).toEqual({
      series: [],
      warnings: [],
      infos: [`PromQL info: incompatible sample types encountered for binary operator ${types} (1:1)`],
    });
  });

  it('goes on with the numbers of a series that has histograms too', async () => {
    expect(await seriesOf('a > 1', { a: [1, histogram({}), 3] })).toEqual({ a: [undefined, undefined, 3] });
    expect(await seriesOf('1 <bool a', { a: [1, histogram({}), 3] })).toEqual({ '{}': [0, undefined, 1] });
  });
});
