// What the parts of the reader share while they make an expression of a syntax tree. An interface of its own, so that they
// need not know the class that brings them together.
import type { Expression } from './expression.js';
import type { SyntaxNode } from './syntax-tree.js';
import type { Token } from './token.js';

export interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];

  build(node: SyntaxNode): Expression;

  /** The last token of a node, which the grammar was perhaps shown a stand-in for. */
  lastToken(node: SyntaxNode): Token;

  /** Notes that parts do not go together. The first such note is answered if the query can be read otherwise. */
  complain(offset: number, problem: string): void;
}
