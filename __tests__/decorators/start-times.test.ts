// The stack of start times has to be as high after calls as before them, whatever happened meanwhile.
import { ManualClock } from 'telltale/testing';
import { keepNow, take, takeElapsed } from '../../decorators/start-times.js';

const height = (): number => {
  const place = keepNow(undefined);
  take(place);
  return place;
};

describe('keepNow', () => {
  it('keeps nothing of a clock that throws', () => {
    const before = height();
    const broken = {
      now: () => 0,
      monotonic: (): number => {
        throw new Error('stopped');
      },
    };
    for (let call = 0; call < 100; call++) expect(() => keepNow(broken)).toThrow('stopped');
    expect(height()).toBe(before);
  });

  it('keeps more times than there were places for', () => {
    const clock = new ManualClock();
    const places = Array.from({ length: 1000 }, () => {
      clock.advance(1);
      return keepNow(clock);
    });
    expect(places.reverse().map((place) => takeElapsed(place, clock)[0])).toEqual(places.map((_, i) => i));
  });
});
