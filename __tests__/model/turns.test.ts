// The order in which long work goes on, seen from the rounds of the event loop.
import { turns } from '../../lib/model/turns.js';

describe('turns', () => {
  describe('next', () => {
    it('lets one of those who wait go on in each round of the event loop, in their order', async () => {
      const seen: string[] = [];
      const worker = async (name: string) => {
        for (let i = 0; i < 2; i++) {
          await turns.next();
          seen.push(name);
        }
      };
      let isDone = false;
      const round = () => {
        seen.push('|');
        if (!isDone) setImmediate(round);
      };
      const work = Promise.all([worker('a'), worker('b'), worker('c')]);
      setImmediate(round);
      await work;
      isDone = true;
      expect(seen.join('').replace(/\|$/, '')).toBe('a|b|c|a|b|c');
    });

    it('goes on after nobody has waited for a while', async () => {
      await turns.next();
      await new Promise((resolve) => setImmediate(resolve));
      await turns.next();
    });
  });
});
