// Whose turn it is. Long work shares the event loop with the program that it is a part of and with other such work: of all
// that wait, one goes on in each round of the loop, so that twenty queries and a scrape hold it no longer than one of them does.
import { setImmediate } from 'node:timers/promises';

class Turns {
  readonly #waiting: (() => void)[] = [];
  #isServing = false;

  /** Resolves when it is the caller's turn, in a later round of the event loop. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isServing) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    // What is set from within a round comes in the next one, after whatever else the program has to do.
    while (this.#waiting.length > 0) {
      await setImmediate();
      this.#waiting.shift()?.();
    }
    this.#isServing = false;
  }
}

/** One for the process, because there is one event loop. */
export const turns = new Turns();
