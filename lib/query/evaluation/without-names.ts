// Changing every series of a vector and dropping its metric's name, as most of what PromQL does with vectors ends. When the
// names differ, what is left may be alike: then the series are kept until it is known, and brought together or refused.

import type { Expression } from '../language/expression.js';
import { hasOneName } from '../language/one-name.js';
import { withoutName } from '../values/label-sets.js';
import { SeriesMerger } from '../values/series-merger.js';
import type { Emit, StepSeries } from '../values/step-series.js';
import type { Evaluation } from './evaluation.js';
import { QueryFailure } from './query-failure.js';

export interface Renamed {
  readonly expression: Expression;
  readonly evaluation: Evaluation;
  readonly emit: Emit;
  /** Series may not be alike even where they have their samples at different steps. */
  readonly isStrict?: boolean;
}

/**
 * Evaluates the expression and hands over what `change` makes of its series, without their names; undefined leaves one out.
 * Series that are then alike fail the query where they have samples at the same step.
 *
 * Cost: nothing is kept where the expression says that there is one name only, as `up * 2` does.
 */
export async function vectorWithoutNames(
  { expression, evaluation, emit, isStrict = false }: Renamed,
  change: (series: StepSeries) => StepSeries | undefined,
): Promise<void> {
  if (hasOneName(expression)) {
    await evaluation.vector(expression, (series) => {
      const changed = change(series);
      if (changed !== undefined) emit(nameless(changed));
    });
    return;
  }
  const merger = new SeriesMerger();
  await evaluation.vector(expression, (series) => {
    const changed = change(series);
    if (changed === undefined) return;
    const added = nameless(changed);
    if ((isStrict && merger.has(added.labels)) || merger.add(added) >= 0) throw sameLabels();
  });
  await emitAll(merger.values(), evaluation, emit);
}

/** Hands over series that were kept, with pauses. */
export async function emitAll(series: Iterable<StepSeries>, evaluation: Evaluation, emit: Emit): Promise<void> {
  for (const one of series) {
    emit(one);
    const pause = evaluation.pause(evaluation.steps.count);
    if (pause !== undefined) await pause;
  }
}

/** Two series of a vector have the same labels. */
export function sameLabels(): QueryFailure {
  return new QueryFailure({
    kind: 'evaluation_failed',
    problem: 'vector cannot contain metrics with the same labelset',
  });
}

function nameless(series: StepSeries): StepSeries {
  const labels = withoutName(series.labels);
  return labels === series.labels ? series : { ...series, labels };
}
