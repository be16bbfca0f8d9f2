// An operator that works on samples, which is every one but the set operators, with what is needed to apply it.
import type { ArithmeticOperator, BinaryExpression, ComparisonOperator } from '../language/expression.js';
import { isSetOperator } from './arithmetic.js';
import { SampleProblems } from './sample-problems.js';

export interface Operation {
  readonly operator: ArithmeticOperator | ComparisonOperator;
  readonly returnsBool: boolean;
  /** Whose samples a comparison lets through: the left one's, but those of the vector where the left side is a scalar. */
  readonly keepsRight: boolean;
  readonly problems: SampleProblems;
}

export function operationOf(expression: BinaryExpression, steps: number, keepsRight = false): Operation {
  const { operator, returnsBool } = expression;
  if (isSetOperator(operator)) throw new Error(`set operator ${operator} between samples`);
  return { operator, returnsBool, keepsRight, problems: new SampleProblems(expression, steps) };
}
