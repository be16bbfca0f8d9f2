// Packs the package as it would be published and uses it as its users do: installed into an empty folder, from an ES
// module, a CommonJS file and two TypeScript files. What only works inside this repository fails here.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runCommand, runNode, tool } from '../setup/run-command.js';
import { expectedOutput, smokeModules } from './smoke-snippet.js';

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'telltale-package-'));
const consumer = join(folder, 'consumer');
let tarball = '';

beforeAll(async () => {
  const built = await runNode(join(root, 'scripts/build.mjs'), ['--if-stale']);
  expect(built.output).toBe('');
  const packed = await runCommand('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root);
  expect(packed.exitCode === 0 ? '' : packed.output).toBe('');
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball');

  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', tarball];
  const installed = await runCommand('npm', install, consumer);
  expect(installed.exitCode === 0 ? '' : installed.output).toBe('');
  for (const [name, text] of Object.entries(smokeModules)) writeFileSync(join(consumer, name), text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('is well-formed in the eyes of publint', async () => {
    const { exitCode, output } = await runNode(tool('publint/src/cli.js'), ['run', tarball, '--strict']);
    expect(exitCode === 0 ? '' : output).toBe('');
  });

  it('has the right types for every way of importing it, in the eyes of attw', async () => {
    const args = [tarball, '--profile', 'node16', '--format', 'ascii', '--no-color'];
    const { exitCode, output } = await runNode(tool('@arethetypeswrong/cli/dist/index.js'), args);
    expect(exitCode === 0 ? '' : output).toBe('');
  });

  it('brings nothing but what runs, its declarations and the papers', async () => {
    const files = readdirSync(join(consumer, 'node_modules/telltale'), { recursive: true, encoding: 'utf8' });
    const strangers = files.filter(
      (name) => !/^(dist(\/|$)|(LICENSE|package\.json|(README|CHANGELOG)\.md)$)/.test(name),
    );
    expect(strangers).toEqual([]);
  });
});

describe('the installed package', () => {
  it.each(['esm.mjs', 'cjs.cjs'])('works from %s', async (file) => {
    expect((await runNode(join(consumer, file), [], consumer)).output).toMatch(expectedOutput);
  });

  it('compiles and works from TypeScript, as ES module and as CommonJS', async () => {
    const compilerOptions = { target: 'es2022', lib: ['es2023'], module: 'node16', strict: true };
    // The declarations of the HTTP side speak of Node's own types, which every TypeScript project on Node has.
    const nodeTypes = { types: ['node'], typeRoots: [tool('@types')] };
    const settings = {
      compilerOptions: { ...compilerOptions, ...nodeTypes, outDir: 'out' },
      include: ['*.mts', '*.cts'],
    };
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(settings));
    const { output } = await runNode(tool('typescript/bin/tsc'), ['-p', consumer, '--pretty', 'false'], consumer);
    expect(output).toBe('');
    for (const file of ['typed-esm.mjs', 'typed-cjs.cjs']) {
      expect((await runNode(join(consumer, 'out', file), [], consumer)).output).toMatch(expectedOutput);
    }
  });
});
