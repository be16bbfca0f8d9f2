// When the circuit breaker opens, for how long, and who may try.
import { ManualClock } from 'telltale/testing';
import { CircuitBreaker } from '../../../storage/delivery/circuit-breaker.js';

function setUp() {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker({ clock, failures: 3, openSeconds: 10, longestOpenSeconds: 35 });
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) {
      expect(breaker.admits()).toBe(true);
      breaker.failed();
    }
  };
  return { clock, breaker, fail };
}

describe('CircuitBreaker', () => {
  it('opens after so many failures in a row, and not for as many in all', () => {
    const { breaker, fail } = setUp();
    fail(2);
    breaker.succeeded();
    fail(2);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.admits()).toBe(false);
    expect(breaker.secondsUntilRetry).toBe(10);
  });

  it('lets one attempt through when the time is over, and closes when that succeeds', () => {
    const { clock, breaker, fail } = setUp();
    fail(3);
    clock.advance(9.9);
    expect(breaker.admits()).toBe(false);
    clock.advance(0.1);
    expect(breaker.state).toBe('half_open');
    expect(breaker.admits()).toBe(true);
    expect(breaker.admits()).toBe(false);
    breaker.succeeded();
    expect(breaker.state).toBe('closed');
    expect(breaker.admits()).toBe(true);
  });

  it('stays open twice as long after each attempt that fails, up to the longest, and begins anew after a success', () => {
    const { clock, breaker, fail } = setUp();
    fail(3);
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      waits.push(breaker.secondsUntilRetry);
      clock.advance(breaker.secondsUntilRetry);
      fail(1);
    }
    expect(waits).toEqual([10, 20, 35, 35]);
    clock.advance(35);
    expect(breaker.admits()).toBe(true);
    breaker.succeeded();
    fail(3);
    expect(breaker.secondsUntilRetry).toBe(10);
  });

  it('lets an attempt through at once when it is told to', () => {
    const { breaker, fail } = setUp();
    fail(3);
    breaker.retryNow();
    expect(breaker.state).toBe('half_open');
    fail(1);
    expect(breaker.state).toBe('open');
  });
});
