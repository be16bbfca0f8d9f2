// Leaves a target alone that keeps failing: a service that cannot reach its gateway should not wait for it again and again,
// and the gateway should not be greeted by everybody's retries when it comes back.
import type { Clock } from '../../lib/clock.js';
import type { CircuitState } from '../../lib/model/storage.js';

export interface BreakerOptions {
  readonly clock: Clock;
  /** Failures in a row that open the circuit. Default 5. */
  readonly failures?: number;
  /** For how long it stays open the first time; twice as long after each attempt that fails, up to the longest. Default 10. */
  readonly openSeconds?: number;
  /** Default 300. */
  readonly longestOpenSeconds?: number;
}

/**
 * Closed: everything goes through. Open: nothing does, for a while. Half open: one attempt decides between the two.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #mostFailures: number;
  readonly #firstOpenSeconds: number;
  readonly #longestOpenSeconds: number;
  #failures = 0;
  #openSeconds: number;
  /** Monotonic; undefined while closed. */
  #openUntil: number | undefined;
  #trying = false;

  constructor({ clock, failures = 5, openSeconds = 10, longestOpenSeconds = 300 }: BreakerOptions) {
    this.#clock = clock;
    this.#mostFailures = failures;
    this.#firstOpenSeconds = openSeconds;
    this.#longestOpenSeconds = longestOpenSeconds;
    this.#openSeconds = openSeconds;
  }

  get state(): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return this.secondsUntilRetry > 0 ? 'open' : 'half_open';
  }

  /** 0 when an attempt may be made. */
  get secondsUntilRetry(): number {
    return Math.max(0, (this.#openUntil ?? 0) - this.#clock.monotonic());
  }

  /** Whether an attempt may be made now; whoever is told so has to say how it ended. */
  admits(): boolean {
    const { state } = this;
    if (state === 'closed') return true;
    if (state === 'open' || this.#trying) return false;
    this.#trying = true;
    return true;
  }

  succeeded(): void {
    this.#trying = false;
    this.#failures = 0;
    this.#openUntil = undefined;
    this.#openSeconds = this.#firstOpenSeconds;
  }

  failed(): void {
    this.#failures++;
    const wasTrying = this.#trying;
    this.#trying = false;
    if (wasTrying) this.#openSeconds = Math.min(this.#longestOpenSeconds, this.#openSeconds * 2);
    if (wasTrying || this.#failures >= this.#mostFailures)
      this.#openUntil = this.#clock.monotonic() + this.#openSeconds;
  }

  /** Lets the next attempt through, as if the wait were over. */
  retryNow(): void {
    if (this.#openUntil !== undefined) this.#openUntil = this.#clock.monotonic();
  }
}
