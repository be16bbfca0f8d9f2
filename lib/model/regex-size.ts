// How large a regular expression becomes when its repetitions are written out, as its automaton has them: `(a{100}){100}` is
// short and stands for ten thousand parts. Told from the text, because it is making the automaton that takes time and memory.

const REPETITION = /\{(\d+)(?:,(\d*))?\}/y;
const GROUP = /\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?/y;
/** An escaped character or class, a class in brackets, or any other character: operators count as what they make. */
const PART = /\\(?:[pPx]\{[^}]*\}|[pP].|.)|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|./sy;

/**
 * The number of characters, classes and operators of an expression, those in repetitions as often as they are repeated at most.
 * Of what is no expression it is any number.
 *
 * @example
 * regexSize('x(ab){1,3}'); // 7
 */
export function regexSize(pattern: string): number {
  /** What stands before each group that is open. */
  const outer: number[] = [];
  let before = 0;
  /** What a repetition repeats. */
  let last = 0;
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at];
    const repetition = char === '{' ? matchAt(REPETITION, pattern, at) : undefined;
    if (repetition !== undefined) last *= Math.max(1, Number(repetition[1]), Number(repetition[2] ?? 0));
    else if (char === '(') {
      outer.push(before + last);
      [before, last] = [0, 0];
    } else if (char === ')') [before, last] = [outer.pop() ?? 0, before + last];
    else [before, last] = [before + last, 1];
    at += (repetition ?? matchAt(char === '(' ? GROUP : PART, pattern, at))?.[0].length ?? 1;
  }
  return outer.reduce((sum, size) => sum + size, before + last);
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at;
  return expression.exec(text) ?? undefined;
}
