// The same expression with every selector fixed at one moment by `@`: asked at any other time, it must answer the same.
import type { Expression, VectorSelector } from '../../../lib/query/language/expression.js';

/** Their answers vary with the time of the question even where their arguments do not. */
const VARYING = new Set(
  'days_in_month day_of_month day_of_week day_of_year hour minute month year predict_linear time timestamp'.split(' '),
);

/** Undefined where fixing the selectors does not fix the answer. */
export function fixedAt(expression: Expression, atMs: number): Expression | undefined {
  try {
    return fixed(expression, atMs);
  } catch (thrown) {
    if (thrown === varies) return undefined;
    throw thrown;
  }
}

const varies = new Error('varies');

function fixed(expression: Expression, atMs: number): Expression {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return expression;
    case 'selector':
      return fixedSelector(expression, atMs);
    case 'range':
      return { ...expression, selector: fixedSelector(expression.selector, atMs) };
    case 'subquery':
      // What is inside is asked at the times of the subquery.
      return { ...expression, at: expression.at ?? atMs, expression: fixedInside(expression, atMs) };
    case 'call':
      if (VARYING.has(expression.name)) throw varies;
      return { ...expression, args: expression.args.map((arg) => fixed(arg, atMs)) };
    case 'aggregation':
      return {
        ...expression,
        expression: fixed(expression.expression, atMs),
        ...(expression.parameter === undefined ? {} : { parameter: fixed(expression.parameter, atMs) }),
      };
    case 'binary':
      return { ...expression, left: fixed(expression.left, atMs), right: fixed(expression.right, atMs) };
    case 'unary':
    case 'parentheses':
      return { ...expression, expression: fixed(expression.expression, atMs) };
  }
}

function fixedInside({ expression }: Extract<Expression, { kind: 'subquery' }>, atMs: number): Expression {
  fixed(expression, atMs);
  return expression;
}

function fixedSelector(selector: VectorSelector, atMs: number): VectorSelector {
  return { ...selector, at: selector.at ?? atMs };
}
