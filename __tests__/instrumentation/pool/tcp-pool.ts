// A pool in the shape of `Pool` of `pg`, of connections to a real TCP server: clients by promise or by callback, given back by
// their own `release`, errors of idle ones told as an event.
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface TcpClient {
  readonly socket: Socket;
  release: (error?: Error | boolean) => void;
}

type Callback = (error: Error | undefined, client?: TcpClient, release?: TcpClient['release']) => void;

export class TcpPool extends EventEmitter {
  readonly options: { readonly max: number };
  readonly #port: number;
  readonly #timeoutMs: number;
  readonly #idle: TcpClient[] = [];
  readonly #waiting: ((client: TcpClient) => void)[] = [];
  #total = 0;

  constructor(port: number, options: { readonly max: number; readonly timeoutMs: number }) {
    super();
    this.options = options;
    this.#port = port;
    this.#timeoutMs = options.timeoutMs;
  }

  get totalCount(): number {
    return this.#total;
  }
  get idleCount(): number {
    return this.#idle.length;
  }
  get waitingCount(): number {
    return this.#waiting.length;
  }

  connect(): Promise<TcpClient>;
  connect(callback: Callback): void;
  connect(callback?: Callback): Promise<TcpClient> | void {
    const client = this.#acquire();
    if (callback === undefined) return client;
    client.then(
      (one) => callback(undefined, one, one.release),
      (error: Error) => callback(error),
    );
  }

  /** Sends a line and answers what comes back, as `query` does: through `connect` with a callback. */
  ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.connect((error, client, release) => {
        if (client === undefined) return reject(error);
        client.socket.once('data', (data) => {
          release?.();
          resolve(data.toString());
        });
        client.socket.write(line);
      });
    });
  }

  end(): void {
    for (const { socket } of this.#idle.splice(0)) socket.destroy();
  }

  async #acquire(): Promise<TcpClient> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return this.#handOut(idle);
    if (this.#total < this.options.max) return this.#handOut(await this.#open());
    return new Promise((resolve, reject) => {
      const got = (client: TcpClient) => {
        clearTimeout(timer);
        resolve(this.#handOut(client));
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(got), 1);
        reject(new Error('timeout exceeded when trying to connect'));
      }, this.#timeoutMs);
      this.#waiting.push(got);
    });
  }

  async #open(): Promise<TcpClient> {
    this.#total++;
    const socket = connect(this.#port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } catch (error) {
      this.#total--;
      throw error;
    }
    const client: TcpClient = { socket, release: () => {} };
    socket.on('error', (error) => this.#lost(client, error));
    return client;
  }

  #lost(client: TcpClient, error: Error): void {
    this.#total--;
    const place = this.#idle.indexOf(client);
    if (place < 0) return;
    this.#idle.splice(place, 1);
    this.emit('error', error, client);
  }

  #handOut(client: TcpClient): TcpClient {
    let released = false;
    client.release = () => {
      if (released) throw new Error('Release called on client which has already been released to the pool.');
      released = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(client);
      else next(client);
    };
    return client;
  }
}
