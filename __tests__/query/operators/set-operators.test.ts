// `and`, `or` and `unless` step by step.
import { histogram } from '../histograms/histogram.js';
import { seriesOf } from '../vectors.js';

const written = {
  'a{x="1"}': [1, 2, 3],
  'a{x="2"}': [4, undefined, 6],
  'b{x="1",y="1"}': [7, undefined, 9],
  'b{x="3"}': [10, 11, undefined],
};

describe('setOperation', () => {
  it('has `and` let through the left side where the right side has samples', async () => {
    expect(await seriesOf('a and on(x) b', written)).toEqual({ 'a{x="1"}': [1, undefined, 3] });
  });

  it('has `and` match by all labels but the name', async () => {
    expect(await seriesOf('a and b', { 'a{x="1"}': [1], 'a{x="2"}': [2], 'b{x="2"}': [3] })).toEqual({
      'a{x="2"}': [2],
    });
  });

  it('has `unless` let through the left side where the right side has none', async () => {
    expect(await seriesOf('a unless on(x) b', written)).toEqual({
      'a{x="1"}': [undefined, 2, undefined],
      'a{x="2"}': [4, undefined, 6],
    });
  });

  it('has `or` fill up the left side with what it lacks', async () => {
    expect(await seriesOf('a or on(x) b', written)).toEqual({
      'a{x="1"}': [1, 2, 3],
      'a{x="2"}': [4, undefined, 6],
      'b{x="3"}': [10, 11, undefined],
    });
    expect(await seriesOf('b or on(x) a', written)).toEqual({
      'b{x="1", y="1"}': [7, undefined, 9],
      'b{x="3"}': [10, 11, undefined],
      'a{x="1"}': [undefined, 2, undefined],
      'a{x="2"}': [4, undefined, 6],
    });
  });

  it('has `or` join series that both sides have', async () => {
    expect(await seriesOf('(a > 2) or a', { a: [1, 2, 3] })).toEqual({ a: [1, 2, 3] });
    expect(await seriesOf('(a < 2) or (a > 2)', { a: [1, 2, 3] })).toEqual({ a: [1, undefined, 3] });
  });

  it('looks at all series that match', async () => {
    const taking = { a: [1, 2, 3], 'b{x="1"}': [1, undefined, undefined], 'b{x="2"}': [undefined, 1, undefined] };
    expect(await seriesOf('a and on() b', taking)).toEqual({ a: [1, 2, undefined] });
    expect(await seriesOf('a unless on() b', taking)).toEqual({ a: [undefined, undefined, 3] });
  });

  it('ignores labels', async () => {
    expect(await seriesOf('a and ignoring(y) b', { 'a{x="1"}': [1], 'b{x="1",y="1"}': [2] })).toEqual({
      'a{x="1"}': [1],
    });
  });

  it('lets histograms through', async () => {
    expect(await seriesOf('a and b', { a: [histogram({ 1: 2 }), 1], b: [1, undefined] })).toEqual({
      a: [histogram({ 1: 2 }), undefined],
    });
    expect(await seriesOf('a or b', { a: [undefined, 1], b: [histogram({ 1: 2 }), 3] })).toEqual({
      a: [undefined, 1],
      b: [histogram({ 1: 2 }), undefined],
    });
  });
});
