// Takes the grammar's tree of operators apart again. It groups some operators otherwise than Prometheus does (`a + b offset 5m`
// as `(a + b) offset 5m`, `-1^2` as `(-1)^2`), but it knows what is an operator of which kind: from these items in the order
// of the text the reader groups anew.
import { childrenOf, type SyntaxNode } from './syntax-tree.js';

/** What stands between the operands of a binary expression. */
export interface InfixParts {
  readonly operator: SyntaxNode;
  readonly returnsBool: boolean;
  readonly matching: SyntaxNode | undefined;
}

/** A sign. */
export interface PrefixItem {
  readonly kind: 'prefix';
  readonly start: number;
}

export type OperatorItem =
  | { readonly kind: 'operand'; readonly node: SyntaxNode }
  | PrefixItem
  | ({ readonly kind: 'infix' } & InfixParts)
  /** A modifier; its operand is whatever stands before it. */
  | { readonly kind: 'postfix'; readonly node: SyntaxNode };

/** The items of an expression up to the next parentheses. Without recursion: chains of operators may be long. */
export function operatorItems(root: SyntaxNode, text: string): OperatorItem[] {
  const items: OperatorItem[] = [];
  const pending: (SyntaxNode | OperatorItem)[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if ('kind' in next) items.push(next);
    else pending.push(...partsOf(next, text).reverse());
  }
  return items;
}

function partsOf(node: SyntaxNode, text: string): (SyntaxNode | OperatorItem)[] {
  const first = node.firstChild as SyntaxNode;
  switch (node.name) {
    case 'BinaryExpr':
      return binaryParts(node);
    case 'UnaryExpr':
      return [{ kind: 'prefix', start: node.from }, node.lastChild as SyntaxNode];
    case 'OffsetExpr':
    case 'StepInvariantExpr':
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return [first, { kind: 'postfix', node }];
    case 'NumberDurationLiteral': {
      const isSigned = text[node.from] === '-' || text[node.from] === '+';
      const operand: OperatorItem = { kind: 'operand', node };
      return isSigned ? [{ kind: 'prefix', start: node.from }, operand] : [operand];
    }
    default:
      return [{ kind: 'operand', node }];
  }
}

function binaryParts(node: SyntaxNode): (SyntaxNode | OperatorItem)[] {
  const children = childrenOf(node);
  const [left, operator] = children as [SyntaxNode, SyntaxNode];
  const between = children.slice(2, -1);
  const infix = {
    kind: 'infix',
    operator,
    returnsBool: between.some(({ name }) => name === 'BoolModifier'),
    matching: between.find(({ name }) => name === 'MatchingModifierClause'),
  } as const;
  return [left, infix, children.at(-1) as SyntaxNode];
}
