// How much memory this process may use. Apart from the rules, because it is the one thing about them that the machine knows and
// the rules do not.
import { totalmem } from 'node:os';
import process from 'node:process';

/** In bytes: that of the container where it has a limit, else that of the machine. */
export function memoryLimitBytes(): number {
  // 0, or more than there is, where there is no limit.
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
