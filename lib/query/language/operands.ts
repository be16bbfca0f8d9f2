// Makes expressions of what stands between operators: selectors, literals, calls, aggregations and parentheses.
import { checkAggregation, checkCall, checkName } from './checks.js';
import type { AggregationOperator, Expression, Position, VectorSelector } from './expression.js';
import { functionSignatures } from './function-signatures.js';
import { readGrouping } from './grouping.js';
import { readMatchers } from './label-matchers.js';
import { readLiteral } from './literals.js';
import { parseFailure, unsupportedFailure } from './place.js';
import type { Reading } from './reading.js';
import { unquote } from './strings.js';
import { childNamed, childrenOf, type SyntaxNode } from './syntax-tree.js';
import { unexpectedToken } from './unexpected-token.js';

const WITH_PARAMETER: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values']);
const EXPERIMENTAL: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);

export function readOperand(node: SyntaxNode, reading: Reading): Expression {
  const position = positionOf(node);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return readLiteral(reading.lastToken(node), reading.text);
    case 'StringLiteral':
      return { kind: 'string', value: unquote(textOf(node, reading)), position };
    case 'VectorSelector':
      return readSelector(node, reading);
    case 'ParenExpr':
      return { kind: 'parentheses', expression: reading.build(node.firstChild as SyntaxNode), position };
    case 'FunctionCall':
      return readCall(node, reading);
    default:
      return readAggregation(node, reading);
  }
}

function readSelector(node: SyntaxNode, reading: Reading): VectorSelector {
  const identifier = childNamed(node, 'Identifier');
  const braces = childNamed(node, 'LabelMatchers');
  const { matchers, isSelective } = readMatchers(braces, reading);
  const position = positionOf(node);
  const name = identifier === undefined ? undefined : textOf(identifier, reading);
  // The grammar takes this operator for a name as well, which Prometheus does not.
  if (name?.toLowerCase() === 'atan2') throw unexpectedToken(reading.text, reading.tokens, node.from);
  if (name !== undefined) matchers.push({ name: '__name__', operator: '=', value: name });
  else if (!isSelective) {
    reading.complain(node.from, 'vector selector must contain at least one non-empty matcher');
  }
  const selector = { kind: 'selector', matchers, offsetMs: 0, position } as const;
  const named = name === undefined ? selector : { ...selector, name };
  checkName(named, reading);
  return named;
}

function readCall(node: SyntaxNode, reading: Reading): Expression {
  const [identifier, body] = childrenOf(node) as [SyntaxNode, SyntaxNode];
  const name = textOf(identifier, reading);
  const args = childrenOf(body).map((child) => reading.build(child));
  const signature = functionSignatures.get(name);
  if (signature === undefined) throw parseFailure(reading.text, node.from, `unknown function with name "${name}"`);
  if (signature.isExperimental) throw unsupportedFailure(reading.text, node.from, `the function ${name}`);
  const call = { kind: 'call', name, signature, args, position: positionOf(node) } as const;
  checkCall(call, reading);
  return call;
}

function readAggregation(node: SyntaxNode, reading: Reading): Expression {
  const word = textOf(childNamed(node, 'AggregateOp') as SyntaxNode, reading).toLowerCase();
  const args = childrenOf(childNamed(node, 'FunctionCallBody') as SyntaxNode).map((child) => reading.build(child));
  const modifier = childNamed(node, 'AggregateModifier');
  const grouping = modifier === undefined ? [] : readGrouping(modifier.lastChild as SyntaxNode, reading);
  if (EXPERIMENTAL.has(word)) throw unsupportedFailure(reading.text, node.from, `the aggregation ${word}`);
  const operator = word as AggregationOperator;
  const expected = WITH_PARAMETER.has(operator) ? 2 : 1;
  if (args.length !== expected) throw parseFailure(reading.text, node.from, wrongCount(expected, args.length));
  const aggregation = {
    kind: 'aggregation',
    operator,
    expression: args[expected - 1] as Expression,
    grouping,
    isWithout: modifier?.firstChild?.name === 'Without',
    position: positionOf(node),
  } as const;
  const whole = expected === 2 ? { ...aggregation, parameter: args[0] as Expression } : aggregation;
  checkAggregation(whole, reading);
  return whole;
}

function wrongCount(expected: number, got: number): string {
  return got === 0
    ? 'no arguments for aggregate expression provided'
    : `wrong number of arguments for aggregate expression provided, expected ${expected}, got ${got}`;
}

function textOf(node: SyntaxNode, { text }: Reading): string {
  return text.slice(node.from, node.to);
}

function positionOf(node: SyntaxNode): Position {
  return { start: node.from, end: node.to };
}
