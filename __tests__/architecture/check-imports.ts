// The checks behind architecture.test.ts, as pure functions from a tree of sources to a list of sentences: an empty list
// means that all is well, and every sentence names the file, what is wrong with it and the rule.
import type { ImportRow } from './import-table.js';
import { importsOf, isRelative, resolveRelative, type SourceTree } from './source-tree.js';

const covers = (unit: string, file: string): boolean => file === `${unit}.ts` || file.startsWith(`${unit}/`);

const rowOf = (table: readonly ImportRow[], file: string): ImportRow | undefined =>
  table.filter((row) => covers(row.unit, file)).sort((a, b) => b.unit.length - a.unit.length)[0];

const isAllowedPackage = (name: string, allowed: readonly string[]): boolean =>
  allowed.some((entry) =>
    entry === 'node:*' ? name.startsWith('node:') : name === entry || name.startsWith(`${entry}/`),
  );

/** Imports that the table does not allow, files without a row, and relative imports that lead nowhere. */
export function forbiddenImports(tree: SourceTree, table: readonly ImportRow[]): readonly string[] {
  return [...tree].flatMap(([file, text]) => {
    const row = rowOf(table, file);
    if (row === undefined) return [`${file} belongs to no row of the import table: add one, or move the file.`];
    return importsOf(text).flatMap((specifier) => judgeImport({ tree, table, file, row, specifier }));
  });
}

interface Import {
  readonly tree: SourceTree;
  readonly table: readonly ImportRow[];
  readonly file: string;
  readonly row: ImportRow;
  readonly specifier: string;
}

function judgeImport({ tree, table, file, row, specifier }: Import): readonly string[] {
  if (row.mayImport === 'anything') return [];
  if (!isRelative(specifier)) {
    const allowed = ['neverthrow', ...(row.packages ?? [])];
    if (isAllowedPackage(specifier, allowed)) return [];
    return [`${file} imports the package ${specifier}: ${row.unit} may only use ${allowed.join(', ')}.`];
  }
  const target = resolveRelative(tree, file, specifier);
  if (target === undefined) return [`${file} imports ${specifier}, which does not exist.`];
  // A file whose own row is narrower than its folder (an index, say) is judged as what it is, not as its folder.
  if (rowOf(table, target)?.unit === row.unit) return [];
  if (row.mayImport.some((unit) => covers(unit, target))) return [];
  return [`${file} imports ${target}: ${row.unit} may only import ${row.mayImport.join(', ') || 'nothing'}.`];
}

/** Every import cycle between files, once each, as `a → b → a`. Type imports count: they tie files together, too. */
export function importCycles(tree: SourceTree): readonly string[] {
  const cycles = new Map<string, string>();
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      const loop = path.slice(start);
      cycles.set([...loop].sort().join(), [...loop, file].join(' → '));
      return;
    }
    if (finished.has(file)) return;
    for (const specifier of importsOf(tree.get(file) ?? '').filter(isRelative)) {
      const target = resolveRelative(tree, file, specifier);
      if (target !== undefined) visit(target, [...path, file]);
    }
    finished.add(file);
  };
  for (const file of tree.keys()) visit(file, []);
  return [...cycles.values()];
}

/** Imports of the project by other ways than its public entry points. Other packages and files beside it are free. */
export function privateImports(tree: SourceTree, entryPoints: readonly string[]): readonly string[] {
  return [...tree].flatMap(([file, text]) =>
    importsOf(text).flatMap((specifier) => {
      if (isRelative(specifier)) {
        if (resolveRelative(tree, file, specifier) !== undefined) return [];
        return [`${file} imports ${specifier}: outside its own folder it may only import ${entryPoints.join(', ')}.`];
      }
      if (!/^telltale($|\/)/.test(specifier) || entryPoints.includes(specifier)) return [];
      return [`${file} imports ${specifier}, which is no entry point: there are ${entryPoints.join(', ')}.`];
    }),
  );
}

/** Files that do not open with a comment of at least one line. */
export function filesWithoutHeader(tree: SourceTree): readonly string[] {
  return [...tree].filter(([, text]) => !/^(#!.*\n)?\/[/*]/.test(text)).map(([file]) => file);
}
