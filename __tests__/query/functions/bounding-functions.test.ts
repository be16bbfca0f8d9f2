// Clamping and rounding, with bounds that may change from step to step.
import { boundingFunctions } from '../../../lib/query/functions/bounding-functions.js';
import { ask, askFrom, engineOver } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

describe('boundingFunctions', () => {
  it('has four functions', () => {
    expect(Object.keys(boundingFunctions)).toEqual(['clamp', 'clamp_min', 'clamp_max', 'round']);
  });

  it.each<[string, number, number]>([
    ['clamp(x, 0, 10)', -5, 0],
    ['clamp(x, 0, 10)', 5, 5],
    ['clamp(x, 0, 10)', 15, 10],
    ['clamp(x, 0, 10)', NAN, NAN],
    ['clamp(x, 0, NaN)', 5, NAN],
    ['clamp_min(x, 3)', 1, 3],
    ['clamp_min(x, 3)', INF, INF],
    ['clamp_max(x, 3)', 9, 3],
    // What a real Prometheus 3.5.3 answers.
    ['clamp_max(x, -Inf)', NAN, -INF],
    ['clamp_min(x, +Inf)', NAN, INF],
    ['clamp(x, 2, NaN)', -INF, 2],
    ['clamp(x, NaN, 2)', INF, NAN],
    ['round(x)', 2.5, 3],
    ['round(x)', -2.5, -2],
    ['round(x)', 2.4999, 2],
    ['round(x, 5)', 12.5, 15],
    ['round(x, 0.1)', 0.35, 0.4],
    ['round(x, 1/3)', 0.5, 2 / 3],
    ['round(x)', NAN, NAN],
  ])('%s of %d is %d', async (call, value, expected) => {
    expect((await ask(engineOver([{ __name__: 'x', k: 'a' }, [value]]), call, 0)).values).toEqual({
      '{k="a"}': expected,
    });
  });

  it('takes bounds of their own at every step, and has nothing where they contradict each other', async () => {
    const engine = engineOver([{ __name__: 'x' }, [50, 50, 50]]);
    expect((await askFrom(engine, 'clamp(x, time(), 15)', [0, 20])).values).toEqual({ '{}': [15, 15, undefined] });
    expect((await ask(engine, 'clamp(x, 2, 1)', 0)).values).toEqual({});
  });

  it('leaves histograms out', async () => {
    const engine = engineOver([{ __name__: 'x' }, [histogram({ 0: 1 })]]);
    expect((await ask(engine, 'clamp_min(x, 1)', 0)).values).toEqual({});
    expect((await ask(engine, 'round(x)', 0)).values).toEqual({});
  });
});
