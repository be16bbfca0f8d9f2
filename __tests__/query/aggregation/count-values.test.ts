// Counts of values, whose series are named by the values.
import { histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

describe('countValues', () => {
  const written = {
    'a{x="1",y="1"}': [5, 5, undefined],
    'a{x="1",y="2"}': [5, 6, undefined],
    'a{x="2",y="3"}': [5, 5, 0.25],
  };

  it('has a series for every value', async () => {
    expect(await seriesOf('count_values("v", a)', written)).toEqual({
      '{v="5"}': [3, 2, undefined],
      '{v="6"}': [undefined, 1, undefined],
      '{v="0.25"}': [undefined, undefined, 1],
    });
  });

  it('groups', async () => {
    const expected = {
      '{v="5", x="1"}': [2, 1, undefined],
      '{v="6", x="1"}': [undefined, 1, undefined],
      '{v="5", x="2"}': [1, 1, undefined],
      '{v="0.25", x="2"}': [undefined, undefined, 1],
    };
    expect(await seriesOf('count_values by (x) ("v", a)', written)).toEqual(expected);
    expect(await seriesOf('count_values without (y) ("v", a)', written)).toEqual(expected);
  });

  it('writes over a label of the series', async () => {
    expect(
      await seriesOf('count_values without (y) ("x", a)', { 'a{x="1",y="1"}': [7], 'a{x="2",y="1"}': [7] }),
    ).toEqual({
      '{x="7"}': [2],
    });
    expect(await seriesOf('count_values by (x) ("x", a)', { 'a{x="1"}': [7], 'a{x="2"}': [7] })).toEqual({
      '{x="7"}': [2],
    });
  });

  it('counts all values together where their label is left out again', async () => {
    expect(await seriesOf('count_values without (v, y) ("v", a)', written)).toEqual({
      '{x="1"}': [2, 2, undefined],
      '{x="2"}': [1, 1, 1],
    });
  });

  it('can name the series by the value', async () => {
    expect(await seriesOf('count_values("__name__", a)', { 'a{x="1"}': [7], 'a{x="2"}': [7] })).toEqual({ '7': [2] });
  });

  it('writes numbers without an exponent', async () => {
    const numbers = {
      'a{x="1"}': [1e21, -0],
      'a{x="2"}': [1e-7, 0],
      'a{x="3"}': [NaN, -Infinity],
      'a{x="4"}': [NaN, Infinity],
    };
    expect(await seriesOf('count_values("v", a)', numbers)).toEqual({
      '{v="1000000000000000000000"}': [1, undefined],
      '{v="0.0000001"}': [1, undefined],
      '{v="NaN"}': [2, undefined],
      '{v="-0"}': [undefined, 1],
      '{v="0"}': [undefined, 1],
      '{v="-Inf"}': [undefined, 1],
      '{v="+Inf"}': [undefined, 1],
    });
  });

  it('tells both zeros of a series apart', async () => {
    expect(await seriesOf('count_values("v", a)', { a: [0, -0, 0] })).toEqual({
      '{v="0"}': [1, undefined, 1],
      '{v="-0"}': [undefined, 1, undefined],
    });
  });

  it('counts histograms by what they hold', async () => {
    const histograms = {
      'a{x="1"}': [histogram({ 1: 2 }, { sum: 3 })],
      'a{x="2"}': [histogram({ 1: 2 }, { sum: 3 })],
      'a{x="3"}': [histogram({ 2: 1 }, { sum: 4 })],
    };
    expect(await seriesOf('count_values("v", a)', histograms)).toEqual({
      '{v="{count:2, sum:3, (1,2]:2}"}': [2],
      '{v="{count:1, sum:4, (2,4]:1}"}': [1],
    });
  });

  it('refuses an empty label', async () => {
    expect((await answer('count_values("", a)', { a: [1] })).failure).toBe('invalid label name ""');
  });
});
