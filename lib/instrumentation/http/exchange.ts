// One request of a server of node:http, from its beginning until its response has ended, whatever way. All that is
// peculiar to connections of Node is here: keep-alive, pipelining, clients that leave.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsCollector } from '../../collector.js';
import { requestBytes, responseBytes } from './body-sizes.js';
import { brokenStatus, isBrokenStream } from './broken-status.js';
import type { QueuedExchanges } from './queued-exchanges.js';

/** The pattern of the route, undefined when no route took the request. Asked once, at the end. */
export type RouteOf = () => string | undefined;

/** Where a response keeps what measures it, so that no request is counted twice. */
export const EXCHANGE = Symbol('telltale.exchange');

export type Exchanged = ServerResponse & { [EXCHANGE]?: HttpExchange | undefined };

/** What is known of a request that has ended. Sizes are undefined where nobody can tell them. */
export interface EndedRequest {
  readonly method: string | undefined;
  readonly route: string | undefined;
  readonly status: number;
  readonly startedAt: number;
  readonly requestBytes: number | undefined;
  readonly responseBytes: number | undefined;
}

/** Whom an exchange tells about its end. */
export interface ExchangeOwner {
  readonly queued: QueuedExchanges;
  /** The present, in monotonic seconds. */
  now(): number;
  /** Called once; without what there is to record when the exchange was abandoned. */
  end(exchange: HttpExchange, ended: EndedRequest | undefined): void;
}

export interface Measured {
  readonly metrics: ExchangeOwner;
  readonly collector: MetricsCollector;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly routeOf: RouteOf;
}

export class HttpExchange {
  readonly #metrics: ExchangeOwner;
  readonly #collector: MetricsCollector;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #startedAt: number;
  #routeOf: RouteOf;
  /** How much the connection had sent before this response; undefined while it waits for its turn. */
  #sentBefore: number | undefined;
  #isOpen = true;
  #waits = false;

  constructor({ metrics, collector, request, response, routeOf }: Measured) {
    this.#metrics = metrics;
    this.#collector = collector;
    this.#request = request;
    this.#response = response;
    this.#routeOf = routeOf;
    this.#startedAt = metrics.now();
  }

  isFor(collector: MetricsCollector): boolean {
    return this.#collector === collector;
  }

  /** Takes a second source of the route, which knows better where it knows one. */
  learn(routeOf: RouteOf): void {
    const outer = this.#routeOf;
    this.#routeOf = () => routeOf() ?? outer();
  }

  watch(): void {
    const response = this.#response as Exchanged;
    response[EXCHANGE] = this;
    // First among the listeners: Node's own hands the connection to the next response, which may write at once.
    response.prependListener('finish', this.#finished);
    response.on('close', this.#closed);
    // A response of HTTP/2 has none any more when its stream is closed.
    if (response.socket !== null) this.#sentBefore = response.socket?.bytesWritten;
    else if (this.#request.socket?.destroyed === false) this.#waitForTurn();
    const isOver = response.destroyed || this.#request.socket?.destroyed === true;
    if (isOver || isBrokenStream(this.#request, response)) this.#closed();
  }

  /** Forgets the request without recording it. */
  abandon(): void {
    if (!this.#leave()) return;
    // A response that has ended keeps its listeners, which are of no effect then: to take them away costs more than the rest.
    this.#response.off('finish', this.#finished);
    this.#response.off('close', this.#closed);
    this.#metrics.end(this, undefined);
  }

  /**
   * A request that was sent before the response to an earlier one on its connection: until that has ended its own response
   * has no socket, and would not hear of a client that leaves.
   */
  #waitForTurn(): void {
    this.#waits = true;
    this.#metrics.queued.add(this.#request.socket, this.#closed);
    this.#response.on('socket', this.#hasTurn);
  }

  #stopWaiting(): void {
    this.#waits = false;
    this.#metrics.queued.delete(this.#request.socket, this.#closed);
    this.#response.off('socket', this.#hasTurn);
  }

  readonly #hasTurn = (): void => {
    this.#stopWaiting();
    this.#sentBefore = this.#response.socket?.bytesWritten;
  };

  readonly #finished = (): void => {
    if (isBrokenStream(this.#request, this.#response)) return this.#closed();
    const sent = responseBytes(this.#request, this.#response, this.#sentBefore);
    this.#end(this.#response.statusCode, requestBytes(this.#request), sent);
  };

  /** Comes after `finish` where that came. */
  readonly #closed = (): void => {
    this.#end(brokenStatus(this.#request, this.#response), undefined, undefined);
  };

  #end(status: number, received: number | undefined, sent: number | undefined): void {
    if (!this.#leave()) return;
    this.#metrics.end(this, {
      method: this.#request.method,
      route: this.#route(),
      status,
      startedAt: this.#startedAt,
      requestBytes: received,
      responseBytes: sent,
    });
  }

  #leave(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    const response = this.#response as Exchanged;
    // Not deleted: that would make a slow object of it, and other code still works with it.
    if (response[EXCHANGE] === this) response[EXCHANGE] = undefined;
    if (this.#waits) this.#stopWaiting();
    return true;
  }

  #route(): string | undefined {
    try {
      return this.#routeOf();
    } catch {
      return undefined;
    }
  }
}
