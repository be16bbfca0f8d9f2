// The clients, who keep their own books: what was answered, and what was cut off, of which nobody outside can tell whether it
// was done.
import { Agent, get } from 'node:http';

const PATIENCE_MS = 3000;

export interface Books {
  readonly answered: number;
  readonly interrupted: number;
}

export class Clients {
  readonly #port: number;
  readonly #agent: Agent;
  readonly #running: Promise<unknown>;
  #answered = 0;
  #interrupted = 0;
  #isOver = false;

  constructor(port: number, count: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: count });
    this.#running = Promise.all(Array.from({ length: count }, () => this.#run()));
  }

  get books(): Books {
    return { answered: this.#answered, interrupted: this.#interrupted };
  }

  /** Asks nothing more, and waits for the answers that are under way. */
  async stop(): Promise<Books> {
    this.#isOver = true;
    await this.#running;
    this.#agent.destroy();
    return this.books;
  }

  /** One after the other, for as long as it takes. */
  async #run(): Promise<void> {
    while (!this.#isOver) {
      const isAnswered = await this.#ask(Math.random() < 0.1 ? '/slow' : '/');
      if (isAnswered) this.#answered++;
      else this.#interrupted++;
    }
  }

  #ask(path: string): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = get(
        { host: '127.0.0.1', port: this.#port, path, agent: this.#agent, timeout: PATIENCE_MS },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece: string) => {
            text += piece;
          });
          response.on('close', () => resolve(text === 'done\n'));
        },
      );
      // A worker can die with a connection that it was just being handed.
      asked.on('timeout', () => asked.destroy()).on('error', () => resolve(false));
    });
  }
}
