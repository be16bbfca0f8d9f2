// Starts the shop as its users do, as a process of its own, and lets tests see what it prints and how it ends.
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { type Child, startChild } from '../../support/child.js';

const READY_MS = 60_000;

export interface ShopProcess {
  readonly child: Child;
  /** Everything on stdout so far. */
  output(): string;
  /** The first match on stdout; rejects with what was printed when the process ends first. */
  match(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal, or a key to a terminal, and resolves with the exit code; without, when it has ended by itself. */
  end(by?: NodeJS.Signals | { readonly key: string }): Promise<number | null>;
}

/** `node scripts/start.mjs examples/shop/main.ts …`, which is what npm start runs. */
export function startShop(...args: readonly string[]): ShopProcess {
  return watch(
    startChild({ path: process.execPath, args: [join(root, 'scripts/start.mjs'), 'examples/shop/main.ts', ...args] }),
  );
}

/** `npm start -- …` */
export function npmStart(...args: readonly string[]): ShopProcess {
  return watch(startChild({ path: 'npm', args: ['--prefix', root, 'start', '--', ...args] }));
}

/** `npm start -- …` in a terminal of 120 columns and 40 rows, of which the process group is the one in front. */
export function npmStartInTerminal(...args: readonly string[]): ShopProcess {
  const command = `stty cols 120 rows 40; exec npm --prefix '${root}' start -- ${args.join(' ')}`;
  const env = { TERM: 'xterm-256color', NO_COLOR: '' };
  return watch(startChild({ path: '/usr/bin/script', args: ['-qfec', command, '/dev/null'], env }));
}

function watch(child: Child): ShopProcess {
  let output = '';
  child.process.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  return {
    child,
    output: () => output,
    match: async (pattern) => {
      const timeout = AbortSignal.timeout(READY_MS);
      for (;;) {
        const match = pattern.exec(output);
        if (match !== null) return match;
        if (hasEnded) throw new Error(`The shop ended before it printed ${pattern}: ${output}${child.stderr()}`);
        await Promise.race([once(child.process.stdout, 'data', { signal: timeout }), child.ended]).catch(() => {
          throw new Error(`The shop did not print ${pattern} in time: ${output.slice(-2_000)}${child.stderr()}`);
        });
      }
    },
    end: async (by) => {
      if (typeof by === 'string') child.process.kill(by);
      else if (by !== undefined) child.process.stdin.write(by.key);
      await child.ended;
      return child.process.exitCode;
    },
  };
}
