// Keeps the encoding of a snapshot from holding the event loop.
import { setImmediate } from 'node:timers/promises';

/** How long to work before others get a turn. */
const BUDGET_MS = 1.5;

export class Pace {
  #startedAt = performance.now();

  /** Gives up the thread if it is time to. Reading the clock costs 30 ns: ask every few dozen microseconds. */
  async yield(): Promise<void> {
    if (!this.isDue) return;
    await setImmediate();
    this.#startedAt = performance.now();
  }

  get isDue(): boolean {
    return performance.now() - this.#startedAt > BUDGET_MS;
  }
}
