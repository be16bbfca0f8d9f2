// Which parts of a query answer the same at every step, so that they are evaluated at one and spread over all.
import type { Expression } from '../language/expression.js';

/** Functions that know of the step itself, or of the time of a sample, whatever their arguments are. */
const STEP_AWARE: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
]);

/** As Prometheus has it: what `@` or nothing but literals stands behind. The parameter of an aggregation is not asked. */
export function isStepInvariant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
    case 'subquery':
      return expression.at !== undefined;
    case 'range':
      return isStepInvariant(expression.selector);
    case 'call':
      return !STEP_AWARE.has(expression.name) && expression.args.every(isStepInvariant);
    case 'binary':
      return isStepInvariant(expression.left) && isStepInvariant(expression.right);
    case 'aggregation':
    case 'unary':
    case 'parentheses':
      return isStepInvariant(expression.expression);
  }
}
