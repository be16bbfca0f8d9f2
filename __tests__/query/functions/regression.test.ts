// Lines through windows whose points lie on lines, or around them in a way that can be worked out by hand.
import { regressionFunctions } from '../../../lib/query/functions/regression.js';
import { ask, askFrom, engineOver, type Given } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

async function over(call: string, time: number, samples: readonly Given[]): Promise<unknown> {
  return (await ask(engineOver([{ __name__: 'x' }, samples]), call, time)).values['{}'];
}

describe('regressionFunctions', () => {
  it('has two functions', () => {
    expect(Object.keys(regressionFunctions)).toEqual(['deriv', 'predict_linear']);
  });

  describe('deriv', () => {
    it('is the slope of the line by second', async () => {
      expect(await over('deriv(x[1m])', 20, [1, 3, 5])).toBeCloseTo(0.2, 12);
      // Around (10, 2): (-10·-1 + 0·2 + 10·-1) / 200.
      expect(await over('deriv(x[1m])', 20, [1, 4, 1])).toBeCloseTo(0, 12);
      expect(await over('deriv(x[1m])', 20, [0, 0, 3])).toBeCloseTo(0.15, 12);
    });

    it('is 0 of what does not move, and nothing of one number', async () => {
      expect(await over('deriv(x[1m])', 20, [0.1, 0.1, 0.1])).toBe(0);
      expect(await over('deriv(x[5s])', 20, [1, 2, 3])).toBeUndefined();
    });

    it('is NaN where a number is infinite', async () => {
      const infinite = Number.POSITIVE_INFINITY;
      expect(await over('deriv(x[1m])', 20, [infinite, infinite, infinite])).toBeNaN();
      expect(await over('deriv(x[1m])', 20, [1, infinite, 2])).toBeNaN();
    });

    it('leaves histograms out and says so, even where one number is left', async () => {
      const engine = engineOver([{ __name__: 'x' }, [1, histogram({ 0: 1 }), 3]]);
      const text = 'ignored histograms in a range containing both floats and histograms for metric name "x"';
      const notes = { warnings: [], infos: [`PromQL info: ${text} (1:7)`] };
      expect(await ask(engine, 'deriv(x[1m])', 20)).toEqual({ values: { '{}': expect.closeTo(0.1, 12) }, notes });
      expect(await ask(engine, 'deriv(x[1m])', 10)).toEqual({ values: {}, notes });
    });
  });

  describe('predict_linear', () => {
    it('is where the line will be, counted from the time of the step', async () => {
      expect(await over('predict_linear(x[1m], 60)', 20, [1, 3, 5])).toBeCloseTo(17, 12);
      expect(await over('predict_linear(x[1m] offset 20s, 60)', 40, [1, 3, 5])).toBeCloseTo(21, 12);
      expect(await over('predict_linear(x[1m], 60)', 20, [7, 7, 7])).toBe(7);
    });

    it('takes other seconds at every step, over a window that stays', async () => {
      const engine = engineOver([{ __name__: 'x' }, [1, 3, 5]]);
      const { values } = await askFrom(engine, 'predict_linear(x[1m] @ 20, time())', [20, 40]);
      expect(values).toEqual({ '{}': [9, 13, 17].map((value) => expect.closeTo(value, 12)) });
    });
  });
});
