// Libraries that are built on prom-client run on the drop-in as they are: the same application, the same requests, and a scrape
// that says the same as with prom-client itself.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { buildPackage, startNode } from '../../support/program.js';
import { applications, redirectTo } from './applications.js';

jest.setTimeout(120_000);

const folder = join(root, '.cache/prom-client-users');
const redirect = join(folder, 'redirect.cjs');

beforeAll(async () => {
  await buildPackage();
  mkdirSync(folder, { recursive: true });
  writeFileSync(redirect, redirectTo(join(root, 'dist/cjs/lib/interop/prom-client/index.js')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Scrape {
  readonly type: string | null;
  readonly text: string;
}

/** Runs an application, asks it a few things, and scrapes it. */
async function scrapeOf(name: string, nodeArguments: readonly string[]): Promise<Scrape> {
  const file = join(folder, `${name.replace(/\W/g, '-')}.cjs`);
  writeFileSync(file, applications[name] ?? '');
  const program = startNode([...nodeArguments, file]);
  try {
    const url = `http://127.0.0.1:${await program.line()}`;
    for (const path of ['/orders/1', '/orders/2', '/orders/2', '/broken', '/missing', '/metrics']) {
      await (await fetch(url + path)).text();
    }
    const response = await fetch(`${url}/metrics`);
    return { type: response.headers.get('content-type'), text: await response.text() };
  } finally {
    program.child.process.kill();
    await program.exit;
  }
}

/** Their values, or even their labels, differ from process to process. */
const OF_THE_MOMENT = /^(process_|nodejs_)|_sum$|_bucket$|quantile/;
const LABELS_OF_THE_MOMENT = /^nodejs_(active|gc)_/;

/** Heads and samples, in an order of their own, without what differs from process to process. */
function saidIn({ text }: Scrape): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !LABELS_OF_THE_MOMENT.test(line));
  return lines
    .map((line) => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (line.startsWith('#')) return line;
      const sorted = labels.split(',').sort().join();
      return `${name}{${sorted}} ${OF_THE_MOMENT.test(name) || labels.includes('quantile') ? '' : value}`;
    })
    .sort();
}

it.each(Object.keys(applications))('%s says the same on both', async (name) => {
  const original = await scrapeOf(name, []);
  const telltale = await scrapeOf(name, ['--require', redirect]);
  expect(saidIn(telltale)).toEqual(saidIn(original));
  expect(telltale.type).toBe(original.type);
  expect(saidIn(telltale).join('\n')).toMatch(/ [23]$/m);
});
