// Writes an expression on one line, as Prometheus prints it: what it prints reads as the same expression again.
import { isLabelName, isMetricName } from '../../model/names.js';
import type { LabelMatcher } from '../../model/storage.js';
import { formatDuration } from './durations.js';
import {
  type Aggregation,
  type At,
  type BinaryExpression,
  type Expression,
  type MatrixSelector,
  operandsOf,
  type Subquery,
  type VectorSelector,
} from './expression.js';
import { formatNumber } from './numbers.js';
import { quote } from './strings.js';

/**
 * @example
 * parseExpression('sum( up )by(job)').map(printExpression); // Ok('sum by (job) (up)')
 */
export function printExpression(expression: Expression): string {
  return printNode(expression, printExpression);
}

/** Prints an expression whose operands are printed by `print`. */
export function printNode(expression: Expression, print: (operand: Expression) => string): string {
  switch (expression.kind) {
    case 'number':
      return expression.isDuration ? signedDuration(expression.value * 1000) : formatNumber(expression.value);
    case 'string':
      return quote(expression.value);
    case 'selector':
      return `${printSelector(expression)}${printShift(expression)}`;
    case 'range':
      return printRange(expression);
    case 'subquery':
      return `${print(expression.expression)}${printSubqueryTail(expression)}`;
    case 'call':
      return `${expression.name}(${expression.args.map(print).join(', ')})`;
    case 'aggregation':
      return `${printAggregationHead(expression)}(${operandsOf(expression).map(print).join(', ')})`;
    case 'binary':
      return `${print(expression.left)} ${printOperator(expression)} ${print(expression.right)}`;
    case 'unary':
      return `${expression.operator}${print(expression.expression)}`;
    case 'parentheses':
      return `(${print(expression.expression)})`;
  }
}

/** The operator with everything that stands between the operands. */
export function printOperator({ operator, returnsBool, matching }: BinaryExpression): string {
  const parts: string[] = [operator];
  if (returnsBool) parts.push('bool');
  if (matching !== undefined) {
    const { cardinality, isOn, labels, include } = matching;
    const isGrouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
    if (isOn || labels.length > 0 || isGrouped) parts.push(isOn ? 'on' : 'ignoring', `(${printLabels(labels)})`);
    if (isGrouped)
      parts.push(cardinality === 'many-to-one' ? 'group_left' : 'group_right', `(${printLabels(include)})`);
  }
  return parts.join(' ');
}

/** The name of an aggregation and what it groups by, up to its parentheses. */
export function printAggregationHead({ operator, grouping, isWithout }: Aggregation): string {
  if (isWithout) return `${operator} without (${printLabels(grouping)}) `;
  return grouping.length === 0 ? operator : `${operator} by (${printLabels(grouping)}) `;
}

/** From the bracket on. */
export function printSubqueryTail(subquery: Subquery): string {
  const { rangeMs, stepMs } = subquery;
  const step = stepMs === undefined ? '' : formatDuration(stepMs);
  return `[${formatDuration(rangeMs)}:${step}]${printShift(subquery)}`;
}

function printRange({ selector, rangeMs }: MatrixSelector): string {
  return `${printSelector(selector)}[${formatDuration(rangeMs)}]${printShift(selector)}`;
}

function printSelector({ name = '', matchers }: VectorSelector): string {
  const others = matchers.filter(
    (matcher) => !(matcher.name === '__name__' && matcher.operator === '=' && matcher.value === name && name !== ''),
  );
  return others.length === 0 && name !== '' ? name : `${name}{${others.map(printMatcher).sort().join(',')}}`;
}

function printMatcher({ name, operator, value }: LabelMatcher): string {
  return `${isLabelName(name) ? name : quote(name)}${operator}${quote(value)}`;
}

function printLabels(labels: readonly string[]): string {
  return labels.map(printLabel).join(', ');
}

function printLabel(label: string): string {
  return isMetricName(label) ? label : quote(label);
}

function printShift({ offsetMs, at }: { readonly offsetMs: number; readonly at?: At }): string {
  const moment = typeof at === 'number' ? (at / 1000).toFixed(3) : `${at}()`;
  const offset = offsetMs === 0 ? '' : ` offset ${signedDuration(offsetMs)}`;
  return `${at === undefined ? '' : ` @ ${moment}`}${offset}`;
}

function signedDuration(ms: number): string {
  return ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms);
}
