// The README keeps its word: every block compiles under the strict settings, runs as it stands, and prints exactly what
// is shown; its commands exist. Its links and pictures, and those of the pages in docs, lead somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellCommands, typescriptBlocks } from './readme/blocks.js';
import { BlockFolder, isServer } from './readme/run-blocks.js';
import { root, runNode } from './setup/run-command.js';

jest.setTimeout(120_000);

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const blocks = typescriptBlocks(readme);
const title = ({ section, line }: { readonly section: string; readonly line: number }) => `${section}, line ${line}`;
const ending = blocks.filter((block) => !isServer(block)).map((block) => ({ block, title: title(block) }));
const serving = blocks.filter(isServer).map((block) => ({ block, title: title(block) }));
const folder = new BlockFolder();

beforeAll(async () => {
  expect((await runNode(join(root, 'scripts/build.mjs'), ['--if-stale'])).output).toBe('');
  expect(await folder.compile(blocks)).toBe('');
});

afterAll(() => folder.remove());

describe('the blocks of the README', () => {
  it.each(ending)('print what is shown: $title', async ({ block }) => {
    expect(await folder.run(block)).toEqual({ exitCode: 0, output: block.output });
  });

  it.each(serving)('serve metrics: $title', async ({ block }) => {
    const answer = await folder.scrape(block);
    const shown = { status: answer.status, text: await answer.text() };
    expect(shown).toEqual({ status: 200, text: expect.stringContaining('# TYPE telltale_scrapes_total counter') });
  });

  it('begin with twelve lines', () => {
    expect(blocks[0]?.code.split('\n').filter((line) => line.trim() !== '')).toHaveLength(12);
  });
});

describe('the text of the README', () => {
  it('names the two commands that a newcomer needs, and package.json has them', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    expect(shellCommands(readme)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
  });

  it.each(['README.md', ...pages])('has links that lead somewhere: %s', (file) => {
    const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)];
    const missing = links.map(([, path = '']) => path).filter((path) => !existsSync(join(root, file, '..', path)));
    expect(missing).toEqual([]);
  });
});
