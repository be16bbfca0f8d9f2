// The combinator of functions over ranges. A function is a computation that is told of each series and asked at each of
// its windows; everything else that they have in common is here: the arguments, the result, and the names that go.

import type { Evaluation, RangeVisitor } from '../evaluation/evaluation.js';
import type { Call, Expression, Position } from '../language/expression.js';
import { withoutName } from '../values/label-sets.js';
import type { RangeSeries, RangeWindow, Windows } from '../values/range-window.js';
import { type Emit, SeriesBuilder } from '../values/step-series.js';
import { withoutParentheses } from './arguments.js';
import type { VectorFunction } from './function.js';
import { RangeNotes } from './range-notes.js';

/** Lives as long as a call, and may keep memory from window to window. */
export interface RangeComputation {
  /** Windows of another series are next; its windows move forward only. */
  begin?(series: RangeSeries): void;
  /** As `visit` for all windows of a series that has no histograms, by a loop of its own; answers the most samples in one. */
  visitAll?(series: RangeSeries, windows: Windows, result: SeriesBuilder): number;
  /** Puts into the step of the window what comes of it, if anything. */
  visit(window: RangeWindow, result: SeriesBuilder): void;
  /** Its windows have been seen; there was a result in at least one. */
  end?(series: RangeSeries): void;
}

export interface RangeContext {
  readonly evaluation: Evaluation;
  /** The arguments beside the range, by step. */
  readonly scalars: readonly Float64Array[];
  readonly notes: RangeNotes;
  /** Of the first argument. */
  readonly position: Position;
}

interface RangeFunctionOptions {
  /** For the one function whose result is still a sample of the metric. */
  readonly keepsNames?: true;
}

export function rangeFunction(
  prepare: (context: RangeContext) => RangeComputation,
  options: RangeFunctionOptions = {},
): VectorFunction {
  return async (call, evaluation, emit) => {
    const at = call.signature.args.indexOf('matrix');
    const computation = prepare(await contextOf(call, evaluation, at));
    const labelled = options.keepsNames ? emit : withoutNames(emit);
    const visitor = new ComputingVisitor(computation, evaluation.steps.count, labelled);
    await evaluation.range(call.args[at] as Expression, visitor);
  };
}

async function contextOf(call: Call, evaluation: Evaluation, rangeAt: number): Promise<RangeContext> {
  const scalars: Float64Array[] = [];
  for (const [i, arg] of call.args.entries()) if (i !== rangeAt) scalars.push(await evaluation.scalar(arg));
  const position = positionOf(withoutParentheses(call.args[0] as Expression));
  return { evaluation, scalars, notes: new RangeNotes(evaluation.annotations, position), position };
}

/**
 * Where Prometheus places what it has to say: at the first argument, even where the range is the second, and at the beginning
 * of the query where it is a subquery, which has been replaced by its samples by then.
 */
function positionOf({ kind, position }: Expression): Position {
  return kind === 'subquery' ? { start: 0, end: 0 } : position;
}

class ComputingVisitor implements RangeVisitor {
  readonly #computation: RangeComputation;
  readonly #steps: number;
  readonly #emit: Emit;
  #result: SeriesBuilder;

  constructor(computation: RangeComputation, steps: number, emit: Emit) {
    this.#computation = computation;
    this.#steps = steps;
    this.#emit = emit;
    this.#result = new SeriesBuilder(0);
  }

  begin({ series }: RangeWindow): void {
    this.#result = new SeriesBuilder(this.#steps);
    this.#computation.begin?.(series);
  }

  visitAll({ series }: RangeWindow, windows: Windows): number | undefined {
    if (series.histograms !== undefined) return undefined;
    return this.#computation.visitAll?.(series, windows, this.#result);
  }

  visit(window: RangeWindow): void {
    this.#computation.visit(window, this.#result);
  }

  end({ series }: RangeWindow): void {
    if (this.#result.isEmpty) return;
    this.#computation.end?.(series);
    this.#emit(this.#result.withLabels(series.labels));
  }
}

function withoutNames(emit: Emit): Emit {
  return (series) => emit({ ...series, labels: withoutName(series.labels) });
}
