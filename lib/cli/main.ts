#!/usr/bin/env node
// The command `telltale`: finds the command that is asked for and hands it the rest. Its exit code is that of the command.
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lint } from './lint.js';
import { push } from './push.js';
import { query } from './query.js';
import { test } from './test.js';
import { UsageError } from './usage-error.js';
import { watch } from './watch.js';

const HELP = `telltale <command> [options]

  watch   scrapes any service that exposes metrics, keeps their history and answers PromQL about it
  push    runs a program as a batch job and pushes how it went to a Pushgateway
  query   asks telltale or Prometheus, or a folder of history, in PromQL and prints a table
  lint    reads a page of metrics and tells what breaks the conventions of Prometheus
  test    runs unit tests of alerting and recording rules, as promtool does: telltale test rules <file> …

  --help, -h     this text; telltale <command> --help tells more
  --version, -v  the version of telltale

Exit codes: 0 when all went well, 2 when a command was not understood; telltale <command> --help tells its others.`;

const USAGE_EXIT_CODE = 2;

/** Each takes its arguments and answers the exit code. */
const commands: ReadonlyMap<string, (args: readonly string[]) => Promise<number>> = new Map([
  ['watch', watch],
  ['push', push],
  ['query', query],
  ['lint', lint],
  ['test', test],
]);

async function run([name = '', ...rest]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(HELP);
    return 0;
  }
  if (name === '--version' || name === '-v') {
    console.log(version());
    return 0;
  }
  const command = commands.get(name);
  if (command !== undefined) return command(rest);
  throw new UsageError(name === '' ? 'No command was given.' : `There is no command "${name.slice(0, 100)}".`, HELP);
}

function version(): string {
  // From dist/esm/lib/cli, also when called through the link that npm makes.
  const file = join(dirname(realpathSync(process.argv[1] as string)), '../../../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

// Whoever reads may have read enough, as `head` has: then nothing more is printed, and the command goes on to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

run(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${error.hint}`);
    process.exitCode = USAGE_EXIT_CODE;
  },
);
