// When samples were taken, and the calendar of steps and of numbers.
import { timeFunctions } from '../../../lib/query/functions/time-functions.js';
import { ask, askFrom, engineOver } from '../asking.js';
import { histogram } from '../histograms/histogram.js';

const engine = engineOver([{ __name__: 'x', k: 'a' }, [1_700_000_000, undefined, histogram({ 0: 1 })]]);

describe('timeFunctions', () => {
  it('has ten functions', () => {
    expect(Object.keys(timeFunctions)).toHaveLength(10);
  });

  describe('timestamp', () => {
    it('is the time of the sample, whatever the sample, where a selector is asked', async () => {
      expect((await askFrom(engine, 'timestamp(x)', [0, 30])).values).toEqual({ '{k="a"}': [0, 0, 20, 20] });
      expect((await askFrom(engine, 'timestamp(((x offset 10s)))', [10, 30])).values).toEqual({
        '{k="a"}': [0, 0, 20],
      });
      expect((await askFrom(engine, 'timestamp(x @ 10)', [10, 20])).values).toEqual({ '{k="a"}': [0, 0] });
    });

    it('is that of the step for anything else', async () => {
      expect((await askFrom(engine, 'timestamp(x + 0)', [0, 30])).values).toEqual({
        '{k="a"}': [0, 10, undefined, undefined],
      });
      expect((await askFrom(engine, 'timestamp(+x) + 0', [0, 30])).values).toEqual({ '{k="a"}': [0, 10, 20, 30] });
    });
  });

  describe('vector', () => {
    it('is a series without labels', async () => {
      expect((await askFrom(engine, 'vector(time() * 2)', [0, 20])).values).toEqual({ '{}': [0, 20, 40] });
    });
  });

  // 1 700 000 000 is Tuesday, 2023-11-14T22:13:20Z.
  it.each([
    ['minute', 13],
    ['hour', 22],
    ['day_of_week', 2],
    ['day_of_month', 14],
    ['day_of_year', 318],
    ['days_in_month', 30],
    ['month', 11],
    ['year', 2023],
  ])('%s of numbers and of steps is that of the calendar: %d', async (name, expected) => {
    expect((await askFrom(engine, `${name}(x)`, [0, 20])).values).toEqual({
      '{k="a"}': [expected, expected, undefined],
    });
    expect((await ask(engine, `${name}()`, 1_700_000_000.9)).values).toEqual({ '{}': expected });
  });
});
