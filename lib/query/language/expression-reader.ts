// Makes an expression of the grammar's tree: groups operators by Prometheus' precedence, and leaves what stands between them
// to others. It holds what they share: the tokens, and what does not go together.
import type { QueryFailure } from '../evaluation/query-failure.js';
import { checkBinary, checkUnary, isSetOperator } from './checks.js';
import type { BinaryExpression, BinaryOperator, Expression, VectorMatching } from './expression.js';
import { typeOf } from './expression.js';
import { readGrouping } from './grouping.js';
import { readModifier } from './modifiers.js';
import { readOperand } from './operands.js';
import { type InfixParts, type OperatorItem, operatorItems, type PrefixItem } from './operator-items.js';
import { typeFailure } from './place.js';
import type { Reading } from './reading.js';
import { childrenOf, type SyntaxNode } from './syntax-tree.js';
import type { Token } from './token.js';

const PRECEDENCES: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '>', '<', '>=', '<='],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
];
const POWER = PRECEDENCES.length - 1;

export class ExpressionReader implements Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  #complaint: QueryFailure | undefined;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  /** What did not go together first. */
  get complaint(): QueryFailure | undefined {
    return this.#complaint;
  }

  build(node: SyntaxNode): Expression {
    const items = new Items(operatorItems(node, this.text));
    return this.#binary(items, 0);
  }

  lastToken({ to }: SyntaxNode): Token {
    let [low, high] = [0, this.tokens.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens[middle] as Token).end < to) low = middle + 1;
      else high = middle;
    }
    return this.tokens[low] as Token;
  }

  complain(offset: number, problem: string): void {
    this.#complaint ??= typeFailure(this.text, offset, problem);
  }

  /** Operands joined by operators of at least the precedence `least`. */
  #binary(items: Items, least: number): Expression {
    let left = this.#unary(items);
    for (;;) {
      const item = items.peek();
      if (item?.kind !== 'infix') return left;
      const operator = this.#operator(item);
      const precedence = PRECEDENCES.findIndex((operators) => operators.includes(operator));
      if (precedence < least) return left;
      items.take();
      const right = this.#binary(items, precedence === POWER ? POWER : precedence + 1);
      left = this.#join(item, left, right);
    }
  }

  #unary(items: Items): Expression {
    const item = items.take();
    if (item.kind === 'operand') return this.#modified(items, item.node);
    const { start } = item as PrefixItem;
    // Signs bind less than powers do: -1^2 is -(1^2).
    const expression = this.#binary(items, POWER);
    const operator = this.text[start] as '+' | '-';
    const position = { start, end: expression.position.end };
    if (expression.kind === 'number') {
      const value = operator === '-' ? -expression.value : expression.value;
      return { ...expression, value, position };
    }
    const unary = { kind: 'unary', operator, expression, position } as const;
    checkUnary(unary, this);
    return unary;
  }

  #modified(items: Items, node: SyntaxNode): Expression {
    let expression = readOperand(node, this);
    for (let item = items.peek(); item?.kind === 'postfix'; item = items.peek()) {
      items.take();
      expression = readModifier(expression, item.node, this);
    }
    return expression;
  }

  #join(parts: InfixParts, left: Expression, right: Expression): Expression {
    const operator = this.#operator(parts);
    const matching = this.#matching(parts.matching, operator);
    const { returnsBool } = parts;
    const position = { start: left.position.start, end: right.position.end };
    const binary: BinaryExpression = { kind: 'binary', operator, left, right, returnsBool, position };
    checkBinary({ ...binary, matching }, parts.operator.from, this);
    return typeOf(left) === 'vector' && typeOf(right) === 'vector' ? { ...binary, matching } : binary;
  }

  #operator({ operator }: InfixParts): BinaryOperator {
    return this.text.slice(operator.from, operator.to).toLowerCase() as BinaryOperator;
  }

  #matching(clause: SyntaxNode | undefined, operator: BinaryOperator): VectorMatching {
    const unlessGrouped = isSetOperator(operator) ? 'many-to-many' : 'one-to-one';
    if (clause === undefined) return { cardinality: unlessGrouped, isOn: false, labels: [], include: [] };
    const [word, labels, group, include] = childrenOf(clause) as [SyntaxNode, SyntaxNode, SyntaxNode?, SyntaxNode?];
    const grouped = group?.name === 'GroupLeft' ? 'many-to-one' : 'one-to-many';
    return {
      cardinality: group === undefined ? unlessGrouped : grouped,
      isOn: word.name === 'On',
      labels: readGrouping(labels, this),
      include: include === undefined ? [] : readGrouping(include, this),
    };
  }
}

/** A cursor over the items of one level. */
class Items {
  readonly #items: readonly OperatorItem[];
  #at = 0;

  constructor(items: readonly OperatorItem[]) {
    this.#items = items;
  }

  peek(): OperatorItem | undefined {
    return this.#items[this.#at];
  }

  take(): OperatorItem {
    return this.#items[this.#at++] as OperatorItem;
  }
}
