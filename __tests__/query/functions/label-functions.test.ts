// Changing labels by expressions and by joining others.
import type { QueryError } from '../../../lib/errors.js';
import { labelFunctions } from '../../../lib/query/functions/label-functions.js';
import { ask, engineOver } from '../asking.js';

const engine = engineOver(
  [{ __name__: 'x', host: 'db-1:5432', zone: 'a' }, [1]],
  [{ __name__: 'x', host: 'web-2', zone: 'b' }, [2]],
);

async function refusal(text: string): Promise<QueryError> {
  return (await engine.instant(text, { time: 0 }))._unsafeUnwrapErr();
}

describe('labelFunctions', () => {
  it('has two functions', () => {
    expect(Object.keys(labelFunctions)).toEqual(['label_replace', 'label_join']);
  });

  describe('label_replace', () => {
    it.each([
      [
        'the series that match as a whole, and leaves the others',
        'label_replace(x, "host", "$1", "host", "(.*):\\\\d+")',
        { 'x{host="db-1", zone="a"}': 1, 'x{host="web-2", zone="b"}': 2 },
      ],
      [
        'a label of another name, by names of groups',
        'label_replace(x, "kind", "$k-s", "host", "(?P<k>\\\\w+)-.*")',
        { 'x{host="db-1:5432", kind="db-s", zone="a"}': 1, 'x{host="web-2", kind="web-s", zone="b"}': 2 },
      ],
      [
        'a label that there is not, which is empty',
        'label_replace(x, "new", "$0!", "none", "")',
        { 'x{host="db-1:5432", new="!", zone="a"}': 1, 'x{host="web-2", new="!", zone="b"}': 2 },
      ],
      [
        'a label by nothing, which takes it away',
        'label_replace((x), ("host"), "$2", "host", ".*")',
        { 'x{zone="a"}': 1, 'x{zone="b"}': 2 },
      ],
      [
        'the name of the metric',
        'label_replace(abs(x), "__name__", "y", "", "")',
        { 'y{host="db-1:5432", zone="a"}': 1, 'y{host="web-2", zone="b"}': 2 },
      ],
    ])('replaces in %s', async (_title, text, expected) => {
      expect((await ask(engine, text, 0)).values).toEqual(expected);
    });

    it('lets others have a turn between the matches of a slow expression', async () => {
      const hosts = Array.from({ length: 300 }, (_, i) => `${'a'.repeat(40)}-${i}`);
      const many = engineOver(...hosts.map((host) => [{ __name__: 'x', host }, [1]] as const));
      let turns = 0;
      let isDone = false;
      const count = () => {
        turns++;
        if (!isDone) setImmediate(count);
      };
      count();
      const { values } = await ask(many, 'label_replace(x, "slow", "$2", "host", "((?:\\\\pL?){300})-(.*)")', 0);
      isDone = true;
      expect(Object.keys(values)).toContain(`x{host="${hosts[7]}", slow="7"}`);
      expect(turns).toBeGreaterThan(10);
    });

    it('refuses what is no expression, no label, and series that become equal', async () => {
      expect(await refusal('label_replace(x, "a", "b", "c", "(.*")')).toEqual({
        kind: 'evaluation_failed',
        problem: 'invalid regular expression in label_replace(): (.*',
      });
      expect(await refusal('label_replace(x, "", "b", "c", "")')).toEqual({
        kind: 'evaluation_failed',
        problem: 'invalid destination label name in label_replace(): ',
      });
      expect(await refusal('label_replace(label_replace(x, "host", "", "", ""), "zone", "", "", "")')).toEqual({
        kind: 'evaluation_failed',
        problem: 'vector cannot contain metrics with the same labelset',
      });
    });
  });

  describe('label_join', () => {
    it('joins labels, missing ones being empty', async () => {
      expect((await ask(engine, 'label_join(x, "host", "/", "zone", "none", "zone")', 0)).values).toEqual({
        'x{host="a//a", zone="a"}': 1,
        'x{host="b//b", zone="b"}': 2,
      });
      expect((await ask(engine, 'label_join(x, "host", "/")', 0)).values).toEqual({
        'x{zone="a"}': 1,
        'x{zone="b"}': 2,
      });
    });

    it('refuses what is no label', async () => {
      expect(await refusal('label_join(x, "", ",", "zone")')).toMatchObject({
        problem: 'invalid destination label name in label_join(): ',
      });
      expect(await refusal('label_join(x, "a", ",", "")')).toMatchObject({
        problem: 'invalid source label name in label_join(): ',
      });
    });
  });
});
