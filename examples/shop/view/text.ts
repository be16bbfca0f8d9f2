// Styled text for a terminal: lines made of spans, so that widths are counted and lines cut before any colour code is in
// the way. Knows nothing of what the lines say.

export type Style = 'plain' | 'dim' | 'bold' | 'title' | 'calm' | 'good' | 'warn' | 'bad';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

const CODES: Readonly<Record<Style, string>> = {
  plain: '',
  dim: '\x1b[2m',
  bold: '\x1b[1m',
  title: '\x1b[1;36m',
  calm: '\x1b[36m',
  good: '\x1b[32m',
  warn: '\x1b[33m',
  bad: '\x1b[31m',
};
const RESET = '\x1b[0m';

export function span(text: string, style: Style = 'plain'): Span {
  return { text, style };
}

/** Every character that is used here takes one column. */
export function widthOf(line: Line): number {
  return line.reduce((width, { text }) => width + [...text].length, 0);
}

/** Cuts what goes beyond the columns. */
export function clip(line: Line, columns: number): Line {
  let room = columns;
  return line.map(({ text, style }) => {
    const kept = [...text].slice(0, room).join('');
    room -= [...kept].length;
    return { text: kept, style };
  });
}

/** Cuts or fills with blanks, so that the line is exactly as wide as the columns. */
export function padded(line: Line, columns: number): Line {
  const clipped = clip(line, columns);
  return [...clipped, span(' '.repeat(columns - widthOf(clipped)))];
}

/** Puts two blocks of lines side by side, the left one `columns` wide. */
export function beside(left: readonly Line[], columns: number, right: readonly Line[]): readonly Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...padded(left[i] ?? [], columns),
    ...(right[i] ?? []),
  ]);
}

/** The line as it is written to a terminal, or without any code for what is none. */
export function paint(line: Line, colours: boolean): string {
  if (!colours) return line.map(({ text }) => text).join('');
  return line
    .map(({ text, style }) => (style === 'plain' || text === '' ? text : CODES[style] + text + RESET))
    .join('');
}
