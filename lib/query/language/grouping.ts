// The labels in the parentheses of `by`, `without`, `on`, `ignoring`, `group_left` and `group_right`.
import { parseFailure } from './place.js';
import type { Reading } from './reading.js';
import { unquote } from './strings.js';
import { childrenOf, type SyntaxNode } from './syntax-tree.js';
import { unexpectedToken } from './unexpected-token.js';

/** Words that the grammar takes for labels, and Prometheus only in quotes. */
const NEVER_LABELS: ReadonlySet<string> = new Set(['inf', 'nan', 'without']);

export function readGrouping(labels: SyntaxNode, reading: Reading): string[] {
  return childrenOf(labels).map((label) => {
    const text = reading.text.slice(label.from, label.to);
    if (label.name !== 'QuotedLabelName') {
      if (NEVER_LABELS.has(text.toLowerCase())) throw unexpectedToken(reading.text, reading.tokens, label.from);
      return text;
    }
    const name = unquote(text);
    if (name === '') throw parseFailure(reading.text, label.from, 'invalid label name for grouping: ""');
    return name;
  });
}
