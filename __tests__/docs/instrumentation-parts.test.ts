// The page about the instrumentation of parts keeps its word: every block compiles, runs as it stands, and prints what is shown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typescriptBlocks } from '../readme/blocks.js';
import { BlockFolder } from '../readme/run-blocks.js';
import { root } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';

jest.setTimeout(120_000);

const blocks = typescriptBlocks(readFileSync(join(root, 'docs/instrumentation-parts.md'), 'utf8'));
const folder = new BlockFolder('docs-instrumentation-parts');

beforeAll(async () => {
  await buildPackage();
  expect(await folder.compile(blocks)).toBe('');
});
afterAll(() => folder.remove());

it.each(blocks.map((block) => ({ block, title: `${block.section}, line ${block.line}` })))(
  'prints what it shows: $title',
  async ({ block }) => {
    expect(await folder.run(block)).toEqual({ exitCode: 0, output: block.output });
  },
);
