// Keeps long work from holding the event loop: whoever encodes, decodes or copies counts its steps here and pauses when
// it is time.
import { setImmediate } from 'node:timers/promises';

/** How long to work before others get a turn. */
const BUDGET_MS = 1.5;
/** Steps are roughly 20 ns each; the clock is read once in so many of them. */
const STEPS_PER_READING = 2000;

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
    this.resume();
  }

  /** Starts a new turn, for work that waited for something else and so has already let others have theirs. */
  resume(): void {
    this.#startedAt = performance.now();
    this.#isDue = false;
  }
}
