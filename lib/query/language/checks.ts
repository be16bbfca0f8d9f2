// Whether the parts of an expression go together, as Prometheus checks it and in its words. Apart from the reader, which
// knows what stands where; these know types only.
import {
  type Aggregation,
  type BinaryExpression,
  type BinaryOperator,
  type Call,
  type Expression,
  typeOf,
  type UnaryExpression,
  type ValueType,
  type VectorMatching,
  type VectorSelector,
} from './expression.js';
import type { Reading } from './reading.js';
import { quote } from './strings.js';

type Complaints = Pick<Reading, 'complain'>;

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isSetOperator(operator: BinaryOperator): boolean {
  return SET_OPERATORS.has(operator);
}

/** Whether a selector with a name in front of its braces has another in them. */
export function checkName({ name, matchers, position }: VectorSelector, complaints: Complaints): void {
  const other = matchers.slice(0, -1).find((matcher) => matcher.name === '__name__');
  if (name === undefined || other === undefined) return;
  const names = `${quote(name)} or ${quote(other.value)}`;
  complaints.complain(position.start, `metric name must not be set twice: ${names}`);
}

export function checkCall({ name, signature, args, position }: Call, complaints: Complaints): void {
  const { args: types, optional } = signature;
  const least = types.length - (optional === 0 ? 0 : 1);
  const most = optional === -1 ? Number.POSITIVE_INFINITY : least + optional;
  const refuse = (bound: string, count: number) => {
    const call = `call to ${quote(name)}`;
    complaints.complain(position.start, `expected ${bound}${count} argument(s) in ${call}, got ${args.length}`);
  };
  if (args.length < least) refuse(optional === 0 ? '' : 'at least ', least);
  else if (args.length > most) refuse(optional === 0 ? '' : 'at most ', most);
  for (const [i, arg] of args.entries()) {
    if (i >= types.length && optional === 0) break;
    const wanted = types[Math.min(i, types.length - 1)] as ValueType;
    expectType(arg, { wanted, context: `call to function ${quote(name)}` }, complaints);
  }
}

export function checkAggregation({ operator, expression, parameter }: Aggregation, complaints: Complaints): void {
  expectType(expression, { wanted: 'vector', context: 'aggregation expression' }, complaints);
  if (parameter === undefined) return;
  const wanted = operator === 'count_values' ? 'string' : 'scalar';
  expectType(parameter, { wanted, context: 'aggregation parameter' }, complaints);
}

export function checkUnary({ expression, position }: UnaryExpression, complaints: Complaints): void {
  const type = typeOf(expression);
  if (isOperandType(type)) return;
  const only = 'unary expression only allowed on expressions of type scalar or instant vector';
  complaints.complain(position.start, `${only}, got ${quote(TYPE_NAMES[type])}`);
}

export function checkSubquery(expression: Expression, complaints: Complaints): void {
  const type = typeOf(expression);
  if (type === 'vector') return;
  complaints.complain(expression.position.start, `subquery is only allowed on instant vector, got ${type} instead`);
}

/** @param operatorStart - Where the operator stands, which some problems are about. */
export function checkBinary(
  binary: BinaryExpression & { readonly matching: VectorMatching },
  operatorStart: number,
  complaints: Complaints,
): void {
  const { operator, left, right, returnsBool, matching, position } = binary;
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  const isComparison = COMPARISONS.has(operator);
  if (returnsBool && !isComparison) {
    complaints.complain(operatorStart, 'bool modifier can only be used on comparison operators');
  }
  if (isComparison && !returnsBool && leftType === 'scalar' && rightType === 'scalar') {
    complaints.complain(operatorStart, 'comparisons between scalars must use BOOL modifier');
  }
  const shared = matching.isOn ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (shared !== undefined) {
    complaints.complain(operatorStart, `label ${quote(shared)} must not occur in ON and GROUP clause at once`);
  }
  for (const operand of [left, right]) {
    if (isOperandType(typeOf(operand))) continue;
    const problem = 'binary expression must contain only scalar and instant vector types';
    complaints.complain(operand.position.start, problem);
  }
  const areVectors = leftType === 'vector' && rightType === 'vector';
  if (!areVectors && matching.labels.length > 0) {
    complaints.complain(position.start, 'vector matching only allowed between instant vectors');
  }
  if (isSetOperator(operator)) checkSetOperator(binary, areVectors, complaints);
}

function checkSetOperator(
  { operator, left, right, matching, position }: BinaryExpression & { readonly matching: VectorMatching },
  areVectors: boolean,
  complaints: Complaints,
): void {
  if (areVectors && matching.cardinality !== 'many-to-many') {
    complaints.complain(position.start, `no grouping allowed for ${quote(operator)} operation`);
  }
  if (typeOf(left) === 'scalar' || typeOf(right) === 'scalar') {
    const problem = `set operator ${quote(operator)} not allowed in binary scalar expression`;
    complaints.complain(position.start, problem);
  }
}

function expectType(
  expression: Expression,
  { wanted, context }: { readonly wanted: ValueType; readonly context: string },
  complaints: Complaints,
): void {
  const type = typeOf(expression);
  if (type === wanted) return;
  const problem = `expected type ${TYPE_NAMES[wanted]} in ${context}, got ${TYPE_NAMES[type]}`;
  complaints.complain(expression.position.start, problem);
}

function isOperandType(type: ValueType): boolean {
  return type === 'scalar' || type === 'vector';
}
