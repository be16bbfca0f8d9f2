// The pauses after which a server that hangs is asked again.
import { ManualClock } from 'telltale/testing';
import { BackOff } from '../../../lib/interop/sources/back-off.js';

describe('BackOff', () => {
  it('grows from 10 s to 300 s, twice as long each time', () => {
    const clock = new ManualClock();
    const backOff = new BackOff(clock);
    const pauses = Array.from({ length: 7 }, () => {
      backOff.hung();
      const { secondsLeft } = backOff;
      clock.advance(secondsLeft);
      return secondsLeft;
    });
    expect(pauses).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(backOff.secondsLeft).toBe(0);
  });

  it('begins anew once it has answered', () => {
    const clock = new ManualClock();
    const backOff = new BackOff(clock);
    backOff.hung();
    clock.advance(10);
    backOff.hung();
    clock.advance(20);
    backOff.answered();
    expect(backOff.secondsLeft).toBe(0);
    backOff.hung();
    clock.advance(4);
    expect(backOff.secondsLeft).toBe(6);
  });
});
