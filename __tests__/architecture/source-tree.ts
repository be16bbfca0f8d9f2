// Reads source files and what each of them imports. A tree is a plain map from path to text, so that the checks run on
// invented trees as they run on the project. The parser is the compiler's own: it sees `import type`, re-exports,
// `import()` in code and in types, and is not fooled by comments or strings.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Paths relative to the project, with forward slashes, to the text of each file. */
export type SourceTree = ReadonlyMap<string, string>;

/** Reads every source file of the given folders; a folder that does not exist is an empty one. */
export function readSourceTree(root: string, folders: readonly string[]): SourceTree {
  const tree = new Map<string, string>();
  for (const folder of folders.filter((name) => existsSync(join(root, name)))) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const path = posix.join(folder, name.replaceAll('\\', '/'));
      if (/\.[cm]?[jt]sx?$/.test(path)) tree.set(path, readFileSync(join(root, path), 'utf8'));
    }
  }
  return tree;
}

/** The specifiers that a file imports, in any form the language has, each once. */
export function importsOf(text: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return [...new Set(importedFiles.map((file) => file.fileName))];
}

export const isRelative = (specifier: string): boolean => /^\.{1,2}(\/|$)/.test(specifier);

/** The file that a relative specifier means: `./x.js` is compiled from `./x.ts`. */
export function resolveRelative(tree: SourceTree, from: string, specifier: string): string | undefined {
  const path = posix.join(posix.dirname(from), specifier);
  return [path, path.replace(/\.(m?)js$/, '.$1ts')].find((candidate) => tree.has(candidate));
}
