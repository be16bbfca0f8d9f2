// The narrow way in which a gatherer knows a worker, whatever carries their messages: a port between threads, the channel of
// a process, or a call within the same thread.
import type { Order } from './protocol.js';

/** What a carrier brings to the gatherer. */
export interface WorkerEvents {
  /** A worker that can be told something from now on. */
  joined(link: WorkerLink): void;
  /** Anything that a worker sent; it may be garbage. */
  received(link: WorkerLink, message: unknown): void;
  /** The worker is gone, and all that it sent has been received. */
  left(link: WorkerLink): void;
}

/** A worker as its carrier sees it. One object per worker. */
export interface WorkerLink {
  /** How the worker is named in errors and in the label `worker`. */
  readonly worker: string;
  /** Whether numbers are sent, because memory cannot be shared. */
  readonly copies: boolean;
  send(order: Order): void;
}

/** Finds workers until it is closed. */
export interface Carrier {
  close(): void;
}
