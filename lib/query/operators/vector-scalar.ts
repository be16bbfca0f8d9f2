// An operator between a vector and a scalar: every series alone, nothing has to be found.

import type { Evaluation } from '../evaluation/evaluation.js';
import { vectorWithoutNames } from '../evaluation/without-names.js';
import type { BinaryExpression } from '../language/expression.js';
import { dropsName } from '../language/one-name.js';
import { type Emit, NUMBER, type StepSeries } from '../values/step-series.js';
import { combined } from './combine.js';
import { operationOf } from './operation.js';

export interface ScalarSide {
  readonly isLeft: boolean;
  readonly values: Float64Array;
}

export async function vectorAndScalar(
  expression: BinaryExpression,
  { isLeft, values }: ScalarSide,
  { evaluation, emit }: { readonly evaluation: Evaluation; readonly emit: Emit },
): Promise<void> {
  const operation = operationOf(expression, values.length, isLeft);
  const scalar: StepSeries = { labels: {}, kinds: new Uint8Array(values.length).fill(NUMBER), values };
  const change = (series: StepSeries): StepSeries | undefined => {
    if (!isLeft) return combined(operation, series, scalar);
    const result = combined(operation, scalar, series);
    return result === undefined ? undefined : { ...result, labels: series.labels };
  };
  const vector = isLeft ? expression.right : expression.left;
  if (dropsName(expression.operator) || expression.returnsBool) {
    await vectorWithoutNames({ expression: vector, evaluation, emit }, change);
  } else {
    await evaluation.vector(vector, (series) => {
      const result = change(series);
      if (result !== undefined) emit(result);
    });
  }
  operation.problems.report(evaluation.annotations);
}
