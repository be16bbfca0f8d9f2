// Sends the traffic: at a pace that does not depend on how fast the answers come, over connections that are kept alive, and
// bounded in every direction: requests per second, requests under way, requests in all.
import { Agent, type IncomingMessage, request } from 'node:http';
import { nextVisit, rateAt, type Visit } from './traffic.js';

export interface LoadOptions {
  readonly url: string;
  /** Mean requests per second. */
  readonly rate: number;
  /** After so many requests the load ends by itself. */
  readonly requests: number;
}

export interface LoadReport {
  readonly sent: number;
  readonly answered: number;
  /** Requests without an answer. */
  readonly failed: number;
}

const TICK_MS = 20;
const MAX_UNDER_WAY = 100;
const MAX_CONNECTIONS = 64;
const TIMEOUT_MS = 10_000;
const ORDERS_REMEMBERED = 100;

export class LoadGenerator {
  /** Resolves when the last request has been answered, after `stop` or by itself. */
  readonly ended: Promise<LoadReport>;
  readonly #options: LoadOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  readonly #timer: NodeJS.Timeout;
  readonly #orders: string[] = [];
  readonly #startedAt = performance.now();
  #resolveEnded: (report: LoadReport) => void = () => {};
  #lastTick = this.#startedAt;
  #due = 0;
  #sent = 0;
  #answered = 0;
  #failed = 0;
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Sends nothing more; requests under way are still waited for. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#endIfDone();
  }

  get #underWay(): number {
    return this.#sent - this.#answered - this.#failed;
  }

  #tick(): void {
    const now = performance.now();
    this.#due += ((now - this.#lastTick) / 1000) * rateAt((now - this.#startedAt) / 1000, this.#options.rate);
    this.#lastTick = now;
    while (this.#due >= 1 && this.#sent < this.#options.requests) {
      if (this.#underWay >= MAX_UNDER_WAY) {
        // Customers who find a queue before the door go away: making up for them later would only lengthen it.
        this.#due = 0;
        return;
      }
      this.#due -= 1;
      this.#send(nextVisit(Math.random, this.#orders[Math.floor(Math.random() * this.#orders.length)]));
    }
    if (this.#sent >= this.#options.requests) this.stop();
  }

  #send({ method, path, body }: Visit): void {
    this.#sent += 1;
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const options = { method, agent: this.#agent, headers, timeout: TIMEOUT_MS };
    let complete = false;
    const sent = request(new URL(path, this.#options.url), options, (response) => {
      this.#read(response);
      response.once('end', () => {
        complete = true;
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('There was no answer in time.')));
    sent.on('error', () => {});
    // Comes once and in any case, be there an answer, half of one, or none.
    sent.once('close', () => {
      if (complete) this.#answered += 1;
      else this.#failed += 1;
      this.#endIfDone();
    });
    sent.end(body);
  }

  #read(response: IncomingMessage): void {
    response.on('error', () => {});
    if (response.statusCode !== 201) {
      response.resume();
      return;
    }
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (piece: string) => {
      text += piece;
    });
    response.once('end', () => this.#remember((JSON.parse(text) as { readonly id: string }).id));
  }

  #remember(order: string): void {
    this.#orders.push(order);
    if (this.#orders.length > ORDERS_REMEMBERED) this.#orders.shift();
  }

  #endIfDone(): void {
    if (!this.#stopped || this.#underWay > 0) return;
    this.#agent.destroy();
    this.#resolveEnded({ sent: this.#sent, answered: this.#answered, failed: this.#failed });
  }
}
