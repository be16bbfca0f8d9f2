// Lays an expression out over lines, as Prometheus' `format_query` does: what is longer than a line is broken up, its parts
// below it and indented, and each part again only if it is too long itself.
import type { Aggregation, BinaryExpression, Expression } from './expression.js';
import { printAggregationHead, printExpression, printOperator, printSubqueryTail } from './print-expression.js';

const LONGEST_LINE_BYTES = 100;

/**
 * @example
 * parseExpression('up+1').map(prettyExpression); // Ok('up + 1')
 */
export function prettyExpression(expression: Expression): string {
  return pretty(expression, 0);
}

/** @param level - How far the first line is indented; 0 where it goes on in a line that has begun. */
function pretty(expression: Expression, level: number): string {
  const line = printExpression(expression);
  // Prometheus indents subqueries only where it breaks them up.
  if (fits(line)) return expression.kind === 'subquery' ? line : indented(line, level);
  switch (expression.kind) {
    case 'aggregation':
      return prettyAggregation(expression, level);
    case 'binary':
      return prettyBinary(expression, level);
    case 'call':
      return enclosed(expression.name, expression.args, level);
    case 'parentheses':
      return enclosed('', [expression.expression], level);
    case 'subquery':
      return `${pretty(expression.expression, level)}${printSubqueryTail(expression)}`;
    case 'unary':
      return indented(`${expression.operator}${pretty(expression.expression, level).trim()}`, level);
    default:
      return indented(line, level);
  }
}

function prettyAggregation(aggregation: Aggregation, level: number): string {
  const { parameter, expression } = aggregation;
  const args = parameter === undefined ? [expression] : [parameter, expression];
  return enclosed(printAggregationHead(aggregation), args, level);
}

function prettyBinary(binary: BinaryExpression, level: number): string {
  const operator = indented(printOperator(binary), level);
  return `${pretty(binary.left, level + 1)}\n${operator}\n${pretty(binary.right, level + 1)}`;
}

function enclosed(head: string, args: readonly Expression[], level: number): string {
  const inner = args.map((arg) => pretty(arg, level + 1)).join(',\n');
  return `${indented(`${head}(`, level)}\n${inner}\n${indented(')', level)}`;
}

function indented(text: string, level: number): string {
  return '  '.repeat(level) + text;
}

function fits(line: string): boolean {
  return line.length <= LONGEST_LINE_BYTES && new TextEncoder().encode(line).length <= LONGEST_LINE_BYTES;
}
