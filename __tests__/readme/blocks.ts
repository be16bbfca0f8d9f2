// Finds the code blocks of a Markdown file and what each of them promises to print: the text block that comes next, or the
// comments behind its console.log calls. Knows nothing of how blocks are run.

export interface Block {
  /** Where its code begins in the file, from 1. */
  readonly line: number;
  /** The heading that it stands under. */
  readonly section: string;
  readonly code: string;
  /** What it prints, without the last line break. */
  readonly output: string;
}

interface Fence {
  readonly language: string;
  readonly line: number;
  readonly section: string;
  readonly code: string;
}

/** The TypeScript blocks, each with its output. Throws on a text block that belongs to none. */
export function typescriptBlocks(markdown: string): readonly Block[] {
  const fences = fencesOf(markdown);
  for (const [i, { language, line }] of fences.entries()) {
    if (language === 'text' && fences[i - 1]?.language !== 'ts')
      throw new Error(`Line ${line}: an output of no block.`);
    if (!['ts', 'text', 'sh'].includes(language)) throw new Error(`Line ${line}: a block of "${language}".`);
  }
  return fences.flatMap(({ language, ...block }, i) => {
    if (language !== 'ts') return [];
    const next = fences[i + 1];
    return [{ ...block, output: next?.language === 'text' ? next.code : commentedOutput(block.code) }];
  });
}

/** The lines of the shell blocks, without their comments. */
export function shellCommands(markdown: string): readonly string[] {
  return fencesOf(markdown)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n').map((line) => line.replace(/\s+#.*/, '')));
}

function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let section = '';
  let open: { readonly language: string; readonly line: number; readonly code: string[] } | undefined;
  for (const [i, line] of markdown.split('\n').entries()) {
    if (open === undefined) {
      if (/^#+ /.test(line)) section = line.replace(/^#+ /, '');
      if (line.startsWith('```')) open = { language: line.slice(3), line: i + 2, code: [] };
    } else if (line === '```') {
      fences.push({ ...open, section, code: open.code.join('\n') });
      open = undefined;
    } else {
      open.code.push(line);
    }
  }
  return fences;
}

function commentedOutput(code: string): string {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment).join('\n');
}
