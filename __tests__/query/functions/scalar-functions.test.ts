// The functions that answer scalars.
import { scalarFunctions } from '../../../lib/query/functions/scalar-functions.js';
import { ask, askFrom, engineOver } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const engine = engineOver(
  [{ __name__: 'x', k: 'a' }, [1, undefined, 3]],
  [{ __name__: 'x', k: 'b' }, [histogram({ 0: 1 }), 5, undefined]],
);

describe('scalarFunctions', () => {
  it('has three functions', () => {
    expect(Object.keys(scalarFunctions)).toEqual(['pi', 'time', 'scalar']);
  });

  it('knows pi, and the time of every step', async () => {
    expect((await ask(engine, 'pi()', 0)).values).toEqual({ '': Math.PI });
    expect((await askFrom(engine, 'time()', [10, 30])).values).toEqual({ '{}': [10, 20, 30] });
    expect((await ask(engine, 'time()', -1.5)).values).toEqual({ '': -1.5 });
  });

  it('makes a scalar of the one number that there is, or NaN', async () => {
    const { values } = await askFrom(engine, 'scalar(last_over_time(x[5s]))', [0, 30]);
    expect(values).toEqual({ '{}': [1, 5, 3, Number.NaN] });
    expect((await ask(engine, 'scalar(x)', 10)).values).toEqual({ '': Number.NaN });
  });
});
