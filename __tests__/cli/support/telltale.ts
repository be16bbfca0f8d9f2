// Runs the command `telltale` as a process and waits for its end.
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { type Program, startNode } from '../../support/program.js';

const COMMAND = join(root, 'dist/esm/lib/cli/main.js');

export interface Ended {
  readonly exit: number | string;
  /** What it printed on stdout and on stderr, without the last line break. */
  readonly out: string;
  readonly err: string;
}

export function telltale(...args: readonly string[]): Promise<Ended> {
  return telltaleWithInput('', ...args);
}

export async function telltaleWithInput(input: string, ...args: readonly string[]): Promise<Ended> {
  const program: Program = startNode([COMMAND, ...args]);
  program.child.process.stdin.end(input);
  const out: string[] = [];
  for (let line = await program.line(); line !== undefined; line = await program.line()) out.push(line);
  return { exit: await program.exit, out: out.join('\n'), err: program.child.stderr().replace(/\n$/, '') };
}
