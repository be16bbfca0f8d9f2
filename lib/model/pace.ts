// Keeps long work from holding the event loop: whoever encodes, decodes or copies many series asks here when it is time to let
// others have a turn. A part of the model because every storage walks families and none may know another.
import { turns } from './turns.js';

/** How long to work before others get a turn, where nothing else is said. */
const BUDGET_MS = 1.5;
/** Reading the clock costs as much as storing a sample: it is read once in so many steps, a few dozen µs of warm code. */
const STEPS_PER_READING = 2000;

/** Work is counted in steps of roughly 20 ns. The real time is read, because real work is what has to be interrupted. */
export class Pace {
  #steps = 0;
  #startedAt = performance.now();
  #isDue = false;
  readonly #budgetMs: number;

  constructor(budgetMs = BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  /** Whether it was time for a pause when the clock was last read. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Reads the clock when there were enough steps. */
  count(steps: number): void {
    this.#steps += steps;
    if (this.#steps < STEPS_PER_READING) return;
    this.#steps = 0;
    this.look();
  }

  /** Reads the clock now (30 ns), for work in portions of a few dozen µs. Answers whether it is time for a pause. */
  look(): boolean {
    this.#isDue = performance.now() - this.#startedAt > this.#budgetMs;
    return this.#isDue;
  }

  /** Lets all others have their turn: the program, and whoever else works at a pace. */
  async pause(): Promise<void> {
    await turns.next();
    this.resume();
  }

  /** Starts a new turn, for work that waited for something else and so has already let others have theirs. */
  resume(): void {
    this.#startedAt = performance.now();
    this.#isDue = false;
  }
}
