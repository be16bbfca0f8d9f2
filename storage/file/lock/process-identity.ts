// Tells whether a process that once wrote its identity down still runs. A pid alone is not enough: after a restart of the
// machine or of a container, another process has it.
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in ticks since the machine did, as Linux tells it; empty where nothing tells it. */
  readonly start: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: statusOf(process.pid)?.start ?? '' };
}

export function isAlive({ pid, start }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // A process of another user may not be signalled, but is there.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const status = statusOf(pid);
  if (status === undefined) return true;
  return !status.hasEnded && (start === '' || start === status.start);
}

/** Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function statusOf(pid: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets, and may contain both blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { start: fields[19] ?? '', hasEnded: fields[0] === 'Z' || fields[0] === 'X' };
}
