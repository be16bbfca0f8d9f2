// The parameter of an aggregation, which is a scalar that may differ from step to step.
import type { Evaluation } from '../evaluation/evaluation.js';
import type { Aggregation, Expression } from '../language/expression.js';

/** What stands for the parameter, without parentheses around it: notes on it point there. */
export function parameterOf({ operator, parameter }: Aggregation): Expression {
  let inner = parameter;
  while (inner?.kind === 'parentheses') inner = inner.expression;
  if (inner === undefined) throw new Error(`${operator} without a parameter`);
  return inner;
}

export function parameterValues(aggregation: Aggregation, evaluation: Evaluation): Promise<Float64Array> {
  return evaluation.scalar(parameterOf(aggregation));
}

/** NaN where any of them is. */
export function greatest(values: Float64Array): number {
  let found = values[0] as number;
  for (const value of values) found = Math.max(found, value);
  return found;
}

export function least(values: Float64Array): number {
  let found = values[0] as number;
  for (const value of values) found = Math.min(found, value);
  return found;
}
