// The open connections of one server and how many of their bytes are counted already: sockets keep the numbers themselves, so
// that looking at them now and then costs less than listening to every piece of data.
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../clock.js';
import type { TcpMetrics } from './tcp-metrics.js';

/** Looking at one takes less than a microsecond: so many are looked at before others have their turn. */
const PORTION = 1024;

interface Counted {
  readonly openedAt: number;
  received: number;
  sent: number;
  readonly forget: () => void;
}

export class Connections {
  readonly #metrics: TcpMetrics;
  readonly #clock: Clock;
  readonly #open = new Map<Socket, Counted>();

  constructor(metrics: TcpMetrics, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  opened(socket: Socket, failed: ((error: unknown) => void) | undefined): void {
    this.#metrics.accepted.increment();
    const closed = () => this.#closed(socket);
    // The types of sockets know their events by name only.
    const events: EventEmitter = socket;
    socket.once('close', closed);
    if (failed !== undefined) events.on(EventEmitter.errorMonitor, failed);
    this.#open.set(socket, {
      openedAt: this.#clock.monotonic(),
      received: 0,
      sent: 0,
      forget: () => {
        socket.off('close', closed);
        if (failed !== undefined) events.off(EventEmitter.errorMonitor, failed);
      },
    });
  }

  /** Counts what the open ones have received and sent since the last time. */
  async read(): Promise<void> {
    let looked = 0;
    for (const [socket, counted] of this.#open) {
      this.#count(socket, counted);
      if (++looked % PORTION === 0) await nextTurn();
    }
    this.#metrics.open.set(this.#open.size);
  }

  /** Lets go of all of them, with what they have received and sent so far. */
  forget(): void {
    for (const [socket, counted] of this.#open) {
      this.#count(socket, counted);
      counted.forget();
    }
    this.#open.clear();
    this.#metrics.open.forget();
  }

  #closed(socket: Socket): void {
    const counted = this.#open.get(socket);
    if (counted === undefined) return;
    this.#open.delete(socket);
    this.#count(socket, counted);
    this.#metrics.duration.observe(this.#clock.monotonic() - counted.openedAt);
  }

  #count(socket: Socket, counted: Counted): void {
    const received = socket.bytesRead;
    // What waits to be written may never be, and is none of what was sent.
    const sent = (socket.bytesWritten ?? 0) - (socket.destroyed ? 0 : socket.writableLength);
    if (received > counted.received) this.#metrics.received.increment(received - counted.received);
    if (sent > counted.sent) this.#metrics.sent.increment(sent - counted.sent);
    counted.received = Math.max(counted.received, received);
    counted.sent = Math.max(counted.sent, sent);
  }
}
