// How a server closes without cutting anybody off. node:http's own closing counts a response as done once its last byte is
// queued, and destroys the connection of a reader that is still taking those bytes; here it is done once they have left.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** 24.8 days. A longer timer, an endless one included, would run out at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Connections {
  /** Every open connection with the number of its unfinished responses. */
  readonly #open = new Map<Socket, number>();
  readonly #server: Server;
  #closed: Promise<void> | undefined;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#open.set(socket, 0);
      socket.once('close', () => this.#open.delete(socket));
    });
    // Before any other listener, so that the head of the response can still say that the connection ends.
    server.prependListener('request', ({ socket }, response) => {
      this.#change(socket, 1);
      if (this.#closed !== undefined) response.setHeader('Connection', 'close');
      response.once('close', () => this.#change(socket, -1));
    });
    // `close` of the server calls this, and must not use its own idea of idle.
    server.closeIdleConnections = () => this.#closeIdle();
  }

  /**
   * Stops listening and resolves once the last response has left, or the time is up and the rest has been cut. A later
   * call waits for the same end, with its own patience.
   */
  async close(timeoutSeconds: number): Promise<void> {
    this.#closed ??= new Promise((resolve) => this.#server.close(() => resolve()));
    const timer = setTimeout(
      () => this.#server.closeAllConnections(),
      Math.min(timeoutSeconds * 1000, LONGEST_TIMER_MS),
    );
    await this.#closed;
    clearTimeout(timer);
  }

  #change(socket: Socket, by: 1 | -1): void {
    const before = this.#open.get(socket);
    if (before === undefined) return;
    this.#open.set(socket, before + by);
    if (this.#closed !== undefined && before + by === 0) socket.destroySoon();
  }

  #closeIdle(): void {
    for (const [socket, responses] of this.#open) if (responses === 0) socket.destroy();
  }
}
