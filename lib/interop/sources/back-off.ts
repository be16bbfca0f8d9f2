// When a server that hangs is asked again. Apart from the scraping, because it is a rule about time alone: it has the clock and
// no connections.
import type { Clock } from '../../clock.js';

/** The first pause; each further one is twice as long. */
const FIRST_SECONDS = 10;
const LONGEST_SECONDS = 300;

export class BackOff {
  readonly #clock: Clock;
  #pauseSeconds = 0;
  #until = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For how many seconds nobody should ask; 0 where it may be asked now. */
  get secondsLeft(): number {
    return Math.max(0, this.#until - this.#clock.monotonic());
  }

  /** It was asked, and took all the time that it had. */
  hung(): void {
    this.#pauseSeconds = Math.min(LONGEST_SECONDS, this.#pauseSeconds * 2 || FIRST_SECONDS);
    this.#until = this.#clock.monotonic() + this.#pauseSeconds;
  }

  /** It was asked, and answered in its time, be it that it failed. */
  answered(): void {
    this.#pauseSeconds = 0;
  }
}
