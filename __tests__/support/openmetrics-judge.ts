// Asks the reference parser of OpenMetrics, written in Python, whether it accepts a text. One process lives as long as the suite
// and judges text after text, because starting an interpreter for each would take longer than the whole property test.
import { join } from 'node:path';
import { type Child, startChild } from './child.js';
import { serverComponent } from './servers.js';

/** What a text needs to be judged: name both in the gate of the suite. */
export const JUDGE_COMPONENTS = ['python', 'openmetrics-parser'] as const;

const CHECK_TIMEOUT_MS = 30_000;

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly error: string };

export interface OpenMetricsJudge {
  readonly pid: number;
  /**
   * Whether the text is valid OpenMetrics 1.0. Texts may be handed over without waiting: they are judged in order.
   * Beyond what the parser finds, duplicate series and integers as `le` or `quantile` are errors. ~0.1 ms for a small text.
   */
  check(text: string | Uint8Array): Promise<Verdict>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Starts the judge and sees it accept the empty exposition. */
export async function startOpenMetricsJudge(): Promise<OpenMetricsJudge> {
  const python = serverComponent('python');
  const args = [join(__dirname, 'openmetrics-judge.py'), serverComponent('openmetrics-parser').path];
  // Isolated: neither the user's site packages nor PYTHONPATH may bring another prometheus_client along.
  const child = startChild({ path: python.path, env: python.env, args: ['-I', '-B', ...args] });
  const queue = new VerdictQueue(child);
  const verdict = await queue.check('# EOF\n');
  if (!verdict.ok) throw new Error(`The judge rejects the empty exposition: ${verdict.error}`);
  return { pid: child.pid, check: (text) => queue.check(text), stop: () => child.stop() };
}

/** Matches verdicts, which come in order, with those who wait for them. */
class VerdictQueue {
  readonly #child: Child;
  readonly #waiting: Waiting[] = [];
  #received: Buffer = Buffer.alloc(0);

  constructor(child: Child) {
    this.#child = child;
    child.process.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void child.ended.then(() => this.#abandon(`The judge has ended. ${child.stderr().slice(-2_000)}`));
  }

  check(text: string | Uint8Array): Promise<Verdict> {
    const { exitCode, signalCode, stdin } = this.#child.process;
    if (exitCode !== null || signalCode !== null) return Promise.reject(new Error('The judge has ended.'));
    const bytes = Buffer.from(text);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(), CHECK_TIMEOUT_MS);
      this.#waiting.push({ resolve, reject, timer });
      stdin.write(`${bytes.length}\n`);
      stdin.write(bytes);
    });
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const lineEnd = this.#received.indexOf(0x0a);
      if (lineEnd === -1) return;
      const [word, length = '0'] = this.#received.toString('utf8', 0, lineEnd).split(' ');
      const end = lineEnd + 1 + Number(length);
      if (this.#received.length < end) return;
      const error = this.#received.toString('utf8', lineEnd + 1, end);
      this.#received = this.#received.subarray(end);
      const waiting = this.#waiting.shift();
      clearTimeout(waiting?.timer);
      waiting?.resolve(word === 'ok' ? { ok: true } : { ok: false, error });
    }
  }

  #giveUp(): void {
    this.#abandon(`The judge gave no verdict within ${CHECK_TIMEOUT_MS / 1000} s.`);
    this.#child.process.kill('SIGKILL');
  }

  #abandon(reason: string): void {
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
  }
}
