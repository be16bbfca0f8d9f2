// How long a target is left alone that failed. Timers stand still here; time is the clock's.
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { BackOff } from '../../../storage/delivery/back-off.js';

describe('BackOff', () => {
  let clock: ManualClock;
  let backOff: BackOff;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    clock = new ManualClock();
    backOff = new BackOff({ clock, minBackoffMs: 1_000, maxBackoffMs: 60_000 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  async function hasEnded(wait: Promise<void>): Promise<boolean> {
    let ended = false;
    void wait.then(() => {
      ended = true;
    });
    await new Promise(setImmediate);
    return ended;
  }

  describe('lookAtClock', () => {
    it('ends a wait that is over by the clock although its timer has not come', async () => {
      const wait = backOff.wait(undefined);
      clock.advance(1);
      backOff.lookAtClock();
      expect(await hasEnded(wait)).toBe(true);
    });

    it('leaves a wait alone that is not over', async () => {
      const wait = backOff.wait('5');
      clock.advance(4.9);
      backOff.lookAtClock();
      expect(await hasEnded(wait)).toBe(false);
    });
  });
});
