// Global registries that nobody reads, in real processes: prom-client once, twice, beside its stand-in, and attached.
import { cpSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { buildPackage, startProgram } from '../../support/program.js';

jest.setTimeout(120_000);

const folder = join(root, `.cache/second-copy-${process.pid}`);
const copy = join(folder, 'node_modules/prom-client');

beforeAll(async () => {
  mkdirSync(copy, { recursive: true });
  cpSync(realpathSync(join(root, 'node_modules/prom-client')), copy, { recursive: true });
  await buildPackage();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = `
import { createRequire } from 'node:module';
import { MetricsCollector } from 'telltale';
import first from 'prom-client';
const second = createRequire(import.meta.url)(${JSON.stringify(copy)});
const told = [];
const warnings = [];
process.on('warning', ({ code }) => warnings.push(code));
const metrics = new MetricsCollector({ onError: (error) => told.push(error) });
const fill = ({ Gauge }, name) => new Gauge({ name, help: 'x' });
`;
const TAIL = `
await metrics.expose();
await metrics.expose();
await new Promise(setImmediate);
console.log(JSON.stringify({ told, warnings }));
`;

async function run(source: string) {
  const program = startProgram(HEAD + source + TAIL);
  const line = await program.line();
  expect(await program.exit).toBe(0);
  return JSON.parse(line ?? '') as unknown;
}

const original = expect.stringMatching(/node_modules\/prom-client\/index\.js$/);

describe('a reading', () => {
  it('tells of a global registry that is not attached, once', async () => {
    expect(await run(`fill(first, 'a');`)).toEqual({
      told: [{ kind: 'registries_unread', registries: [original] }],
      warnings: [],
    });
  });

  it('warns the process as well where there are two', async () => {
    expect(await run(`fill(first, 'a'); fill(second, 'b');`)).toEqual({
      told: [{ kind: 'registries_unread', registries: [original, join(copy, 'index.js')] }],
      warnings: ['TELLTALE_REGISTRIES_UNREAD'],
    });
  });

  it('warns where one of two is attached, of the other one', async () => {
    expect(await run(`fill(first, 'a'); fill(second, 'b'); metrics.attach(first.register);`)).toEqual({
      told: [{ kind: 'registries_unread', registries: [join(copy, 'index.js')] }],
      warnings: ['TELLTALE_REGISTRIES_UNREAD'],
    });
  });

  it('warns where the stand-in for prom-client and prom-client itself have metrics', async () => {
    expect(await run(`fill(first, 'a'); fill(await import('telltale/prom-client'), 'b');`)).toEqual({
      told: [{ kind: 'registries_unread', registries: [original, 'telltale/prom-client'] }],
      warnings: ['TELLTALE_REGISTRIES_UNREAD'],
    });
  });

  it('is silent where all are attached, and where they have no metrics', async () => {
    const silent = { told: [], warnings: [] };
    expect(await run(`fill(first, 'a'); metrics.attach(first.register);`)).toEqual(silent);
    expect(await run('')).toEqual(silent);
  });
});
