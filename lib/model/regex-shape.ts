// Recognises the regular expressions that label matchers mostly are (literals, alternations of literals, a literal
// between `.*`), so that they are answered by string operations, which is many times faster than any automaton.

/** What an anchored regular expression comes down to, where that needs no automaton. */
export type RegexShape =
  | { readonly kind: 'any' }
  | { readonly kind: 'not_empty' }
  | { readonly kind: 'one_of'; readonly values: readonly string[] }
  | { readonly kind: 'starts_with' | 'ends_with' | 'contains'; readonly text: string };

const META = /[\\.+*?()[\]{}^$|]/;
const ESCAPABLE = /[!-/:-@[-`{-~]/;

/**
 * The shape of a pattern, undefined when it is none of the simple ones. Never guesses: a pattern with anything else in
 * it, a mistake included, is left to the regular expression engine.
 */
export function regexShape(pattern: string): RegexShape | undefined {
  if (pattern === '.*') return { kind: 'any' };
  if (pattern === '.+') return { kind: 'not_empty' };
  const values = literalAlternatives(pattern);
  if (values !== undefined) return { kind: 'one_of', values };
  const opens = pattern.startsWith('.*');
  const closes = pattern.endsWith('.*') && !pattern.endsWith('\\.*');
  const text = literal(pattern.slice(opens ? 2 : 0, closes ? -2 : undefined));
  if (text === undefined) return undefined;
  if (opens && closes) return { kind: 'contains', text };
  if (opens) return { kind: 'ends_with', text };
  return closes ? { kind: 'starts_with', text } : undefined;
}

/**
 * `a|b|c`, with or without one group around all of it. Cutting blindly is safe: where a bar or a bracket was escaped or
 * belonged to something else, what is left on one side of the cut is no literal.
 */
function literalAlternatives(pattern: string): readonly string[] | undefined {
  const grouped = pattern.startsWith('(') && pattern.endsWith(')');
  const inner = grouped ? pattern.slice(pattern.startsWith('(?:') ? 3 : 1, -1) : pattern;
  const values: string[] = [];
  for (const part of inner.split('|')) {
    const value = literal(part);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** What a pattern without operators stands for. Only punctuation may be escaped: `\d` is a class. */
function literal(pattern: string): string | undefined {
  if (!META.test(pattern)) return pattern;
  let text = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === '\\') {
      const escaped = pattern[++at];
      if (escaped === undefined || !ESCAPABLE.test(escaped)) return undefined;
      text += escaped;
    } else if (META.test(char)) return undefined;
    else text += char;
  }
  return text;
}
