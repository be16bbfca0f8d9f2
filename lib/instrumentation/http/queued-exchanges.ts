// Requests that wait for the response to an earlier one on the same connection. One listener per connection serves all of
// them: a client may send hundreds ahead, and Node warns about the eleventh listener.
import type { Socket } from 'node:net';

interface Queue {
  readonly waiting: Set<() => void>;
  readonly closed: () => void;
}

export class QueuedExchanges {
  readonly #queues = new WeakMap<Socket, Queue>();

  /** @param closed - Called when the connection closes before `delete` is. */
  add(socket: Socket, closed: () => void): void {
    let queue = this.#queues.get(socket);
    if (queue === undefined) {
      const waiting = new Set<() => void>();
      queue = { waiting, closed: () => [...waiting].forEach((tell) => void tell()) };
      this.#queues.set(socket, queue);
      socket.on('close', queue.closed);
    }
    queue.waiting.add(closed);
  }

  delete(socket: Socket, closed: () => void): void {
    const queue = this.#queues.get(socket);
    if (queue?.waiting.delete(closed) !== true || queue.waiting.size > 0) return;
    this.#queues.delete(socket);
    socket.off('close', queue.closed);
  }
}
