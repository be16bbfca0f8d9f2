// Refuses expressions that would be too deep a tree, before there is one: whoever works on trees does so by recursion, the
// grammar's package included.
import { QueryFailure } from '../evaluation/query-failure.js';
import { isOperator, isSymbol, type Token } from './token.js';

/** Far from the end of the stack, and far beyond what people write. */
export const DEEPEST_EXPRESSION = 500;

interface Level {
  /** Operators since the last comma: `a + b + c` is a tree as deep as it is long. */
  operators: number;
  /** How deep the deepest of what is in its parentheses is. */
  inner: number;
  /** How deep the deepest of the values before the last comma is. */
  before: number;
}

/** Throws `limit_exceeded` unless the expression is at most as deep as is allowed, however it is grouped. */
export function limitDepth(tokens: readonly Token[]): void {
  const open: Level[] = [newLevel()];
  for (const token of tokens) {
    const level = open.at(-1) as Level;
    if (isSymbol(token, '(') || isSymbol(token, '{')) open.push(newLevel());
    else if (isSymbol(token, ')') || isSymbol(token, '}')) close(open);
    else if (isSymbol(token, ',')) nextValue(level);
    else if (isOperator(token) || isSymbol(token, '[') || token.text === 'offset') level.operators++;
    if (open.length > DEEPEST_EXPRESSION || level.operators > DEEPEST_EXPRESSION) throw tooDeep();
  }
  if (depthOf(open[0] as Level) > DEEPEST_EXPRESSION) throw tooDeep();
}

export function tooDeep(): QueryFailure {
  const limit = 'the depth of an expression';
  return new QueryFailure({ kind: 'limit_exceeded', limit, allowed: DEEPEST_EXPRESSION });
}

function newLevel(): Level {
  return { operators: 0, inner: 0, before: 0 };
}

function depthOf({ operators, inner, before }: Level): number {
  return Math.max(before, operators + inner + 1);
}

function nextValue(level: Level): void {
  level.before = depthOf(level);
  level.operators = 0;
  level.inner = 0;
}

function close(open: Level[]): void {
  const closed = open.pop() as Level;
  const outer = open.at(-1) as Level;
  outer.inner = Math.max(outer.inner, depthOf(closed));
}
