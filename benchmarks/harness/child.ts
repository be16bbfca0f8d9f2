// Measuring in a process of its own, for what depends on a heap that holds nothing else: one answer, then it ends.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs `children/<name>.js` with these arguments and V8 options; answers what it sends first. */
export async function answerOf<T>(name: string, args: readonly string[], options: readonly string[]): Promise<T> {
  const child = fork(new URL(`../children/${name}.js`, import.meta.url), args, { execArgv: [...options] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The process of ${name} ${args.join(' ')} ended with ${code} before it answered.`);
  });
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => {});
  return answer;
}

/** Sends the answer of this process to the one that waits for it. */
export function answer(value: unknown): void {
  process.send?.(value, () => process.disconnect());
}
