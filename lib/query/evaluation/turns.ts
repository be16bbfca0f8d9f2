// Whose turn it is. Queries share the event loop with the program that they are a part of and with each other: of all that
// wait, one goes on in each round of the loop, so that twenty queries hold it no longer than one does.

class Turns {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Resolves when it is the caller's turn, in a later round of the event loop. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#waiting.shift()?.();
      // An immediate that is set from within one comes in the next round, after whatever else the program has to do.
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}

/** One for the process, because there is one event loop, however many engines there are. */
export const turns = new Turns();
