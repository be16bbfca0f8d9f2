// Runs another program as if it were run directly: it has the terminal, gets the signals, and how it ends is told as a shell
// would tell it.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

/** How a program ended. */
export interface ProgramEnd {
  /** Its own; 128 plus the signal's number after a signal, 127 when there is no such program, 126 when it cannot be run. */
  readonly exitCode: number;
  /** The signal that ended it. */
  readonly signal?: NodeJS.Signals;
  /** Why it did not start. */
  readonly problem?: string;
}

const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
/** These the terminal itself sends to every program in the foreground. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNALLED = 128;

/** Resolves when the program has ended. While it runs, signals are passed on to it and do not end this process. */
export function runProgram(file: string, args: readonly string[]): Promise<ProgramEnd> {
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals) => {
    // Not `process.stdin`, which would open what the program reads from, and keep it from blocking.
    if (!(isatty(0) && FROM_TERMINAL.includes(signal))) child?.kill(signal);
  };
  // Before there is a program, so that no signal can end this process and leave that one behind.
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise<ProgramEnd>((resolve) => {
    try {
      child = spawn(file, args, { stdio: 'inherit' });
    } catch (error) {
      // Most reasons come as an event, some are thrown: an empty name, a file where a folder should be.
      resolve(notStarted(file, error as Error));
      return;
    }
    const { pid } = child;
    child.on('error', (error: NodeJS.ErrnoException) => {
      // A signal that could not be passed on is no end of the program.
      if (pid === undefined) resolve(notStarted(file, error));
    });
    child.on('close', (code, signal) => {
      if (signal === null) resolve({ exitCode: code ?? 1 });
      else resolve({ exitCode: SIGNALLED + constants.signals[signal], signal });
    });
  }).finally(() => {
    for (const signal of FORWARDED) process.removeListener(signal, forward);
  });
}

function notStarted(file: string, { code, message }: NodeJS.ErrnoException): ProgramEnd {
  if (code === 'ENOENT') return { exitCode: NOT_FOUND, problem: `There is no program ${file}.` };
  return { exitCode: NOT_EXECUTABLE, problem: `${file} cannot be run: ${message}.` };
}
