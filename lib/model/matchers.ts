// Label matchers as predicates. They belong to the model because every storage and the query language must agree, to
// the letter, on what a matcher means: anchored, in RE2 syntax, a missing label being an empty one.
import { err, ok, type Result } from 'neverthrow';
import { RE2JS } from 're2js';
import type { StorageError } from '../errors.js';
import { type RegexShape, regexShape } from './regex-shape.js';
import { regexSize } from './regex-size.js';
import type { LabelMatcher } from './storage.js';

/** A matcher that cannot be used. The only fault that a matcher can have is its regular expression. */
export type InvalidMatcherError = Extract<StorageError, { kind: 'invalid_matcher' }>;

/** A condition on one label, ready to be asked many times. */
export interface LabelPredicate {
  readonly name: string;
  /** The only values that fulfil it, where these are few and known: an index may look them up instead of asking. */
  readonly values: readonly string[] | undefined;
  /** Set where asking can take long, as the automaton does for some expressions: milliseconds per thousand characters. */
  readonly isSlow?: boolean;
  /** Whether the value fulfils it. Give '' for a missing label. */
  matches(value: string): boolean;
}

/** Compiling costs time and memory by length, on the event loop; literals and alternations of them are free of it. */
const LONGEST_PATTERN = 16_384;
/** By what repetitions stand for, too. */
const MOST_PARTS = 16_384;
/** Answers of the automaton are kept per value, because series share values; no more than this many of them. */
const MOST_ANSWERS_KEPT = 10_000;
const OPERATORS: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~']);

/**
 * Makes predicates of matchers. All of them must hold for a series; none at all means every series.
 *
 * Errors: `invalid_matcher` for a regular expression that is not in RE2 syntax (no look-around, no back-references), or
 * that is longer than 16 384 characters, repetitions written out, without being an alternation of literals.
 *
 * Cost of a predicate: that of string comparison for `=`, `!=`, literals and `.*` around one; else linear in the value's
 * length, whatever the expression, but not always little: `(\pL?){1000}x` takes 0.2 s for 1000 characters.
 */
export function compileMatchers(
  matchers: readonly LabelMatcher[],
): Result<readonly LabelPredicate[], InvalidMatcherError> {
  const predicates: LabelPredicate[] = [];
  for (const matcher of matchers) {
    const predicate = compileMatcher(matcher);
    if (predicate.isErr()) return err(predicate.error);
    predicates.push(predicate.value);
  }
  return ok(predicates);
}

/** Whether a label set fulfils all predicates. */
export function matchesAll(predicates: readonly LabelPredicate[], labels: Readonly<Record<string, string>>): boolean {
  return predicates.every(({ name, matches }) => matches(Object.hasOwn(labels, name) ? (labels[name] as string) : ''));
}

function compileMatcher({ name, operator, value }: LabelMatcher): Result<LabelPredicate, InvalidMatcherError> {
  if (!OPERATORS.has(operator) || typeof value !== 'string') {
    const rule = 'The operator is one of =, !=, =~ and !~, and the value is a string.';
    return err({ kind: 'invalid_matcher', label: String(name), value: `${operator} ${value}`, rule });
  }
  switch (operator) {
    case '=':
      return ok({ name, values: [value], matches: (given) => given === value });
    case '!=':
      return ok({ name, values: undefined, matches: (given) => given !== value });
    default:
      return compileRegex(name, value).map(({ values, isSlow = false, matches }) =>
        operator === '=~'
          ? { name, values, isSlow, matches }
          : { name, values: undefined, isSlow, matches: (given) => !matches(given) },
      );
  }
}

function compileRegex(name: string, pattern: string): Result<Omit<LabelPredicate, 'name'>, InvalidMatcherError> {
  const shape = regexShape(pattern);
  if (shape !== undefined) {
    return ok({ values: shape.kind === 'one_of' ? shape.values : undefined, matches: shapeTest(shape) });
  }
  if (pattern.length > LONGEST_PATTERN) {
    const rule = `A regular expression has at most ${LONGEST_PATTERN} characters, unless it is a list of literals.`;
    return err({ kind: 'invalid_matcher', label: name, value: pattern, rule });
  }
  if (regexSize(pattern) > MOST_PARTS) {
    const rule = `A regular expression has at most ${MOST_PARTS} parts when its repetitions are written out.`;
    return err({ kind: 'invalid_matcher', label: name, value: pattern, rule });
  }
  try {
    const regex = RE2JS.compile(pattern, RE2JS.DOTALL);
    return ok({ values: undefined, isSlow: true, matches: remembered((given) => regex.testExact(given)) });
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown problem';
    const rule = `Write it in RE2 syntax, which has no look-around and no back-references: ${problem}.`;
    return err({ kind: 'invalid_matcher', label: name, value: pattern, rule });
  }
}

function shapeTest(shape: RegexShape): (given: string) => boolean {
  switch (shape.kind) {
    case 'any':
      return () => true;
    case 'not_empty':
      return (given) => given !== '';
    case 'starts_with':
      return (given) => given.startsWith(shape.text);
    case 'ends_with':
      return (given) => given.endsWith(shape.text);
    case 'contains':
      return (given) => given.includes(shape.text);
    case 'one_of': {
      const values = new Set(shape.values);
      return (given) => values.has(given);
    }
  }
}

function remembered(test: (given: string) => boolean): (given: string) => boolean {
  const answers = new Map<string, boolean>();
  return (given) => {
    let answer = answers.get(given);
    if (answer === undefined) {
      answer = test(given);
      if (answers.size < MOST_ANSWERS_KEPT) answers.set(given, answer);
    }
    return answer;
  };
}
