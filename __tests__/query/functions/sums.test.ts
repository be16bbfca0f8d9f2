// Sums and means of windows, of numbers and of histograms.
import { sumFunctions } from '../../../lib/query/functions/sums.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';
import { ask, engineOver, type Given } from '../asking.js';
import { bucketsIn, histogram } from '../histograms/histogram.js';

const { MAX_VALUE, NaN: NAN, POSITIVE_INFINITY: INF } = Number;

async function over(name: string, samples: readonly Given[]): Promise<unknown> {
  const time = 10 * (samples.length - 1);
  return (await ask(engineOver([{ __name__: 'x' }, samples]), `${name}(x[1h])`, time)).values['{}'];
}

describe('sumFunctions', () => {
  it('has two functions', () => {
    expect(Object.keys(sumFunctions)).toEqual(['sum_over_time', 'avg_over_time']);
  });

  describe('sum_over_time', () => {
    it.each<[readonly number[], number]>([
      [[1, 2, 3.5], 6.5],
      [[1, 1e100, 1, -1e100], 2],
      [[MAX_VALUE, MAX_VALUE, -1], INF],
      [[INF, 1], INF],
      [[INF, -INF], NAN],
      [[1, NAN], NAN],
    ])('of %j is %d', async (samples, expected) => {
      expect(await over('sum_over_time', samples)).toBe(expected);
    });

    it('adds histograms', async () => {
      const sum = (await over('sum_over_time', [histogram({ 0: 1 }), histogram({ 0: 2, 4: 1 })])) as FloatHistogram;
      expect(bucketsIn(sum.positive)).toEqual({ 0: 3, 4: 1 });
    });

    it('leaves out windows with both, and says so', async () => {
      const engine = engineOver([{ __name__: 'x' }, [1, histogram({ 0: 1 })]]);
      const { values, notes } = await ask(engine, '(sum_over_time((x[1m])))', 10);
      expect(values).toEqual({});
      expect(notes.warnings).toEqual([
        'PromQL warning: encountered a mix of histograms and floats for metric name "x" (1:17)',
      ]);
    });
  });

  describe('avg_over_time', () => {
    it.each<[readonly number[], number]>([
      [[4], 4],
      [[1, 2, 6], 3],
      [[1, 1e100, 1, -1e100], 0.5],
      [[MAX_VALUE, MAX_VALUE], MAX_VALUE],
      [[MAX_VALUE, MAX_VALUE / 2, MAX_VALUE, -MAX_VALUE / 2], MAX_VALUE / 2],
      [[-MAX_VALUE, -MAX_VALUE, -MAX_VALUE], -MAX_VALUE],
      [[INF, 1], INF],
      [[1, 2, -INF], -INF],
      [[INF, -INF], NAN],
      [[1, NAN, 2], NAN],
    ])('of %j is %d', async (samples, expected) => {
      const mean = (await over('avg_over_time', samples)) as number;
      // A mean that samples move is rounded at every one of them.
      if (Number.isFinite(expected)) expect(mean / expected).toBeCloseTo(1, 14);
      else expect(mean).toBe(expected);
    });

    it('is the mean of histograms', async () => {
      const mean = (await over('avg_over_time', [histogram({ 0: 1 }), histogram({ 0: 3, 4: 1 })])) as FloatHistogram;
      expect(bucketsIn(mean.positive)).toEqual({ 0: 2, 4: 0.5 });
    });
  });
});
