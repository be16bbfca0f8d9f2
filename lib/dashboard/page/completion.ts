// What could be meant at a place in a query: a metric or function, a label, or a label's value. It reads only what stands before the
// cursor, so that it works in queries that are not finished and would not parse.
import { functionSignatures } from '../../query/language/function-signatures.js';

export type Completion =
  | { readonly kind: 'name'; readonly from: number; readonly prefix: string }
  | { readonly kind: 'label'; readonly from: number; readonly prefix: string; readonly metric?: string }
  | {
      readonly kind: 'value';
      readonly from: number;
      readonly prefix: string;
      readonly label: string;
      readonly metric?: string;
    };

export interface Suggestion {
  readonly text: string;
  readonly detail: string;
}

const AGGREGATIONS = 'sum avg min max count group quantile topk bottomk stddev stdvar count_values'.split(' ');
const KEYWORDS = 'by without on ignoring group_left group_right offset bool and or unless'.split(' ');
const AT_MOST = 12;

/** What functions and aggregations there are, for suggestions of kind `name`. */
export const builtIns: readonly Suggestion[] = [
  ...AGGREGATIONS.map((text) => ({ text, detail: 'aggregation' })),
  ...[...functionSignatures]
    .filter(([, { isExperimental }]) => isExperimental !== true)
    .map(([text]) => ({ text, detail: 'function' })),
  ...KEYWORDS.map((text) => ({ text, detail: 'keyword' })),
];

export function completionAt(text: string, cursor: number): Completion | undefined {
  const before = text.slice(0, cursor);
  const place = placeOf(before);
  const metric = place.metric === undefined ? {} : { metric: place.metric };
  if (place.inString) {
    const label = /([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*$/.exec(before.slice(0, place.stringAt))?.[1];
    if (place.open !== '{' || label === undefined) return undefined;
    return { kind: 'value', from: place.stringAt + 1, prefix: before.slice(place.stringAt + 1), label, ...metric };
  }
  const word = /[a-zA-Z_:][\w:]*$/.exec(before);
  const [from, prefix] = [word?.index ?? cursor, word?.[0] ?? ''];
  if (place.open === '[') return undefined;
  if (place.open === '{') {
    return /[{,]\s*$/.test(before.slice(0, from)) ? { kind: 'label', from, prefix, ...metric } : undefined;
  }
  if (place.open === 'labels') return { kind: 'label', from, prefix };
  return prefix === '' ? undefined : { kind: 'name', from, prefix };
}

interface Place {
  /** The innermost bracket that is open: `labels` is the list behind `by`, `on` and the like. */
  readonly open: '{' | '(' | '[' | 'labels' | '';
  readonly metric: string | undefined;
  readonly inString: boolean;
  readonly stringAt: number;
}

function placeOf(before: string): Place {
  const open: Place['open'][] = [];
  let metric: string | undefined;
  let quote = '';
  let stringAt = -1;
  for (let index = 0; index < before.length; index++) {
    const sign = before[index] as string;
    if (quote !== '') {
      if (sign === '\\' && quote !== '`') index++;
      else if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'" || sign === '`') [quote, stringAt] = [sign, index];
    else if (sign === '{') {
      open.push('{');
      metric = /([a-zA-Z_:][\w:]*)\s*$/.exec(before.slice(0, index))?.[1];
    } else if (sign === '(') {
      const isList = /\b(by|without|on|ignoring|group_left|group_right)\s*$/i.test(before.slice(0, index));
      open.push(isList ? 'labels' : '(');
    } else if (sign === '[') open.push('[');
    else if (sign === '}' || sign === ')' || sign === ']') open.pop();
  }
  return { open: open.at(-1) ?? '', metric, inString: quote !== '', stringAt };
}

/** The likeliest first: what begins so, then what has it inside. */
export function rankSuggestions(candidates: readonly Suggestion[], prefix: string): readonly Suggestion[] {
  const wanted = prefix.toLowerCase();
  const at = candidates.map((candidate) => ({ candidate, index: candidate.text.toLowerCase().indexOf(wanted) }));
  const starting = at.filter(({ index, candidate }) => index === 0 && candidate.text !== prefix);
  const inside = wanted.length < 2 ? [] : at.filter(({ index }) => index > 0);
  return [...starting, ...inside].slice(0, AT_MOST).map(({ candidate }) => candidate);
}
