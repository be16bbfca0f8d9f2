// Prometheus evaluates step by step and fails at the first step at which something is wrong. Here whole series are combined one
// after the other, so failures are noted, and the one of the first step is thrown in the end.
import { QueryFailure } from '../evaluation/query-failure.js';

export class EarliestFailure {
  #step = Number.POSITIVE_INFINITY;
  #problem = '';

  /** Of two at one step, the first that was noted counts. */
  note(step: number, problem: string): void {
    if (step >= this.#step) return;
    this.#step = step;
    this.#problem = problem;
  }

  throwIfAny(): void {
    if (this.#problem !== '') throw new QueryFailure({ kind: 'evaluation_failed', problem: this.#problem });
  }
}
