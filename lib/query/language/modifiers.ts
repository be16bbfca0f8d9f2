// What may follow a selector or a subquery: a range, the range and step of a subquery, `offset`, and `@`. They come in any
// order, and every one makes a new expression of the one before it.
import { checkSubquery } from './checks.js';
import type { At, Expression, MatrixSelector, Position, Subquery, VectorSelector } from './expression.js';
import { readMs, readPositiveMs, readSeconds } from './literals.js';
import { parseFailure } from './place.js';
import type { Reading } from './reading.js';
import { childrenOf, type SyntaxNode } from './syntax-tree.js';

type Shiftable = VectorSelector | MatrixSelector | Subquery;

const SHIFTABLE = 'must be preceded by an instant vector selector or range vector selector or a subquery';
/** Milliseconds of Prometheus are integers of 64 bits. */
const LATEST_SECONDS = 2 ** 63;

/** @param node - The modifier in the grammar's tree, whose first child is what it modifies, or stands next to that. */
export function readModifier(operand: Expression, node: SyntaxNode, reading: Reading): Expression {
  switch (node.name) {
    case 'MatrixSelector':
      return readRange(operand, node, reading);
    case 'SubqueryExpr':
      return readSubquery(operand, node, reading);
    case 'OffsetExpr':
      return readOffset(operand, node, reading);
    default:
      return readAt(operand, node, reading);
  }
}

function readRange(operand: Expression, node: SyntaxNode, reading: Reading): Expression {
  const bracket = reading.text.indexOf('[', (node.firstChild as SyntaxNode).to);
  const rangeMs = readPositiveMs(node.lastChild as SyntaxNode, reading);
  const refuse = (problem: string) => parseFailure(reading.text, bracket, problem);
  if (operand.kind !== 'selector') throw refuse('ranges only allowed for vector selectors');
  if (operand.offsetMs !== 0) throw refuse('no offset modifiers allowed before range');
  if (typeof operand.at === 'number') throw refuse('no @ modifiers allowed before range');
  return { kind: 'range', selector: operand, rangeMs, position: extended(operand, node) };
}

function readSubquery(expression: Expression, node: SyntaxNode, reading: Reading): Expression {
  const [, range, step] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode?];
  const rangeMs = readPositiveMs(range, reading);
  const stepMs = step === undefined ? 0 : readPositiveMs(step, reading);
  checkSubquery(expression, reading);
  const subquery = {
    kind: 'subquery',
    expression,
    rangeMs,
    offsetMs: 0,
    position: extended(expression, node),
  } as const;
  return stepMs === 0 ? subquery : { ...subquery, stepMs };
}

function readOffset(operand: Expression, node: SyntaxNode, reading: Reading): Expression {
  const offsetMs = readMs(node.lastChild as SyntaxNode, reading);
  const start = operand.position.start;
  if (!isShiftable(operand)) throw parseFailure(reading.text, start, `offset modifier ${SHIFTABLE}`);
  if (shiftOf(operand).offsetMs !== 0) throw parseFailure(reading.text, start, 'offset may not be set multiple times');
  return shifted(operand, { offsetMs }, extended(operand, node));
}

function readAt(operand: Expression, node: SyntaxNode, reading: Reading): Expression {
  const start = operand.position.start;
  const at = readMoment(node.lastChild as SyntaxNode, start, reading);
  if (!isShiftable(operand)) throw parseFailure(reading.text, start, `@ modifier ${SHIFTABLE}`);
  if (shiftOf(operand).at !== undefined) {
    throw parseFailure(reading.text, start, '@ <timestamp> may not be set multiple times');
  }
  return shifted(operand, { at }, extended(operand, node));
}

function readMoment(node: SyntaxNode, start: number, reading: Reading): At {
  if (node.name === 'AtModifierPreprocessors') return node.firstChild?.name === 'Start' ? 'start' : 'end';
  const seconds = readSeconds(node, reading);
  if (Math.abs(seconds) < LATEST_SECONDS) return Math.round(seconds * 1000);
  throw parseFailure(reading.text, start, `timestamp out of bounds for @ modifier: ${named(seconds)}`);
}

function named(seconds: number): string {
  if (Number.isNaN(seconds)) return 'NaN';
  if (Number.isFinite(seconds)) return `${BigInt(seconds)}.000000`;
  return seconds > 0 ? '+Inf' : '-Inf';
}

function isShiftable(expression: Expression): expression is Shiftable {
  return expression.kind === 'selector' || expression.kind === 'range' || expression.kind === 'subquery';
}

/** The offset and the moment of a range stand with its selector. */
function shiftOf(operand: Shiftable): VectorSelector | Subquery {
  return operand.kind === 'range' ? operand.selector : operand;
}

function shifted(
  operand: Shiftable,
  shift: { readonly offsetMs: number } | { readonly at: At },
  position: Position,
): Expression {
  if (operand.kind === 'range') return { ...operand, selector: { ...operand.selector, ...shift }, position };
  return { ...operand, ...shift, position };
}

function extended({ position }: Expression, { to }: SyntaxNode): Position {
  return { start: position.start, end: to };
}
