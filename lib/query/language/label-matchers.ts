// The matchers in the braces of a selector: `{job="shop"}`, and names in quotes, which may be any text: `{"http.requests"}`.
import { compileMatchers } from '../../model/matchers.js';
import type { LabelMatcher } from '../../model/storage.js';
import { parseFailure } from './place.js';
import type { Reading } from './reading.js';
import { unquote } from './strings.js';
import { childrenOf, type SyntaxNode } from './syntax-tree.js';

export interface ReadMatchers {
  readonly matchers: LabelMatcher[];
  /** Whether there is one that a missing label does not fulfil. */
  readonly isSelective: boolean;
}

export function readMatchers(braces: SyntaxNode | undefined, reading: Reading): ReadMatchers {
  const matchers: LabelMatcher[] = [];
  let isSelective = false;
  for (const node of braces === undefined ? [] : childrenOf(braces)) {
    const matcher = readMatcher(node, reading);
    const predicates = compileMatchers([matcher]);
    if (predicates.isErr()) throw parseFailure(reading.text, node.from, regexProblem(predicates.error.rule));
    matchers.push(matcher);
    isSelective ||= predicates.value.some((predicate) => !predicate.matches(''));
  }
  return { matchers, isSelective };
}

function readMatcher(node: SyntaxNode, { text }: Reading): LabelMatcher {
  const textOf = ({ from, to }: SyntaxNode) => text.slice(from, to);
  if (node.name === 'QuotedLabelName') return { name: '__name__', operator: '=', value: unquote(textOf(node)) };
  const [label, operator, value] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode];
  return {
    name: label.name === 'QuotedLabelName' ? unquote(textOf(label)) : textOf(label),
    operator: textOf(operator) as LabelMatcher['operator'],
    value: unquote(textOf(value)),
  };
}

/** In the words of RE2, where it has any: a rule says more than fits into a message with a place. The flag in front is ours. */
function regexProblem(rule: string): string {
  const said = /error parsing regexp:.*(?=\.)/s.exec(rule)?.[0];
  return said?.replace('`(?s)', '`') ?? `error parsing regexp: ${rule}`.replace(/\.$/, '');
}
