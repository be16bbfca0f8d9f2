// Since when each resource is in use. A pool that never gets one back must not be held in memory by that.
import type { Clock } from '../../clock.js';
import type { PoolMetrics } from './pool-metrics.js';

export class Uses {
  readonly #since = new WeakMap<object, number>();
  readonly #metrics: PoolMetrics;
  readonly #clock: Clock;

  constructor(metrics: PoolMetrics, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  begun(resource: unknown): void {
    if (isObject(resource)) this.#since.set(resource, this.#clock.monotonic());
  }

  /** Counts a use that ends. A resource that is given back twice was used once. */
  ended(resource: unknown): void {
    if (!isObject(resource)) return;
    const since = this.#since.get(resource);
    if (since === undefined) return;
    this.#since.delete(resource);
    this.#metrics.used.observe(this.#clock.monotonic() - since);
  }

  /** Times an acquisition; the answer is taken once it is known. */
  acquiring(): { got(resource: unknown): void; failed(error: unknown): void } {
    const begun = this.#clock.monotonic();
    const waited = () => this.#metrics.acquired.observe(this.#clock.monotonic() - begun);
    return {
      got: (resource) => {
        waited();
        this.begun(resource);
      },
      failed: (error) => {
        waited();
        this.#metrics.refused(error);
      },
    };
  }
}

/** What can be remembered without being held in memory. */
function isObject(resource: unknown): resource is object {
  return typeof resource === 'object' && resource !== null;
}
