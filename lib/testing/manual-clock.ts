// A clock that stands still until it is moved, for tests of whatever takes a Clock.
import type { Clock } from '../clock.js';

/**
 * Time that only a test moves.
 *
 * @example
 * const clock = new ManualClock();
 * const metrics = new MetricsCollector({ clock });
 * clock.advance(600); // ten minutes have passed
 */
export class ManualClock implements Clock {
  #nowMs: number;
  #seconds = 0;

  /** @param startMs - The wall time to begin at, in milliseconds since the epoch. Default: 2026-01-01T00:00:00Z. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#seconds;
  }

  /** Moves both readings on by a number of seconds, which may be a fraction and is not negative. */
  advance(seconds: number): void {
    if (!(seconds >= 0))
      throw new RangeError(`Time cannot be moved by ${seconds} seconds. Give a number of at least 0.`);
    this.#seconds += seconds;
    this.#nowMs += seconds * 1000;
  }
}
