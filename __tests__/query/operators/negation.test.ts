// The minus in front of a vector.
import { histogram } from '../histograms/histogram.js';
import { answer, seriesOf } from '../vectors.js';

describe('negatedVector', () => {
  it('turns numbers and histograms, and drops the name', async () => {
    expect(await seriesOf('-a', { 'a{x="1"}': [1, undefined, histogram({ 1: 2 }, { sum: 3 })] })).toEqual({
      '{x="1"}': [-1, undefined, histogram({ 1: -2 }, { sum: -3, zeroCount: -0 })],
    });
  });

  it('refuses series that are alike without their names, even at different steps', async () => {
    const { failure } = await answer('-{__name__=~"a|b"}', { a: [1, undefined], b: [undefined, 1] });
    expect(failure).toBe('vector cannot contain metrics with the same labelset');
  });
});
