// Which samples there are in windows, and how often one differs from the one before it.
import { sampleFunctions } from '../../../lib/query/functions/sample-functions.js';
import { ask, askFrom, engineOver, type Given } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const [H1, H2] = [histogram({ 0: 1 }), histogram({ 0: 2 })];
const NAN = Number.NaN;

describe('sampleFunctions', () => {
  it('has five functions', () => {
    const names = ['count_over_time', 'present_over_time', 'last_over_time', 'changes', 'resets'];
    expect(Object.keys(sampleFunctions)).toEqual(names);
  });

  it.each<[string, readonly Given[], number]>([
    ['count_over_time', [1, NAN, H1], 3],
    ['present_over_time', [H1], 1],
    ['changes', [5], 0],
    ['changes', [1, 1, 2, 2, 1], 2],
    ['changes', [NAN, NAN, 1, NAN], 2],
    ['changes', [H1, H1, H2, H1], 2],
    ['changes', [1, H1, 1], 2],
    ['resets', [5], 0],
    ['resets', [1, 2, 1, 1, 0, 3], 2],
    ['resets', [H1, H2, H1], 1],
    ['resets', [1, H1, H2, 9], 2],
    ['resets', [2, NAN, 1], 0],
  ])('%s of %j is %d', async (name, samples, expected) => {
    const engine = engineOver([{ __name__: 'x', k: 'a' }, samples]);
    const { values } = await ask(engine, `${name}(x[1h])`, 10 * (samples.length - 1));
    expect(values).toEqual({ '{k="a"}': expected });
  });

  it('looks at the window alone, and at nothing where it is empty', async () => {
    const engine = engineOver([{ __name__: 'x' }, [1, 2, 1, 3, 2, undefined, undefined, undefined]]);
    expect((await askFrom(engine, 'resets(x[21s])', [0, 70])).values).toEqual({
      '{}': [0, 0, 1, 1, 1, 1, 0, undefined],
    });
    expect((await askFrom(engine, 'changes(x[21s])', [0, 70])).values).toEqual({
      '{}': [0, 1, 2, 2, 2, 1, 0, undefined],
    });
  });

  describe('last_over_time', () => {
    it('is the last sample as it is, and still of the metric', async () => {
      const engine = engineOver([{ __name__: 'x', k: 'a' }, [1, H1, 3]], [{ __name__: 'x', k: 'b' }, [1, H1]]);
      expect((await ask(engine, 'last_over_time(x[1m])', 20)).values).toEqual({ 'x{k="a"}': 3, 'x{k="b"}': H1 });
    });
  });
});
