// Runs one command of the tool chain and answers what it printed. Shared by the tests that judge the sources, the types
// and the packed tarball, which all want the tool's own words in the failure message.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The folder that holds package.json. */
export const root = join(__dirname, '../..');

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Starts `node script …` and collects both of its output streams, in the order in which they came. */
export function runNode(script: string, args: readonly string[], cwd: string = root): Promise<CommandResult> {
  return runCommand(process.execPath, [script, ...args], cwd);
}

/** Starts a program without a shell and collects both of its output streams. */
export function runCommand(program: string, args: readonly string[], cwd: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output: output.trim() }));
  });
}

/** A tool of the project, by the path of its script inside node_modules. */
export function tool(path: string): string {
  return join(root, 'node_modules', path);
}
