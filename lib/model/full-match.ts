// Regular expressions of which the parts that groups matched are wanted, as `label_replace` and relabelling do. Matched like
// label matchers: anchored at both ends, in RE2 syntax, and in linear time whatever the expression.
import { err, ok, type Result } from 'neverthrow';
import { RE2JS } from 're2js';
import { regexSize } from './regex-size.js';

/** What the groups of an expression matched; a group that took no part in the match has ''. */
export interface GroupMatch {
  /** The whole is group 0. */
  group(group: number | string): string;
}

export interface FullMatch {
  /** Whether a match can take long, as the automaton does for large expressions: then let others have a turn between matches. */
  readonly isSlow: boolean;
  /** Undefined where the text as a whole does not match. */
  match(text: string): GroupMatch | undefined;
}

/** Instructions of the automaton, each of which a character may visit. Expressions that people write have a few dozen. */
const MOST_QUICK_INSTRUCTIONS = 100;
/** Compiling costs time and memory by length, on the event loop. */
const LONGEST_PATTERN = 16_384;
/** By what repetitions stand for, too. */
const MOST_PARTS = 16_384;

/**
 * @returns What matches texts, or, for an expression that is not in RE2 syntax (no look-around, no back-references) or is
 * longer than 16 384 characters, repetitions written out, what is wrong with it.
 *
 * Cost of a match: linear in the length of the text, about 1 µs for short ones. Keep answers where texts repeat.
 */
export function compileFullMatch(pattern: string): Result<FullMatch, string> {
  if (pattern.length > LONGEST_PATTERN) return err(`it has more than ${LONGEST_PATTERN} characters`);
  if (regexSize(pattern) > MOST_PARTS)
    return err(`with its repetitions written out it has more than ${MOST_PARTS} parts`);
  try {
    const regex = RE2JS.compile(pattern, RE2JS.DOTALL);
    const names = new Set(Object.keys(regex.namedGroups()));
    const groups = regex.groupCount();
    const isGroup = (group: number | string) => (typeof group === 'number' ? group <= groups : names.has(group));
    return ok({
      isSlow: regex.programSize() > MOST_QUICK_INSTRUCTIONS,
      match: (text) => {
        const matcher = regex.matcher(text);
        if (!matcher.matches()) return undefined;
        return { group: (group) => (isGroup(group) ? (matcher.group(group) ?? '') : '') };
      },
    });
  } catch (thrown) {
    return err(thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown problem');
  }
}
