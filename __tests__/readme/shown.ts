// What a page shows of an output. Whole outputs are long, and some of what is in them differs from run to run: `…` on a line of its
// own stands for any lines, within a line for anything in it. Without it, a page shows all there is.

/** What an output with a line break behind it has to match, from its beginning to its end. */
export function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => (line === '…' ? '(?:.*\\n)*?' : `${escaped(line)}\\n`));
  return new RegExp(`^${lines.join('')}$`);
}

function escaped(line: string): string {
  return line
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
}
