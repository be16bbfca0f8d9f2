// Holds the architecture: the import table, the absence of cycles, the public entry points as the only way in for
// benchmarks and examples, and a header on every file. The checks are themselves tested on small invented trees.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesWithoutHeader, forbiddenImports, importCycles, privateImports } from './architecture/check-imports.js';
import { entryPoints, importTable } from './architecture/import-table.js';
import { readSourceTree, type SourceTree } from './architecture/source-tree.js';

const root = join(__dirname, '..');
const tree = (files: Record<string, string>): SourceTree => new Map(Object.entries(files));

const { exports: packageExports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Record<string, string | { readonly import: { readonly default: string } }>;
};
const publicNames = Object.keys(packageExports)
  .filter((path) => path !== './package.json')
  .map((path) => path.replace(/^\./, 'telltale'));

describe('the library', () => {
  const library = readSourceTree(root, ['lib', 'storage', 'decorators']);

  it('imports only what the table allows', () => {
    expect(forbiddenImports(library, importTable)).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(importCycles(library)).toEqual([]);
  });

  it('offers exactly the entry points that package.json names', () => {
    const files = Object.values(packageExports).flatMap((target) =>
      typeof target === 'string' ? [] : [target.import.default.replace(/^\.\/dist\/esm\/(.*)\.js$/, '$1')],
    );
    expect(files.toSorted()).toEqual(entryPoints.toSorted());
  });
});

describe('benchmarks and examples', () => {
  it.each(['benchmarks', 'examples'])('use public entry points only: %s', (folder) => {
    expect(privateImports(readSourceTree(root, [folder]), publicNames)).toEqual([]);
  });
});

describe('every source file', () => {
  const folders = ['lib', 'storage', 'decorators', 'benchmarks', 'examples', 'scripts', '__tests__'];

  it('opens with a comment that says what lives there', () => {
    expect(filesWithoutHeader(readSourceTree(root, folders))).toEqual([]);
  });
});

describe('forbiddenImports', () => {
  const table = [
    { unit: 'lib/errors', mayImport: [] },
    { unit: 'lib/model', mayImport: ['lib/errors'], packages: ['re2js'] },
    { unit: 'lib/live', mayImport: ['lib/model', 'lib/errors'], packages: ['node:*'] },
    { unit: 'lib/live/index', mayImport: 'anything' },
  ] as const;
  const check = (files: Record<string, string>): readonly string[] => forbiddenImports(tree(files), table);
  const model = { 'lib/model/names.ts': '' };

  it.each([
    ['an import', "import { a } from '../live/a.js';"],
    ['a type import', "import type { A } from '../live/a.js';"],
    ['a re-export', "export { a } from '../live/a.js';"],
    ['a star export', "export * from '../live/a.js';"],
    ['a type re-export', "export type { A } from '../live/a.js';"],
    ['a side-effect import', "import '../live/a.js';"],
    ['a dynamic import', "const load = async () => { const a = await import('../live/a.js'); return a; };"],
    ['a type query', "export type A = import('../live/a.js').A;"],
  ])('sees %s', (_, text) => {
    expect(check({ 'lib/live/a.ts': '', 'lib/model/names.ts': text })).toEqual([
      'lib/model/names.ts imports lib/live/a.ts: lib/model may only import lib/errors.',
    ]);
  });

  it('is not fooled by comments and strings', () => {
    const text = "// import '../live/a.js'\nexport const text = `import '../live/a.js'`;";
    expect(check({ 'lib/live/a.ts': '', 'lib/model/names.ts': text })).toEqual([]);
  });

  it('allows neighbours, listed units, listed packages and what Node brings', () => {
    const text = `import '../errors.js'; import '../model/names.js'; import './b.js'; import 'node:fs'; import 'neverthrow';`;
    expect(check({ ...model, 'lib/errors.ts': '', 'lib/live/b.ts': '', 'lib/live/a.ts': text })).toEqual([]);
  });

  it('refuses a package that the row does not list', () => {
    expect(check({ 'lib/model/names.ts': "import 'node:fs'; import 're2js'; import 'express';" })).toEqual([
      'lib/model/names.ts imports the package node:fs: lib/model may only use neverthrow, re2js.',
      'lib/model/names.ts imports the package express: lib/model may only use neverthrow, re2js.',
    ]);
  });

  it('refuses the import of a surface by what stands behind it', () => {
    expect(check({ ...model, 'lib/live/index.ts': '', 'lib/live/a.ts': "import './index.js';" })).toEqual([
      'lib/live/a.ts imports lib/live/index.ts: lib/live may only import lib/model, lib/errors.',
    ]);
  });

  it('refuses a file that no row covers and an import that leads nowhere', () => {
    expect(check({ 'lib/modelling.ts': '', 'lib/live/a.ts': "import './gone.js';" })).toEqual([
      'lib/modelling.ts belongs to no row of the import table: add one, or move the file.',
      'lib/live/a.ts imports ./gone.js, which does not exist.',
    ]);
  });
});

describe('importCycles', () => {
  it('names a cycle once, from its first file around to it', () => {
    const files = {
      'a.ts': "import './b.js'; import './c.js';",
      'b.ts': "import type { C } from './c.js';",
      'c.ts': "export { b } from './b.js';",
    };
    expect(importCycles(tree(files))).toEqual(['b.ts → c.ts → b.ts']);
  });

  it('names a file that imports itself', () => {
    expect(importCycles(tree({ 'a.ts': "import './a.js';" }))).toEqual(['a.ts → a.ts']);
  });

  it('accepts two ways to the same file', () => {
    const files = { 'a.ts': "import './b.js'; import './c.js';", 'b.ts': "import './c.js';", 'c.ts': '' };
    expect(importCycles(tree(files))).toEqual([]);
  });
});

describe('privateImports', () => {
  const check = (text: string): readonly string[] =>
    privateImports(tree({ 'examples/a.ts': text, 'examples/b.ts': '' }), ['telltale', 'telltale/http']);

  it('accepts entry points, other packages and files beside it', () => {
    expect(check("import 'telltale'; import 'telltale/http'; import 'express'; import './b.js';")).toEqual([]);
  });

  it('refuses a path into the package and a path out of the folder', () => {
    expect(check("import 'telltale/lib/collector.js'; import '../lib/index.js';")).toEqual([
      'examples/a.ts imports telltale/lib/collector.js, which is no entry point: there are telltale, telltale/http.',
      'examples/a.ts imports ../lib/index.js: outside its own folder it may only import telltale, telltale/http.',
    ]);
  });
});

describe('filesWithoutHeader', () => {
  it('wants a comment before anything else, save the interpreter line', () => {
    const files = {
      'a.ts': '// a\n',
      'b.ts': '/** b */',
      'c.mjs': '#!/usr/bin/env node\n// c',
      'd.ts': '\n// d',
      'e.ts': '',
    };
    expect(filesWithoutHeader(tree(files))).toEqual(['d.ts', 'e.ts']);
  });
});
