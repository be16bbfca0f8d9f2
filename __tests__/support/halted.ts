// Halts a process as a machine without time for it would. A signal is on its way when `kill` returns: a process of several
// threads may answer one more request, so tests wait until the kernel says that it stands.
import { existsSync, readFileSync } from 'node:fs';
import { pollUntil } from './poll.js';

/** Resolves once the process stands. It goes on with SIGCONT. */
export async function halt(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  // Where there is no /proc, the signal has to be enough.
  if (!existsSync(`/proc/${pid}/task`)) return;
  await pollUntil({ what: `The process ${pid} standing still`, timeoutMs: 5_000, intervalMs: 5 }, async () =>
    stateOf(pid) === 'T' ? true : undefined,
  );
}

function stateOf(pid: number): string | undefined {
  // The name of the program may have blanks and brackets; the state comes after the last one.
  return /\) (\S)[^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
}
