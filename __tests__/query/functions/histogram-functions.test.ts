// Functions that read something out of histograms, asked of the engine.
import { histogramFunctions } from '../../../lib/query/functions/histogram-functions.js';
import { ask, engineOver, type Given } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

/** Four observations of the bucket from 1 to 2. */
const NATIVE = histogram({ 1: 4 }, { sum: 6 });

async function of(text: string, sample: Given): Promise<unknown> {
  return (await ask(engineOver([{ __name__: 'x' }, [sample]]), text, 0)).values['{}'];
}

function classic() {
  return engineOver(
    [{ __name__: 'x', le: '1' }, [4]],
    [{ __name__: 'x', le: '2' }, [3]],
    [{ __name__: 'x', le: '+Inf' }, [8]],
  );
}

describe('histogramFunctions', () => {
  it('has seven functions', () => {
    const names = ['count', 'sum', 'avg', 'stddev', 'stdvar', 'quantile', 'fraction'];
    expect(Object.keys(histogramFunctions)).toEqual(names.map((name) => `histogram_${name}`));
  });

  it.each([
    ['count', 4],
    ['sum', 6],
    ['avg', 1.5],
    ['stdvar', (Math.SQRT2 - 1.5) ** 2],
    ['stddev', 1.5 - Math.SQRT2],
  ])('histogram_%s reads native histograms and leaves out numbers', async (name, expected) => {
    expect(await of(`histogram_${name}(x)`, NATIVE)).toBeCloseTo(expected, 12);
    expect(await of(`histogram_${name}(x)`, 5)).toBeUndefined();
  });

  describe('histogram_quantile', () => {
    it('reads native histograms', async () => {
      expect(await of('histogram_quantile(0.25, x)', NATIVE)).toBeCloseTo(2 ** 0.25, 12);
    });

    it('reads classic ones, and says where their counts fell', async () => {
      const { values, notes } = await ask(classic(), 'histogram_quantile(0.25, x)', 0);
      expect(values).toEqual({ '{}': 0.5 });
      expect(notes.infos).toEqual([
        'PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name "x" (1:26)',
      ]);
    });

    it('warns of what is no quantile', async () => {
      const { values, notes } = await ask(classic(), 'histogram_quantile(1.5, x)', 0);
      expect(values).toEqual({ '{}': Infinity });
      expect(notes).toEqual({
        warnings: ['PromQL warning: quantile value should be between 0 and 1, got 1.5 (1:20)'],
        infos: [],
      });
    });

    it('tells of NaN with the metric, at the first argument', async () => {
      const engine = engineOver([{ __name__: 'x' }, [histogram({ 1: 1 }, { count: 2, sum: Number.NaN })]]);
      expect((await ask(engine, 'histogram_quantile(1, x)', 0)).notes.infos).toEqual([
        'PromQL info: input to histogram_quantile has NaN observations, result is NaN for metric name "x" (1:20)',
      ]);
    });
  });

  describe('histogram_fraction', () => {
    it('reads both kinds', async () => {
      expect(await of('histogram_fraction(1, 2, x)', NATIVE)).toBe(1);
      expect((await ask(classic(), 'histogram_fraction(-Inf, 1, x)', 0)).values).toEqual({ '{}': 0.5 });
    });
  });
});
