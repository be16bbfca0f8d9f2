// The page about testing keeps its word: its test file passes under a real vitest and says what is wrong when it does not, its
// other blocks run as they stand, and its table has every rule of the linter.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { lintMetrics, newTestCollector } from 'telltale/testing';
import { type Block, typescriptBlocks } from '../readme/blocks.js';
import { BlockFolder } from '../readme/run-blocks.js';
import { root, runNode, tool } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';

jest.setTimeout(120_000);

const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const [test, ...examples] = typescriptBlocks(page) as [Block, ...Block[]];
const folder = new BlockFolder('docs-testing');

beforeAll(async () => {
  await buildPackage();
  expect(await folder.compile([test, ...examples])).toBe('');
});
afterAll(() => folder.remove());

describe('docs/testing.md', () => {
  it.each(examples.map((block) => ({ block, title: `${block.section}, line ${block.line}` })))(
    'prints what it shows: $title',
    async ({ block }) => {
      expect(await folder.run(block)).toEqual({ exitCode: 0, output: block.output });
    },
  );

  it('shows a test that passes under vitest', async () => {
    const { exitCode, output } = await vitest(folder.moduleOf(test));
    expect(stripVTControlCharacters(output)).toMatch(/Tests {2}1 passed/);
    expect(exitCode).toBe(0);
  });

  it('shows a test that fails under vitest, in words, when something else is recorded', async () => {
    const wrong = { ...test, line: 1000, code: test.code.replace('pay(metrics, 20);', '') };
    expect(await folder.compile([wrong])).toBe('');
    const { exitCode, output } = await vitest(folder.moduleOf(wrong));
    expect(output).toContain('Expected that payments_total{outcome="paid"} 2 was recorded. There is:');
    expect(exitCode).toBe(1);
  });

  it('has a row for every rule of the linter', async () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const known = await lintMetrics(newTestCollector().metrics, { except: ['none'] }).catch(String);
    expect(known).toBe(`RangeError: There is no rule "none". There are ${rows.join(', ')}.`);
  });
});

/** Vitest takes no pattern for files on its command line, and readers have files that are named `*.test.ts`. */
function vitest(file: string) {
  const folder = dirname(file);
  const config = join(folder, 'vitest.config.mjs');
  writeFileSync(config, "export default { test: { include: ['line-*.mjs'] } };");
  return runNode(tool('vitest/vitest.mjs'), ['run', '--root', folder, '--config', config, basename(file)]);
}
