// The shop's handle on its load: starts the process, hears when it has ended, and stops it. Nothing of the load runs here.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadOptions, LoadReport } from './generator.js';

const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url));
const STOP_TIMEOUT_MS = 15_000;

export class LoadProcess {
  /** Resolves when requests are being sent, or never will be. */
  readonly started: Promise<unknown>;
  /** Resolves with what was sent once the process is gone; with undefined when it went without saying so. */
  readonly ended: Promise<LoadReport | undefined>;
  readonly #process: ChildProcess;

  constructor(options: LoadOptions) {
    this.#process = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let report: LoadReport | undefined;
    this.#process.on('message', (message: 'started' | LoadReport) => {
      if (message !== 'started') report = message;
    });
    this.ended = new Promise((resolve) => {
      this.#process.once('error', () => resolve(undefined));
      this.#process.once('close', () => resolve(report));
    });
    this.started = Promise.race([this.ended, new Promise((resolve) => this.#process.once('message', resolve))]);
    this.#send(options);
  }

  /** Sends no more requests, waits for those under way, and ends the process. */
  stop(): Promise<LoadReport | undefined> {
    this.#send('stop');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    return this.ended.finally(() => clearTimeout(timer));
  }

  /** A process that is gone hears nothing, and need not. */
  #send(message: LoadOptions | 'stop'): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }
}
