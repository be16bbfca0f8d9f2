// Takes back what the path-to-regexp of Express 4 made of a pattern: a router keeps the regular expression only. What is no
// pattern in disguise stays a regular expression, which is one text as well.

export interface PathKey {
  /** A number for what has no name in the pattern. */
  readonly name: string | number;
}

const END_OF_PREFIX = '\\/?(?=\\/|$)';

export function patternOfRegExp(regexp: RegExp, keys: readonly PathKey[]): string {
  const { source } = regexp;
  if (!source.startsWith('^') || !source.endsWith(END_OF_PREFIX)) return String(regexp);
  const pattern = convert(source.slice(1, -END_OF_PREFIX.length), [...keys]);
  return pattern ?? String(regexp);
}

/** Undefined where the source has more in it than text and groups. */
function convert(source: string, keys: PathKey[]): string | undefined {
  let pattern = '';
  for (let i = 0; i < source.length; i++) {
    const char = source[i] as string;
    if (char === '\\') {
      i++;
      if (!/[/.\-$()]/.test(source[i] as string)) return undefined;
      pattern += source[i];
    } else if (char === '(') {
      const end = endOfGroup(source, i);
      const text = group(source.slice(i + 1, end), keys);
      if (text === undefined) return undefined;
      pattern += text;
      i = source[end + 1] === '?' ? end + 1 : end;
    } else if (/[[\]{}*+?|^$.)]/.test(char)) {
      return undefined;
    } else {
      pattern += char;
    }
  }
  return pattern;
}

/** The first group that captures is a parameter, whatever it allows. */
function group(content: string, keys: PathKey[]): string | undefined {
  if (content.startsWith('?:')) return convert(content.slice(2), keys);
  if (content.startsWith('?')) return undefined;
  const name = keys.shift()?.name;
  return typeof name === 'string' ? `:${name}` : '*';
}

function endOfGroup(source: string, start: number): number {
  let depth = 0;
  let inClass = false;
  for (let i = start; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (!inClass && char === '(') depth++;
    else if (!inClass && char === ')' && --depth === 0) return i;
  }
  return source.length;
}
