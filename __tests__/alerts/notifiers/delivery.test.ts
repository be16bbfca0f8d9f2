// Which alerts one target is told of, and which it is told of no more: here the target is a function, to see what is asked of it.
import { type Attempt, Delivery } from '../../../lib/alerts/notifiers/delivery.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

const AWAY: Attempt = { error: { kind: 'notify_failed', notifier: 'n', target: 't', cause: 'away' } };

describe('Delivery', () => {
  let clock: ManualClock;
  let held: Set<string>;
  let asked: string[];
  let sent: (readonly string[])[];
  let answer: () => Attempt;
  let atATime: number;
  let mostAtATime: number;
  let delivery: Delivery;

  beforeEach(() => {
    clock = new ManualClock();
    held = new Set(['a', 'b', 'c', 'd', 'e']);
    asked = [];
    sent = [];
    atATime = 0;
    mostAtATime = 0;
    answer = () => ({});
    delivery = new Delivery({
      name: 'n',
      clock,
      batchSize: 2,
      minBackoffMs: 60_000,
      maxBackoffMs: 60_000,
      tell: () => {},
      isHeld: (key) => {
        asked.push(key);
        return held.has(key);
      },
      send: async (keys) => {
        sent.push(keys);
        mostAtATime = Math.max(mostAtATime, ++atATime);
        await new Promise(setImmediate);
        atATime--;
        return answer();
      },
    });
  });

  describe('deliver', () => {
    it('sends what is due in batches, each alert once', async () => {
      await delivery.deliver(['a', 'b', 'a', 'c']);
      expect(sent).toEqual([['a', 'b'], ['c']]);
    });

    it('sends again what became due while it was on its way, when that has arrived', async () => {
      const first = delivery.deliver(['a']);
      await Promise.all([first, delivery.deliver(['a', 'b'])]);
      expect(sent).toEqual([['a'], ['a', 'b']]);
      expect(mostAtATime).toBe(1);
    });

    it('makes no attempt for what was forgotten', async () => {
      expect((await delivery.deliver(['forgotten'])).isOk()).toBe(true);
      expect((await delivery.deliver(['forgotten', 'a'])).isOk()).toBe(true);
      expect(sent).toEqual([['a']]);
    });

    it('lets nothing pile up that is forgotten while the target is away', async () => {
      answer = () => AWAY;
      await delivery.deliver(['a', 'b', 'c', 'd', 'e']);
      held.delete('e');
      clock.advance(60);
      await delivery.deliver([]);
      asked = [];
      answer = () => ({});
      clock.advance(60);
      await delivery.deliver([]);
      expect(asked.sort()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('takes a target that throws for one that failed', async () => {
      answer = () => {
        throw new Error('broken');
      };
      const outcome = await delivery.deliver(['a']);
      expect(outcome._unsafeUnwrapErr()).toEqual({
        kind: 'notify_failed',
        notifier: 'n',
        target: 'n',
        cause: new Error('broken'),
      });
    });
  });
});
