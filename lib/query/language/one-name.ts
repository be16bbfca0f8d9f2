// Whether the series of a vector can differ in their metric's name. Where they cannot, dropping the name leaves labels that
// are still unique, and nothing has to be kept to find out.
import type { Aggregation, BinaryExpression, Call, Expression } from './expression.js';

const NAME = '__name__';

/** Whether it can be told from the expression alone that all series have one name, or none. */
export function hasOneName(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
      return expression.matchers.some(({ name, operator }) => name === NAME && operator === '=');
    case 'range':
      return hasOneName(expression.selector);
    case 'unary':
      return expression.operator === '-' || hasOneName(expression.expression);
    case 'subquery':
    case 'parentheses':
      return hasOneName(expression.expression);
    case 'call':
      return ofCall(expression);
    case 'aggregation':
      return ofAggregation(expression);
    case 'binary':
      return ofBinary(expression);
  }
}

function ofCall({ name, args }: Call): boolean {
  if (name !== 'label_replace' && name !== 'label_join') return args.every(hasOneName);
  const target = args[1];
  return target?.kind === 'string' && target.value !== NAME && args.every(hasOneName);
}

function ofAggregation({ operator, expression, parameter, grouping, isWithout }: Aggregation): boolean {
  if (operator === 'topk' || operator === 'bottomk') return hasOneName(expression);
  if (operator === 'count_values' && !(parameter?.kind === 'string' && parameter.value !== NAME)) return false;
  return isWithout || !grouping.includes(NAME) || hasOneName(expression);
}

function ofBinary({ operator, left, right, returnsBool, matching }: BinaryExpression): boolean {
  if (operator === 'or' || matching?.include.includes(NAME) === true) return false;
  if (returnsBool || dropsName(operator)) return true;
  if (operator === 'and' || operator === 'unless') return hasOneName(left);
  return hasOneName(left) && hasOneName(right);
}

/** Arithmetic makes something else of a metric; comparisons and sets only choose from it. */
export function dropsName(operator: BinaryExpression['operator']): boolean {
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case 'atan2':
      return true;
    default:
      return false;
  }
}
