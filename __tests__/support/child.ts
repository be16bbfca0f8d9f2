// Starts and ends the external processes of the tests. One place guarantees for all of them what a failing test cannot: each
// wait is bounded, and no process outlives the one that started it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
const LISTENING = /Listening on".*?address=127\.0\.0\.1:(\d+)/;
const KEPT_CHARACTERS = 64 * 1024;

/** What to run. */
export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its working folder; that of the tests by default. */
  readonly cwd?: string;
}

/** A started process whose output is kept for error messages. */
export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly pid: number;
  /** The end of what it has printed on stderr. */
  readonly stderr: () => string;
  /** Resolves once it has ended, in whatever way; never rejects. */
  readonly ended: Promise<void>;
  /** Asks it to end, insists after `graceMs`, and resolves when it is gone. Calling it again is harmless. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts a process that the kernel kills when this one dies, be it by SIGKILL. */
export function startChild({ path, args, env = {}, cwd }: Command): Child {
  // Unlike an exit hook, the kernel also acts when a test runner is killed. The pid stays the server's own.
  const guarded = existsSync(SETPRIV)
    ? { file: SETPRIV, argv: ['--pdeathsig', 'KILL', '--', path, ...args] }
    : { file: path, argv: [...args] };
  const child = spawn(guarded.file, guarded.argv, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_CHARACTERS);
  });
  // Nobody may be interested in stdout, and an unread pipe would stop the process once it is full.
  child.stdout.resume();
  // A process that ends before it has read everything is no error of the writer: its exit tells.
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      stderr += error.message;
      resolve();
    });
  });
  return {
    process: child,
    pid: child.pid ?? -1,
    stderr: () => stderr,
    ended,
    stop: (graceMs) => stop(child, { ended, graceMs }),
  };
}

async function stop(
  child: ChildProcessWithoutNullStreams,
  { ended, graceMs = 5_000 }: { readonly ended: Promise<void>; readonly graceMs: number | undefined },
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(insist);
}

/** Resolves with the first match of `pattern` on stderr; rejects with what was printed if the process ends or the time does. */
export async function stderrMatch(child: Child, pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  for (;;) {
    const match = pattern.exec(child.stderr());
    if (match !== null) return match;
    if (hasEnded) throw new Error(`The process ended before it was ready: ${child.stderr().slice(-2_000)}`);
    await Promise.race([once(child.process.stderr, 'data', { signal: timeout }), child.ended]).catch(() => {
      throw new Error(`The process was not ready within ${timeoutMs / 1000} s: ${child.stderr().slice(-2_000)}`);
    });
  }
}

/** Reads from its log which port a server of the Prometheus family has got, and ends it if there is none in 20 s. */
export async function listeningPort(child: Child): Promise<number> {
  try {
    const match = await stderrMatch(child, LISTENING, 20_000);
    return Number(match[1]);
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** How a command that ends by itself has ended. */
export interface CommandResult {
  readonly exitCode: number;
  /** stdout and stderr together, as they came. */
  readonly output: string;
}

/** Runs a command to its end with `input` on its stdin; rejects when it takes longer than `timeoutMs`. */
export async function runCommand(command: Command, input: string, timeoutMs = 30_000): Promise<CommandResult> {
  const child = startChild(command);
  let output = '';
  for (const stream of [child.process.stdout, child.process.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.process.kill('SIGKILL');
  }, timeoutMs);
  child.process.stdin.end(input);
  await child.ended;
  clearTimeout(timer);
  if (timedOut) throw new Error(`${command.path} did not end within ${timeoutMs / 1000} s: ${output.slice(-2_000)}`);
  return { exitCode: child.process.exitCode ?? -1, output: output === '' ? child.stderr() : output };
}
