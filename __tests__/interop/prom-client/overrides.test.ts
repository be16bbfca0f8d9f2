// The stand-in under a dependency that imports prom-client by itself: installed by npm from tarballs, as an override, the way
// users do. npm puts the real one back without a word where the version does not fit, so it is asked who answers.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runCommand, runNode } from '../../setup/run-command.js';
import { buildPackage } from '../../support/program.js';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'telltale-overrides-'));
const consumer = join(folder, 'consumer');

/** Both kinds of modules of one application, whose metrics come together in one scrape. */
const application = `
import { createRequire } from 'node:module';
import express from 'express';
import bundle from 'express-prom-bundle';
import client, { Counter, register } from 'prom-client';
import { register as own } from 'telltale/prom-client';

const required = createRequire(import.meta.url)('prom-client');
new Counter({ name: 'orders_total', help: 'Orders' }).inc(2);
const app = express();
app.use(bundle({ includeMethod: true, includePath: true }));
app.get('/hello', (_, response) => response.send('hello'));
const server = app.listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port;
  await fetch(url + '/hello');
  const response = await fetch(url + '/metrics');
  const one = [client.register, required.register, own].every((other) => other === register);
  const { writable } = Object.getOwnPropertyDescriptor(required, 'collectDefaultMetrics');
  const said = { type: response.headers.get('content-type'), text: await response.text(), one, writable };
  console.log(JSON.stringify(said));
  server.close();
});
`;

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, output } = await runCommand('npm', args, cwd);
  expect(exitCode === 0 ? '' : output).toBe('');
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

beforeAll(async () => {
  await buildPackage();
  mkdirSync(consumer);
  await npm(
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, root, join(root, 'packages/prom-client')],
    root,
  );
  const tarballOf = (start: RegExp) =>
    `file:${join(folder, readdirSync(folder).find((name) => start.test(name)) ?? '')}`;
  const settings = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: {
      express: versionOf('express'),
      'express-prom-bundle': versionOf('express-prom-bundle'),
      'prom-client': tarballOf(/^telltale-prom-client-/),
      telltale: tarballOf(/^telltale-\d/),
    },
    overrides: { 'prom-client': '$prom-client' },
  };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(settings));
  writeFileSync(join(consumer, 'application.mjs'), application);
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent'], consumer);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is the only prom-client there is', async () => {
  const { output } = await runCommand('npm', ['ls', 'prom-client', '--all', '--parseable', '--long'], consumer);
  const found = output.split('\n').filter((line) => /node_modules\/prom-client:/.test(line));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('telltale-prom-client@15.1.');
  const installed = readdirSync(join(consumer, 'node_modules'));
  expect(installed).toContain('telltale');
  expect(installed).not.toContain('tdigest');
});

it('answers the scrapes of express-prom-bundle, together with the metrics of the application', async () => {
  const { output } = await runNode(join(consumer, 'application.mjs'), [], consumer);
  const { type, text, one, writable } = JSON.parse(output);
  expect(type).toBe('text/plain');
  expect(text).toContain('orders_total 2\n');
  expect(text).toMatch(/^http_request_duration_seconds_count\{status_code="200",method="GET",path="\/hello"\} 1$/m);
  expect(one).toBe(true);
  // As with prom-client, spies may be put in the place of functions.
  expect(writable).toBe(true);
});
