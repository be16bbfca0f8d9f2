// Shows how an expression is grouped: in parentheses around every operator, whether they were written or not.
import { type Expression, operandsOf } from '../../../lib/query/language/expression.js';
import { printExpression, printNode } from '../../../lib/query/language/print-expression.js';

export function grouped(expression: Expression): string {
  if (expression.kind === 'parentheses') return grouped(expression.expression);
  if (operandsOf(expression).length === 0) return printExpression(expression);
  const text = printNode(expression, grouped);
  return expression.kind === 'binary' || expression.kind === 'unary' ? `(${text})` : text;
}
