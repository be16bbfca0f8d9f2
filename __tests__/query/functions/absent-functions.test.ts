// What is said of things that are not there.
import { absentFunctions } from '../../../lib/query/functions/absent-functions.js';
import { ask, askFrom, engineOver } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const engine = engineOver([{ __name__: 'x', k: 'a' }, [1, undefined, undefined, histogram({ 0: 1 })]]);

describe('absentFunctions', () => {
  it('has two functions', () => {
    expect(Object.keys(absentFunctions)).toEqual(['absent', 'absent_over_time']);
  });

  describe('absent', () => {
    it.each([
      ['absent(y)', '{}'],
      ['absent(((y{job="shop"})))', '{job="shop"}'],
      ['absent({__name__="y", job="shop", a=~"b", c!="d", e!~"f"})', '{job="shop"}'],
      ['absent(y{job="", k="v"})', '{k="v"}'],
      ['absent(y{k="a", k="b", j="c"})', '{j="c"}'],
      ['absent(y{k="a", k!="b"})', '{}'],
      ['absent(y{k!="b", k="a"})', '{k="a"}'],
      ['absent(sum(y{job="shop"}))', '{}'],
    ])('%s has the labels that are certain: %s', async (text, labels) => {
      expect((await ask(engine, text, 0)).values).toEqual({ [labels]: 1 });
    });

    it('has nothing where there is anything', async () => {
      expect((await ask(engine, 'absent(x)', 0)).values).toEqual({});
      expect((await askFrom(engine, 'absent(last_over_time(x[5s]))', [0, 30])).values).toEqual({
        '{}': [undefined, 1, 1, undefined],
      });
    });
  });

  describe('absent_over_time', () => {
    it('has nothing where there is anything in the window', async () => {
      expect((await askFrom(engine, 'absent_over_time(x{k="a"}[11s])', [0, 50])).values).toEqual({
        '{k="a"}': [undefined, undefined, 1, undefined, undefined, 1],
      });
      expect((await ask(engine, 'absent_over_time(x[1h])', 0)).values).toEqual({});
    });

    it('knows no labels of a subquery', async () => {
      expect((await ask(engine, 'absent_over_time(y{k="a"}[1m:10s])', 60)).values).toEqual({ '{}': 1 });
    });
  });
});
