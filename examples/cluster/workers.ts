// Keeps so many workers running, and ends one now and then: politely, or as the kernel does when memory runs out.
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { endings } from './metrics.js';

export type Ending = 'SIGTERM' | 'SIGKILL';

const LONGEST_PEACE_MS = 600;

export class Workers {
  readonly #signals: readonly Ending[];
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(signals: readonly Ending[]) {
    this.#signals = signals;
  }

  async start(count: number): Promise<void> {
    cluster.on('exit', (_worker, code, signal) => {
      endings.increment(1, { signal: signal ?? (code === 0 ? 'SIGTERM' : `exit ${code}`) });
      if (this.#isOver) return;
      // The next one ends when this one is there, so that there is always somebody to answer.
      cluster.fork().once('listening', () => this.#endOneLater());
    });
    await Promise.all(Array.from({ length: count }, () => once(cluster.fork(), 'listening')));
    this.#endOneLater();
  }

  /** Nothing is ended any more; those that run go on. */
  calm(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async stop(): Promise<void> {
    this.calm();
    await Promise.all(
      workers().map((worker) => {
        const gone = once(worker, 'exit');
        worker.process.kill('SIGTERM');
        return gone;
      }),
    );
  }

  #endOneLater(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(
      () => pick(workers())?.process.kill(pick(this.#signals)),
      Math.random() * LONGEST_PEACE_MS,
    );
  }
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}
