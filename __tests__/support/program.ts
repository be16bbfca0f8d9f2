// Runs small programs against the built package as processes of their own: for what only a real process can show, such as
// signals, exit codes, and what is left behind by a kill.
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, runNode } from '../setup/run-command.js';
import { type Child, startChild } from './child.js';

// Inside the project, so that it finds the package by its own name.
const FOLDER = join(root, '.cache/programs');

export interface Program {
  readonly child: Child;
  /** The next line that it prints; undefined once it has closed its output. */
  line(): Promise<string | undefined>;
  /** How it ended: its exit code, or the signal that ended it. */
  readonly exit: Promise<number | string>;
}

/** Compiles the package if that is needed. Call it in `beforeAll`. */
export async function buildPackage(): Promise<void> {
  const { exitCode, output } = await runNode(join(root, 'scripts/build.mjs'), ['--if-stale']);
  if (exitCode !== 0) throw new Error(output);
}

/** Starts a program, an ES module that imports the package as users do. */
export function startProgram(source: string, args: readonly string[] = []): Program {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${randomUUID()}.mjs`);
  writeFileSync(file, source);
  const program = startNode([file, ...args]);
  void program.exit.finally(() => rmSync(file, { force: true }));
  return program;
}

/** Starts Node with these arguments. */
export function startNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = startChild({ path: process.execPath, args, env });
  const lines = createInterface({ input: child.process.stdout })[Symbol.asyncIterator]();
  const exit = child.ended.then(() => child.process.exitCode ?? child.process.signalCode ?? child.stderr());
  return { child, exit, line: async () => (await lines.next()).value as string | undefined };
}
