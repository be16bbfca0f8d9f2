// The least, the greatest, quantiles and the spread of windows, by hand and from the textbook.
import { rangeStatistics } from '../../../lib/query/functions/range-statistics.js';
import { ask, askFrom, engineOver, type Given } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const NAN = Number.NaN;
/** https://en.wikipedia.org/wiki/Standard_deviation#Basic_examples */
const TEXTBOOK = [2, 4, 4, 4, 5, 5, 7, 9];

async function over(call: string, samples: readonly Given[]): Promise<unknown> {
  return (await ask(engineOver([{ __name__: 'x' }, samples]), call, 10 * (samples.length - 1))).values['{}'];
}

describe('rangeStatistics', () => {
  it('has five functions', () => {
    expect(Object.keys(rangeStatistics).sort()).toEqual([
      'max_over_time',
      'min_over_time',
      'quantile_over_time',
      'stddev_over_time',
      'stdvar_over_time',
    ]);
  });

  it.each<[string, readonly number[], number]>([
    ['min_over_time(x[1h])', [3, 1, 2], 1],
    ['min_over_time(x[1h])', [NAN, 3, NAN, 2], 2],
    ['min_over_time(x[1h])', [NAN, NAN], NAN],
    ['max_over_time(x[1h])', [3, 1, 4], 4],
    ['max_over_time(x[1h])', [NAN, 3, NAN, 2], 3],
    ['max_over_time(x[1h])', [NAN], NAN],
    ['stdvar_over_time(x[1h])', TEXTBOOK, 4],
    ['stddev_over_time(x[1h])', TEXTBOOK, 2],
    ['stdvar_over_time(x[1h])', [7], 0],
    ['stdvar_over_time(x[1h])', [7, NAN], NAN],
    ['quantile_over_time(0.5, x[1h])', [4, 1, 2, 3], 2.5],
    ['quantile_over_time(0.25, x[1h])', [4, NAN, 3, 1, 2], 1],
    ['quantile_over_time(1, x[1h])', [4, NAN, 3], 4],
    ['quantile_over_time(0, x[1h])', [4, NAN, 3], NAN],
  ])('%s of %j is %d', async (call, samples, expected) => {
    expect(await over(call, samples)).toBe(expected);
  });

  it('finds the spread of great numbers, which their squares would swallow', async () => {
    const samples = TEXTBOOK.map((value) => value + 1e9);
    expect(await over('stdvar_over_time(x[1h])', samples)).toBeCloseTo(4, 6);
  });

  it.each(['min_over_time(x[1m])', 'stddev_over_time(x[1m])', 'quantile_over_time(0.5, x[1m])'])(
    'leaves histograms out and says so where there are numbers too: %s',
    async (call) => {
      const engine = engineOver(
        [{ __name__: 'x', k: 'mixed' }, [7, histogram({ 0: 1 })]],
        [{ __name__: 'y', k: 'histograms' }, [histogram({ 0: 1 })]],
      );
      const { values, notes } = await ask(engine, call, 10);
      expect(values).toEqual({ '{k="mixed"}': call.startsWith('stddev') ? 0 : 7 });
      const text = 'ignored histograms in a range containing both floats and histograms for metric name "x"';
      expect(notes.infos).toEqual([`PromQL info: ${text} (1:${call.indexOf('(') + 2})`]);
      expect(await ask(engine, call.replace('x', 'y'), 10)).toEqual({ values: {}, notes: { warnings: [], infos: [] } });
    },
  );

  describe('quantile_over_time', () => {
    it('takes a quantile of its own at every step, and warns of those that are none', async () => {
      const engine = engineOver([{ __name__: 'x' }, [1, 2, 3, 4]]);
      const { values, notes } = await askFrom(engine, 'quantile_over_time(time() / 20, x[1h])', [0, 30]);
      expect(values).toEqual({ '{}': [1, 1.5, 3, Number.POSITIVE_INFINITY] });
      expect(notes.warnings).toEqual(['PromQL warning: quantile value should be between 0 and 1, got 1.5 (1:20)']);
    });
  });
});
