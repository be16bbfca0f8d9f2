// What a PromQL expression is once it has been read: a tree of plain objects with positions, typed by kind. Everything that
// works on expressions (types, printing, evaluation) works on these; only the reader knows the grammar.
import type { LabelMatcher } from '../../model/storage.js';

/** Offsets into the text of the query, the end exclusive. */
export interface Position {
  readonly start: number;
  readonly end: number;
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** The types of a function's arguments, against which calls are checked. */
export interface FunctionSignature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out; -1: the last one may come any number of times, or not at all. */
  readonly optional: number;
  readonly returns: ValueType;
  /** Refused, as Prometheus refuses it unless a feature flag is set. */
  readonly isExperimental?: true;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | BinaryExpression
  | UnaryExpression
  | Parentheses;

interface Node {
  readonly position: Position;
}

export interface NumberLiteral extends Node {
  readonly kind: 'number';
  readonly value: number;
  /** Written as a duration, as in `5m`, and printed so again. */
  readonly isDuration: boolean;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

/** A moment that `@` fixes: milliseconds since the epoch, or either end of the query's range. */
export type At = number | 'start' | 'end';

export interface VectorSelector extends Node {
  readonly kind: 'selector';
  /** The name in front of the braces, which is among the matchers as well. */
  readonly name?: string;
  readonly matchers: readonly LabelMatcher[];
  readonly offsetMs: number;
  readonly at?: At;
}

export interface MatrixSelector extends Node {
  readonly kind: 'range';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Subquery extends Node {
  readonly kind: 'subquery';
  readonly expression: Expression;
  readonly rangeMs: number;
  /** Left out: the engine's default. */
  readonly stepMs?: number;
  readonly offsetMs: number;
  readonly at?: At;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly signature: FunctionSignature;
  readonly args: readonly Expression[];
}

export type AggregationOperator =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values';

export interface Aggregation extends Node {
  readonly kind: 'aggregation';
  readonly operator: AggregationOperator;
  readonly expression: Expression;
  /** Of `topk`, `bottomk`, `quantile` (scalars) and `count_values` (a string). */
  readonly parameter?: Expression;
  readonly grouping: readonly string[];
  readonly isWithout: boolean;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

/** How the series of two vectors find each other. */
export interface VectorMatching {
  /** `many-to-one` is `group_left`: the many are on the left. */
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** Whether `labels` are those to match by (`on`), or those to leave out (`ignoring`). */
  readonly isOn: boolean;
  readonly labels: readonly string[];
  /** Labels of the one side that the results get, in `group_left(…)`. */
  readonly include: readonly string[];
}

export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** Comparisons answer 0 or 1 instead of filtering. */
  readonly returnsBool: boolean;
  /** Between two vectors only. */
  readonly matching?: VectorMatching;
}

export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expression: Expression;
}

export interface Parentheses extends Node {
  readonly kind: 'parentheses';
  readonly expression: Expression;
}

/** What an expression answers. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'range':
    case 'subquery':
      return 'matrix';
    case 'call':
      return expression.signature.returns;
    case 'binary':
      // Chains lean to the left: what is on the right is quick to tell.
      return typeOf(expression.right) === 'scalar' && typeOf(expression.left) === 'scalar' ? 'scalar' : 'vector';
    case 'unary':
    case 'parentheses':
      return typeOf(expression.expression);
  }
}

/** The expressions that an expression is made of, in the order in which they are written. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'range':
      return [expression.selector];
    case 'call':
      return expression.args;
    case 'aggregation':
      return expression.parameter === undefined
        ? [expression.expression]
        : [expression.parameter, expression.expression];
    case 'binary':
      return [expression.left, expression.right];
    case 'subquery':
    case 'unary':
    case 'parentheses':
      return [expression.expression];
  }
}
