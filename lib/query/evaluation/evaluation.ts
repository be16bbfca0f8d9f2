// What functions, operators and aggregations may ask of the evaluation that they are a part of. An interface of its own, so
// that they and the evaluator need not know each other.
import type { Expression, VectorSelector } from '../language/expression.js';
import type { RangeWindow, Windows } from '../values/range-window.js';
import type { Emit } from '../values/step-series.js';
import type { Steps } from '../values/steps.js';
import type { Annotations } from './annotations.js';

export interface Evaluation {
  readonly steps: Steps;
  readonly annotations: Annotations;

  /**
   * Evaluates an expression of type vector, and hands over its series one by one, no two of them with the same labels. Those
   * who make vectors need not see to that: the evaluator joins series with equal labels, and refuses them where they meet.
   */
  vector(expression: Expression, emit: Emit): Promise<void>;

  /** As `vector`, but the values are the times of the samples that were selected, in seconds: what `timestamp` asks for. */
  sampleTimes(selector: VectorSelector, emit: Emit): Promise<void>;

  /** Evaluates an expression of type scalar: a value by step. */
  scalar(expression: Expression): Promise<Float64Array>;

  /**
   * Evaluates an expression of type matrix, one series after the other: `begin` is called with a window that stands nowhere yet
   * and answers what is called at every step at which the window has samples; `end`, when the series is through.
   */
  range(expression: Expression, visitor: RangeVisitor): Promise<void>;

  /** Counts samples that are kept in memory, and throws `limit_exceeded` when the query has had as many as it may. */
  countSamples(samples: number): void;

  /** For work after the last series that is long itself: call it every few thousand slots, it pauses when that is due. */
  pause(slots: number): Promise<void> | undefined;
}

export interface RangeVisitor {
  begin(window: RangeWindow): void;
  /**
   * Visits all windows of the series that was begun, where a loop of its own does that faster than a call at each. Only asked
   * where the series is short.
   *
   * @returns The most samples that there were in a window; undefined where it does nothing: then each is visited.
   */
  visitAll?(window: RangeWindow, windows: Windows): number | undefined;
  /** The window stands at `window.step`. */
  visit(window: RangeWindow): void;
  end(window: RangeWindow): void;
}
