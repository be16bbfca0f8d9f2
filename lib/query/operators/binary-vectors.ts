// All operators of which a vector is at one side at least.
import type { Evaluation } from '../evaluation/evaluation.js';
import { type BinaryExpression, typeOf, type VectorMatching } from '../language/expression.js';
import type { Emit } from '../values/step-series.js';
import { isSetOperator } from './arithmetic.js';
import { matchVectors } from './match-vectors.js';
import { setOperation } from './set-operators.js';
import { Signature } from './signature.js';
import { vectorAndScalar } from './vector-scalar.js';

const ALL_LABELS: VectorMatching = { cardinality: 'one-to-one', isOn: false, labels: [], include: [] };

export async function binaryVectors(expression: BinaryExpression, evaluation: Evaluation, emit: Emit): Promise<void> {
  const { operator, left, right, matching = ALL_LABELS } = expression;
  const isLeft = typeOf(left) === 'scalar';
  if (isLeft || typeOf(right) === 'scalar') {
    const values = await evaluation.scalar(isLeft ? left : right);
    return vectorAndScalar(expression, { isLeft, values }, { evaluation, emit });
  }
  const signature = new Signature(matching);
  if (isSetOperator(operator)) return setOperation(expression, signature, { evaluation, emit });
  return matchVectors({ expression, matching, signature }, evaluation, emit);
}
