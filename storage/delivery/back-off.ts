// How long to wait before a target is tried again: longer after each failure, never twice the same, and at least as long as
// the target asks for.
import type { Clock } from '../../lib/clock.js';

export interface BackOffOptions {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly clock: Clock;
}

/** A target may ask for some patience, not for all of it. */
const MOST_ASKED_FOR_MS = 300_000;

export class BackOff {
  readonly #options: BackOffOptions;
  #failures = 0;
  #end: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic: when the wait that is going on is over. */
  #until = 0;
  #keepsAlive = false;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  /** The next failure is a first one. */
  reset(): void {
    this.#failures = 0;
  }

  /** Resolves when it is time to try again. `retryAfter` is the header of that name. */
  async wait(retryAfter: string | undefined): Promise<void> {
    const { minBackoffMs, maxBackoffMs } = this.#options;
    const longest = Math.min(maxBackoffMs, minBackoffMs * 2 ** this.#failures++);
    // Those who failed at the same moment must not all come back at the same one.
    const ms = Math.max(longest * (0.5 + Math.random() / 2), this.#askedFor(retryAfter));
    this.#until = this.#options.clock.monotonic() + ms / 1000;
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      this.#timer = setTimeout(resolve, ms);
      if (!this.#keepsAlive) this.#timer.unref();
    });
    clearTimeout(this.#timer);
    this.#end = undefined;
  }

  /** Ends a wait that is over by the clock, though its timer has not come: timers stand still while a machine sleeps. Answers whether it is over. */
  lookAtClock(): boolean {
    const isOver = this.#options.clock.monotonic() >= this.#until;
    if (isOver) this.#end?.();
    return isOver;
  }

  /** Ends a wait that is going on. */
  retryNow(): void {
    this.#end?.();
  }

  /** From now on waiting keeps the process alive: somebody waits for the outcome. */
  keepAlive(): void {
    this.#keepsAlive = true;
    this.#timer?.ref();
  }

  /** Seconds or a date, as in RFC 9110, section 10.2.3; 0 for anything else. */
  #askedFor(retryAfter: string | undefined): number {
    if (retryAfter === undefined) return 0;
    const ms = /^\d+$/.test(retryAfter)
      ? Number(retryAfter) * 1000
      : new Date(retryAfter).getTime() - this.#options.clock.now();
    return ms > 0 ? Math.min(ms, MOST_ASKED_FOR_MS) : 0;
  }
}
