// The machine's clock, and the way of reading one that makes no box for the number.
import { readInto, systemClock } from '../lib/clock.js';
import { ManualClock } from '../lib/testing/manual-clock.js';

describe('systemClock', () => {
  it('reads the same in both ways, and never goes back', () => {
    const read = new Float64Array(1);
    let last = systemClock.monotonic();
    for (let i = 0; i < 1000; i++) {
      readInto(systemClock, read, 0);
      expect(read[0]).toBeGreaterThanOrEqual(last);
      last = systemClock.monotonic();
      expect(last).toBeGreaterThanOrEqual(read[0] as number);
    }
  });

  it('counts seconds: between two readings of the runtime its own is no longer than theirs', () => {
    const outer = process.hrtime.bigint();
    const start = systemClock.monotonic();
    while (process.hrtime.bigint() - outer < 2_000_000n);
    const seconds = systemClock.monotonic() - start;
    expect(seconds).toBeLessThanOrEqual(Number(process.hrtime.bigint() - outer) / 1e9);
    expect(seconds).toBeGreaterThan(0);
  });

  it('follows the time that a test runner makes up', () => {
    jest.useFakeTimers();
    try {
      const start = systemClock.monotonic();
      jest.advanceTimersByTime(5000);
      expect(systemClock.monotonic() - start).toBeCloseTo(5, 9);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('readInto', () => {
  it('asks any other clock', () => {
    const clock = new ManualClock();
    clock.advance(3);
    const read = new Float64Array(2);
    readInto(clock, read, 1);
    expect([...read]).toEqual([0, 3]);
  });
});
