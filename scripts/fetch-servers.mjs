#!/usr/bin/env node
// Fetches the real servers and validators that tests talk to into a cache folder of the project, as packages of the
// machine's own distribution: no root, nothing installed, no service started. Instant when everything is there already.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Apt, Unavailable } from './servers/apt.mjs';
import { COMPONENTS } from './servers/components.mjs';
import { installComponent } from './servers/install.mjs';
import { lockDirectory } from './servers/lock.mjs';
import { isValid, readManifest, writeManifest } from './servers/manifest.mjs';

const EXIT = { ready: 0, failed: 1, usage: 2, unavailable: 3 };
const DEFAULT_DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'servers');

const HELP = `Usage: node scripts/fetch-servers.mjs [--directory DIR]

Fetches ${COMPONENTS.map((row) => row.name).join(', ')}
with apt-get into a cache folder and proves that each of them runs. Needs no root.

  --directory DIR   where to (default: .cache/servers of the project)
  --help            this text

Exit codes
  ${EXIT.ready}   everything is there
  ${EXIT.failed}   something is broken; the last line says what
  ${EXIT.usage}   wrong arguments
  ${EXIT.unavailable}   this machine cannot have them (no apt, or its mirror is out of reach): tests that need them
      are skipped. With CI=true this is a failure, and the exit code ${EXIT.failed}.
`;

const say = (text) => console.log(`servers: ${text}`);
const isCi = !['', '0', 'false'].includes(process.env.CI ?? '');

async function main() {
  const options = readArguments();
  if (options === undefined) return EXIT.usage;
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.ready;
  }
  const directory = resolve(options.directory ?? DEFAULT_DIRECTORY);
  if (missingRows(directory).length === 0) return ready(directory);
  mkdirSync(directory, { recursive: true });
  if (process.platform !== 'linux') return giveUp(directory, new Unavailable('Only Linux has apt-get.'));
  const unlock = await lockDirectory(directory, {
    onWait: () => say('another run is fetching them, waiting for it …'),
  });
  try {
    return await fetchMissing(directory);
  } finally {
    await unlock();
  }
}

function readArguments() {
  try {
    return parseArgs({ options: { directory: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    console.error(`servers: ${error.message} See --help.`);
    return undefined;
  }
}

async function fetchMissing(directory) {
  const workDirectory = join(directory, '.work');
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory);
  const apt = new Apt(workDirectory);
  try {
    await apt.open();
    for (const row of missingRows(directory)) {
      say(`${row.name} …`);
      const { components, ...rest } = readManifest(directory);
      const entry = await installComponent(row, { directory, workDirectory, apt, components, say });
      writeManifest(directory, { ...rest, unavailable: {}, components: { ...components, [row.name]: entry } });
      say(`${row.name} ${entry.version} runs (${entry.suite})`);
    }
    return ready(directory);
  } catch (error) {
    if (error instanceof Unavailable) return giveUp(directory, error);
    throw error;
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

function missingRows(directory) {
  const { components } = readManifest(directory);
  return COMPONENTS.filter((row) => !isValid(directory, { row, entry: components[row.name] }));
}

function ready(directory) {
  const { components } = readManifest(directory);
  const list = COMPONENTS.map(({ name }) => `${name} ${components[name].version}`);
  say(`${list.join(', ')} in ${relative(process.cwd(), directory) || '.'}`);
  return EXIT.ready;
}

// Written down, so that every suite that is skipped for it can say why.
function giveUp(directory, { message }) {
  const missing = missingRows(directory).map((row) => row.name);
  const unavailable = Object.fromEntries(missing.map((name) => [name, message]));
  writeManifest(directory, { ...readManifest(directory), unavailable });
  console.error(`servers: ${missing.join(', ')} cannot be had here: ${message}`);
  return isCi ? EXIT.failed : EXIT.unavailable;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`servers: ${error.message}`);
  process.exitCode = EXIT.failed;
}
