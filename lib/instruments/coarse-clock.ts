// A cheap reading of time for the sliding windows: they need to know the time at every observation, but only to a
// fraction of their length, and a true reading costs ten times what the rest of an observation does.
import { type Clock, systemClock } from '../clock.js';

/**
 * Keeps a reading of the system's clock for a while; a timer that does not keep the process alive marks it as expired,
 * and is only set while readings are taken. Any other clock is read every time, so that tests that move it are exact.
 * While the event loop is blocked a reading is kept for as long as that takes.
 */
export class CoarseClock {
  /** Whether the next reading has to be taken anew. Callers on the hot path check this before they call `refresh`. */
  expired = true;
  /** Monotonic seconds at the last reading. */
  time = 0;
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #expire = () => {
    this.expired = true;
  };

  constructor(clock: Clock, keepSeconds: number) {
    this.#clock = clock;
    this.#keepMs = Math.min(1000, Math.max(1, keepSeconds * 1000));
  }

  refresh(): number {
    this.time = this.#clock.monotonic();
    if (this.#clock === systemClock && this.expired) {
      this.expired = false;
      setTimeout(this.#expire, this.#keepMs).unref();
    }
    return this.time;
  }
}
