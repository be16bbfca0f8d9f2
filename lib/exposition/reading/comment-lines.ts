// The lines of a text that begin with a number sign: which family they are about and what they say. There are few of them, so that
// they are read as strings.
import { LineFault } from './fault.js';

/** What a comment line says of a family. */
export interface Comment {
  readonly keyword: 'HELP' | 'TYPE' | 'UNIT';
  readonly name: string;
  readonly text: string;
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/**
 * A comment line of classic text, undefined where it is one for people only. `at` is where it begins.
 *
 * @throws LineFault
 */
export function classicComment(line: string, at: number, isLenient: boolean): Comment | undefined {
  const match = /^[ \t]*#[ \t]*(HELP|TYPE)[ \t]+/.exec(line);
  if (match === null) return undefined;
  const keyword = match[1] as Comment['keyword'];
  const { name, rest } = namedBy(line.slice(match[0].length), /[ \t]/, at);
  const text = rest.replace(/^[ \t]+/, '');
  if (text === '') return undefined;
  if (keyword === 'TYPE') return { keyword, name, text: text.replace(/[ \t]+$/, '') };
  if (!isLenient && /(?:^|[^\\])(?:\\\\)*\\(?![\\n"])/.test(text))
    throw new LineFault('Only \\\\, \\" and \\n are escapes.', at);
  return { keyword, name, text: unescaped(text) };
}

/**
 * A comment line of OpenMetrics, where there are no others than those about families.
 *
 * @throws LineFault
 */
export function openMetricsComment(line: string, at: number): Comment {
  const match = /^# (HELP|TYPE|UNIT) /.exec(line);
  if (match === null) throw new LineFault('A line like this begins with # HELP, # TYPE or # UNIT.', at);
  const keyword = match[1] as Comment['keyword'];
  const { name, rest } = namedBy(line.slice(match[0].length), / /, at);
  if (rest === '') throw new LineFault('A blank has to stand behind the name.', at);
  const text = rest.slice(1);
  return { keyword, name, text: keyword === 'HELP' ? unescaped(text) : text };
}

/** Text without its escapes; a backslash that begins none stays. */
export function unescaped(text: string): string {
  return text.replace(/\\([\\n"])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** The name that a text begins with, between quotes or as it is, and what stands behind it. */
function namedBy(text: string, blank: RegExp, at: number): { name: string; rest: string } {
  if (text === '') return { name: '', rest: '' };
  if (text.startsWith('"')) return quotedBy(text, blank, at);
  const end = text.search(blank);
  const name = end < 0 ? text : text.slice(0, end);
  if (!METRIC_NAME.test(name)) throw new LineFault('This line is about a metric, but has no valid name of one.', at);
  return { name, rest: text.slice(name.length) };
}

function quotedBy(text: string, blank: RegExp, at: number): { name: string; rest: string } {
  const match = /^"((?:[^"\\]|\\[\\n"])+)"/.exec(text);
  const rest = match === null ? '' : text.slice(match[0].length);
  if (match === null || (rest !== '' && rest.search(blank) !== 0)) {
    throw new LineFault('This line is about a metric, but has no valid name of one.', at);
  }
  return { name: unescaped(match[1]!), rest };
}
