// Arithmetic and comparisons on columns of numbers. There is a loop for every operator, so that none chooses one, and none
// calls a function, for every number: a range query over many series spends its time here.
import type { ArithmeticOperator, BinaryOperator, ComparisonOperator } from '../language/expression.js';
import { newValues } from '../values/step-arrays.js';

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return /^(?:[=!<>]=|[<>])$/.test(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is 'and' | 'or' | 'unless' {
  return operator === 'and' || operator === 'or' || operator === 'unless';
}

/** An operator between two scalars; comparisons answer 1 or 0. */
export function binaryScalars(operator: BinaryOperator, left: Float64Array, right: Float64Array): Float64Array {
  if (isSetOperator(operator)) throw new Error(`set operator ${operator} between scalars`);
  return isComparison(operator) ? new Float64Array(compared(operator, left, right)) : computed(operator, left, right);
}

/** A minus in front of a scalar. */
export function negatedScalar(values: Float64Array): Float64Array {
  const negated = newValues(values.length);
  for (let i = 0; i < negated.length; i++) negated[i] = -(values[i] as number);
  return negated;
}

/** Cost: 1 to 2 ns by number; `%`, `^` and `atan2` some 10 ns and more. */
export function computed(operator: ArithmeticOperator, left: Float64Array, right: Float64Array): Float64Array {
  const count = left.length;
  const result = newValues(count);
  switch (operator) {
    case '+':
      for (let i = 0; i < count; i++) result[i] = (left[i] as number) + (right[i] as number);
      return result;
    case '-':
      for (let i = 0; i < count; i++) result[i] = (left[i] as number) - (right[i] as number);
      return result;
    case '*':
      for (let i = 0; i < count; i++) result[i] = (left[i] as number) * (right[i] as number);
      return result;
    case '/':
      for (let i = 0; i < count; i++) result[i] = (left[i] as number) / (right[i] as number);
      return result;
    case '%':
      for (let i = 0; i < count; i++) result[i] = (left[i] as number) % (right[i] as number);
      return result;
    case '^':
      for (let i = 0; i < count; i++) result[i] = power(left[i] as number, right[i] as number);
      return result;
    case 'atan2':
      for (let i = 0; i < count; i++) result[i] = Math.atan2(left[i] as number, right[i] as number);
      return result;
  }
}

/** 1 where the comparison holds, 0 where it does not. */
export function compared(operator: ComparisonOperator, left: Float64Array, right: Float64Array): Uint8Array {
  const count = left.length;
  const holds = new Uint8Array(count);
  switch (operator) {
    case '==':
      for (let i = 0; i < count; i++) holds[i] = left[i] === right[i] ? 1 : 0;
      return holds;
    case '!=':
      for (let i = 0; i < count; i++) holds[i] = left[i] !== right[i] ? 1 : 0;
      return holds;
    case '>':
      for (let i = 0; i < count; i++) holds[i] = (left[i] as number) > (right[i] as number) ? 1 : 0;
      return holds;
    case '<':
      for (let i = 0; i < count; i++) holds[i] = (left[i] as number) < (right[i] as number) ? 1 : 0;
      return holds;
    case '>=':
      for (let i = 0; i < count; i++) holds[i] = (left[i] as number) >= (right[i] as number) ? 1 : 0;
      return holds;
    case '<=':
      for (let i = 0; i < count; i++) holds[i] = (left[i] as number) <= (right[i] as number) ? 1 : 0;
      return holds;
  }
}

/** As IEEE 754 and Prometheus have it: 1 to the power of anything is 1, and so is -1 to the power of an infinity. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && (exponent === Number.POSITIVE_INFINITY || exponent === Number.NEGATIVE_INFINITY)) return 1;
  return base ** exponent;
}
