// The page about the architecture shows the same table that architecture.test.ts holds the sources to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTable } from '../architecture/import-table.js';
import { root } from '../setup/run-command.js';

const code = (name: string): string => `\`${name}\``;
const HEAD = ['| file or folder | may import | packages |', '|---|---|---|'];

describe('docs/architecture.md', () => {
  it('shows the import table row by row', () => {
    const rows = importTable.map(({ unit, mayImport, packages = [] }) => {
      const units = mayImport === 'anything' ? 'anything' : mayImport.map(code).join(', ') || 'nothing';
      return `| ${code(unit)} | ${units} | ${packages.map(code).join(', ') || '–'} |`;
    });
    const lines = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split('\n');
    const start = lines.indexOf(HEAD[0] ?? '');
    const shown = lines.slice(start, lines.indexOf('', start));
    expect(shown).toEqual([...HEAD, ...rows]);
  });
});
