// The one place that knows Prometheus' grammar package: makes its tree of a query. The scanner has judged the characters by
// then, so the grammar is shown stand-ins of the same length wherever it would read a token otherwise than Prometheus does.
import { parser } from '@prometheus-io/lezer-promql';
import { startsOperand, type Token } from './token.js';
import { unexpectedToken } from './unexpected-token.js';

/** A node of the grammar's tree, with offsets into the query. */
export type SyntaxNode = Tree['topNode'];

type Tree = ReturnType<typeof parser.parse>;
type PartialParse = ReturnType<typeof parser.startParse>;

/** Names that every object has: the package would find more than its own keywords there. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Gives up at the first token that does not fit, and spends nothing on guessing what was meant. */
const strict = parser.configure({ strict: true });

/** The tree's only expression. Throws a `QueryFailure` where the tokens are none. */
export function syntaxTree(text: string, tokens: readonly Token[]): SyntaxNode {
  try {
    return parsed(standIn(text, tokens)).topNode.firstChild as SyntaxNode;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const offset = Number(/\d+$/.exec(thrown.message)?.[0] ?? text.length);
    throw unexpectedToken(text, tokens, offset);
  }
}

/**
 * The package cuts chains of more than 300 operators short, because it knows no other bound of a tree's depth. Here the depth
 * is bounded already, so its count of them, a field that its types do not show, starts anew at every step.
 */
function parsed(text: string): Tree {
  const parse: PartialParse & { bigReductionCount?: number } = strict.startParse(text);
  for (;;) {
    const tree = parse.advance();
    if (tree !== null) return tree;
    parse.bigReductionCount = 0;
  }
}

/** Not the package's own look-up, which takes the longer the deeper a node is. */
export function childNamed(node: SyntaxNode, name: string): SyntaxNode | undefined {
  let child = node.firstChild;
  while (child !== null && child.name !== name) child = child.nextSibling;
  return child ?? undefined;
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function standIn(text: string, tokens: readonly Token[]): string {
  let shown = '';
  for (const [i, token] of tokens.entries()) {
    shown += ' '.repeat(token.start - shown.length) + tokenStandIn(token, tokens[i - 1]);
  }
  return shown.padEnd(text.length);
}

function tokenStandIn(token: Token, before: Token | undefined): string {
  const length = token.end - token.start;
  switch (token.kind) {
    case 'number':
    case 'duration':
      // With its point, if it starts with one, lest it belong to a name right before it.
      return token.text.startsWith('.') ? `.${'1'.repeat(length - 1)}` : '1'.repeat(length);
    case 'string':
      return `"${'x'.repeat(length - 2)}"`;
    case 'metric identifier':
      return token.text.replaceAll(':', '_');
    case 'identifier':
      return INHERITED.has(token.text) ? 'x'.repeat(length) : token.text;
    case 'word':
      return token.text === 'offset' && startsOperand(before) ? 'x'.repeat(length) : token.text;
    default:
      return token.text;
  }
}
