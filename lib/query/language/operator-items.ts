// Takes the grammar's tree of operators apart again. It groups some operators otherwise than Prometheus does (`a + b offset 5m`
// as `(a + b) offset 5m`, `-1^2` as `(-1)^2`), but it knows what is an operator of which kind: from these items in the order
// of the text the reader groups anew.
import { childrenOf, type SyntaxNode } from './syntax-tree.js';

export type OperatorItem =
  | { readonly kind: 'operand'; readonly node: SyntaxNode }
  | { readonly kind: 'prefix'; readonly start: number }
  | { readonly kind: 'infix'; readonly node: SyntaxNode }
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
      return [first, { kind: 'infix', node }, node.lastChild as SyntaxNode];
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

/** What stands between the operands of a binary expression. */
export interface InfixParts {
  readonly operator: SyntaxNode;
  readonly returnsBool: boolean;
  readonly matching: SyntaxNode | undefined;
}

export function infixParts(node: SyntaxNode): InfixParts {
  const [, operator] = childrenOf(node) as [SyntaxNode, SyntaxNode];
  return {
    operator,
    returnsBool: node.getChild('BoolModifier') !== null,
    matching: node.getChild('MatchingModifierClause') ?? undefined,
  };
}
