// Random choices that come out the same for the same seed (the generator is Mulberry32).

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to before 1. */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From 0 to before `end`. */
  integer(end: number): number {
    return Math.floor(this.number() * end);
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.integer(choices.length)] as T;
  }

  chance(probability: number): boolean {
    return this.number() < probability;
  }
}
