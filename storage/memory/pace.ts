// Keeps long work from holding the event loop.
import { setImmediate } from 'node:timers/promises';

/** How long to work before others get a turn. */
const BUDGET_MS = 1.5;
/** Reading the clock costs as much as storing a sample: it is read once in so many steps, a few dozen µs of warm code. */
const STEPS_PER_READING = 2000;

/** Work is counted in steps of roughly 20 ns. The real time is read, because real work is what has to be interrupted. */
export class Pace {
  #steps = 0;
  #startedAt = performance.now();
  #isDue = false;

  /** Whether it is time for a pause. */
  get isDue(): boolean {
    return this.#isDue;
  }

  count(steps: number): void {
    this.#steps += steps;
    if (this.#steps < STEPS_PER_READING) return;
    this.#steps = 0;
    this.#isDue = performance.now() - this.#startedAt > BUDGET_MS;
  }

  async pause(): Promise<void> {
    await setImmediate();
    this.#startedAt = performance.now();
    this.#isDue = false;
  }
}
