// Functions of each number of a vector, against mathematics.
import { mathFunctions } from '../../../lib/query/functions/math-functions.js';
import { ask, askFrom, engineOver } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

describe('mathFunctions', () => {
  it.each<[string, number, number]>([
    ['abs', -2.5, 2.5],
    ['ceil', 1.2, 2],
    ['ceil', -1.2, -1],
    ['floor', -1.2, -2],
    ['exp', 1, Math.E],
    ['sqrt', 2.25, 1.5],
    ['sqrt', -1, NAN],
    ['ln', Math.E, 1],
    ['ln', 0, -INF],
    ['ln', -1, NAN],
    ['log2', 8, 3],
    ['log10', 1000, 3],
    ['sin', Math.PI / 6, 0.5],
    ['cos', Math.PI / 3, 0.5],
    ['tan', Math.PI / 4, 1],
    ['asin', 1, Math.PI / 2],
    ['acos', -1, Math.PI],
    ['acos', 2, NAN],
    ['atan', 1, Math.PI / 4],
    ['sinh', Math.log(2), 0.75],
    ['cosh', Math.log(2), 1.25],
    ['tanh', Math.log(2), 0.6],
    ['asinh', 0.75, Math.log(2)],
    ['acosh', 1.25, Math.log(2)],
    ['acosh', 0.5, NAN],
    ['atanh', 0.6, Math.log(2)],
    ['atanh', 1, INF],
    ['rad', 180, Math.PI],
    ['deg', Math.PI, 180],
    ['sgn', -3, -1],
    ['sgn', 0.1, 1],
    ['sgn', 0, 0],
    ['sgn', NAN, NAN],
  ])('%s of %d is %d', async (name, value, expected) => {
    const { values } = await ask(engineOver([{ __name__: 'x', k: 'a' }, [value]]), `${name}(x)`, 0);
    expect(values).toEqual({ '{k="a"}': Number.isFinite(expected) ? expect.closeTo(expected, 12) : expected });
  });

  it('is all of them', () => {
    expect(Object.keys(mathFunctions)).toHaveLength(23);
  });

  it('leaves histograms out, and series that have nothing else', async () => {
    const engine = engineOver(
      [{ __name__: 'x', k: 'a' }, [-1, histogram({ 0: 1 }), -3]],
      [{ __name__: 'x', k: 'b' }, [histogram({ 0: 1 })]],
    );
    expect((await askFrom(engine, 'abs(x)', [0, 20])).values).toEqual({ '{k="a"}': [1, undefined, 3] });
  });

  it('joins series that only their names told apart, and refuses them where they meet', async () => {
    const engine = engineOver([{ __name__: 'x' }, [-1]], [{ __name__: 'y' }, [undefined, -2]]);
    const answer = await engine.range('abs(last_over_time({__name__=~"x|y"}[5s]))', { start: 0, end: 10, step: 10 });
    expect(answer._unsafeUnwrap()).toMatchObject({ series: [{ values: Float64Array.of(1, 2) }] });
    const refused = await engine.instant('abs({__name__=~"x|y"})', { time: 10 });
    expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: 'evaluation_failed' });
  });
});
