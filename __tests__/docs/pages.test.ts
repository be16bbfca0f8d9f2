// Pages that need no server keep their word: every block compiles, runs as it stands, and prints what is shown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typescriptBlocks } from '../readme/blocks.js';
import { BlockFolder } from '../readme/run-blocks.js';
import { patternOf } from '../readme/shown.js';
import { root } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';

jest.setTimeout(120_000);
beforeAll(buildPackage);

describe.each([
  'alerts',
  'cluster',
  'dashboard',
  'decorators',
  'exemplars',
  'exposition',
  'instrumentation',
  'migrating-from-prom-client',
  'names',
  'registries',
  'opentelemetry',
  'querying',
])('docs/%s.md', (name) => {
  const blocks = typescriptBlocks(readFileSync(join(root, `docs/${name}.md`), 'utf8'));
  const folder = new BlockFolder(`docs-${name}`);

  beforeAll(async () => {
    expect(await folder.compile(blocks)).toBe('');
  });
  afterAll(() => folder.remove());

  it.each(blocks.map((block) => ({ block, title: `${block.section}, line ${block.line}` })))(
    'prints what it shows: $title',
    async ({ block }) => {
      const { exitCode, output } = await folder.run(block);
      expect(`${output}\n`).toMatch(patternOf(block.output));
      expect(exitCode).toBe(0);
    },
  );
});
