// When a group is evaluated: at multiples of its interval, counted from the epoch, so that a restart keeps the distances. What
// was missed, because the process slept or the evaluation was slow, is counted and not made up for.
import type { GroupEvaluation, GroupOutcome } from './group-evaluation.js';

export class GroupTurns {
  readonly evaluation: GroupEvaluation;
  /** Evaluations that were due and did not happen. */
  missed = 0;
  /** How many there were. */
  count = 0;
  #lastTurnMs: number;
  #running: Promise<unknown> | undefined;

  /** The first turn is the one after `nowMs`. */
  constructor(evaluation: GroupEvaluation, nowMs: number) {
    this.evaluation = evaluation;
    this.#lastTurnMs = turnAt(nowMs, evaluation.intervalMs);
  }

  nextTurnMs(nowMs: number): number {
    return turnAt(nowMs, this.evaluation.intervalMs) + this.evaluation.intervalMs;
  }

  /** Evaluates the group if its turn has come; answers what that gave. */
  async take(nowMs: number): Promise<GroupOutcome | undefined> {
    const { intervalMs } = this.evaluation;
    const turnMs = turnAt(nowMs, intervalMs);
    // A clock that was set back by more than a turn starts anew; a smaller step is waited for.
    const wasSetBack = this.#lastTurnMs - turnMs > intervalMs;
    if (this.#running !== undefined || (turnMs <= this.#lastTurnMs && !wasSetBack)) return undefined;
    if (!wasSetBack) this.missed += Math.round((turnMs - this.#lastTurnMs) / intervalMs) - 1;
    this.#lastTurnMs = turnMs;
    const running = this.evaluation.evaluate(turnMs);
    this.#running = running;
    try {
      return await running;
    } finally {
      this.count++;
      this.#running = undefined;
    }
  }

  /** Goes on where another one of the same group was. */
  adopt(before: GroupTurns): void {
    this.missed = before.missed;
    this.count = before.count;
    if (before.evaluation.intervalMs === this.evaluation.intervalMs) this.#lastTurnMs = before.#lastTurnMs;
  }

  /** Resolves when nothing runs. Never rejects. */
  async idle(): Promise<void> {
    await this.#running;
  }
}

function turnAt(nowMs: number, intervalMs: number): number {
  return Math.floor(nowMs / intervalMs) * intervalMs;
}
