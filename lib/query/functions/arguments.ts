// How functions read arguments that they do not evaluate: through any parentheses, which mean nothing around an argument.
import type { Expression } from '../language/expression.js';

export function withoutParentheses(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'parentheses') inner = inner.expression;
  return inner;
}

/** An argument that the types let be a string only, and strings are always literals. */
export function textOf(expression: Expression | undefined): string {
  const inner = expression && withoutParentheses(expression);
  return inner?.kind === 'string' ? inner.value : '';
}
