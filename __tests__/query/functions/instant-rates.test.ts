// What the last two samples of a window say.
import { instantRateFunctions } from '../../../lib/query/functions/instant-rates.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';
import { ask, askFrom, engineOver, type Given } from '../asking.js';
import { bucketsIn, histogram } from '../histograms/histogram.js';

const SAMPLES = [100, 110, 5, undefined, 25];

async function at(text: string, time: number, samples: readonly Given[]): Promise<unknown> {
  return (await ask(engineOver([{ __name__: 'x' }, samples]), text, time)).values['{}'];
}

describe('instantRateFunctions', () => {
  it('has two functions', () => {
    expect(Object.keys(instantRateFunctions)).toEqual(['irate', 'idelta']);
  });

  describe('irate', () => {
    it('is the difference of the last two samples by second, or after a reset the last one', async () => {
      const { values } = await askFrom(engineOver([{ __name__: 'x' }, SAMPLES]), 'irate(x[1m])', [0, 40]);
      expect(values).toEqual({ '{}': [undefined, 1, 0.5, 0.5, 1] });
    });

    it('has nothing to say of a single sample', async () => {
      expect(await at('irate(x[15s])', 30, SAMPLES)).toBeUndefined();
    });

    it('divides histograms by the seconds between them', async () => {
      const samples = [histogram({ 0: 1 }), histogram({ 0: 6 }), histogram({ 0: 2 })];
      const rates = [await at('irate(x[1m])', 10, samples), await at('irate(x[1m])', 20, samples)];
      expect(rates.map((rate) => bucketsIn((rate as FloatHistogram).positive))).toEqual([{ 0: 0.5 }, { 0: 0.2 }]);
    });

    it('leaves out a number next to a histogram, and says so', async () => {
      const engine = engineOver([{ __name__: 'x' }, [1, 2, histogram({ 0: 1 })]]);
      const { values, notes } = await ask(engine, 'irate(x[1m])', 20);
      expect(values).toEqual({});
      expect(notes.warnings).toEqual([
        'PromQL warning: encountered a mix of histograms and floats for metric name "x" (1:7)',
      ]);
    });
  });

  describe('idelta', () => {
    it('is the difference of the last two samples', async () => {
      const { values } = await askFrom(engineOver([{ __name__: 'x' }, SAMPLES]), 'idelta(x[1m])', [0, 40]);
      expect(values).toEqual({ '{}': [undefined, 10, -105, -105, 20] });
    });

    it('subtracts histograms that are gauges', async () => {
      const samples = [histogram({ 0: 4 }, { resetHint: 'gauge' }), histogram({ 0: 1 }, { resetHint: 'gauge' })];
      expect(bucketsIn(((await at('idelta(x[1m])', 10, samples)) as FloatHistogram).positive)).toEqual({ 0: -3 });
    });
  });
});
