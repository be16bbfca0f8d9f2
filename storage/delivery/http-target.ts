// Where pushes go: one server, spoken to over kept connections. Both push storages share it, so that what an answer, a silence
// or a refusal means, and what is said of it, is decided once.
import * as http from 'node:http';
import * as https from 'node:https';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StorageError } from '../../lib/errors.js';
import { type ExchangeOutcome, exchange, type HttpAnswer } from './http-exchange.js';
import { networkFault } from './http-faults.js';
import { type HttpSettings, type HttpTargetOptions, httpSettings } from './http-options.js';

export interface HttpRequest {
  readonly method: string;
  /** Appended to the path of the URL as it is, escapes included. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In one piece or in several, which are sent one after the other. */
  readonly body?: Uint8Array | readonly Uint8Array[];
}

/**
 * Sends requests and tells what became of them. Redirects are not followed, because they would take the credentials along.
 *
 * A request that met a kept connection which the server was just closing, so that no byte of an answer came, is sent a second
 * time, on a fresh one. As good as certainly the server has not read the first.
 *
 * @throws MetricDefinitionError `invalid_option` for options that could never work.
 */
export class HttpTarget {
  /** The URL as errors show it: without credentials and query. */
  readonly url: string;
  readonly #settings: HttpSettings;
  readonly #agent: http.Agent;
  #isClosed = false;

  constructor(options: HttpTargetOptions) {
    this.#settings = httpSettings(options);
    this.url = this.#settings.shownUrl;
    const kept = { keepAlive: true, maxFreeSockets: 1 } as const;
    this.#agent = this.#isSecure ? new https.Agent({ ...kept, ...this.#settings.tls }) : new http.Agent(kept);
  }

  /**
   * Whatever the server answers, as long as it does.
   *
   * Errors: `push_unreachable`, `push_timed_out`, `storage_closed`.
   */
  exchange(request: HttpRequest): ResultAsync<HttpAnswer, StorageError> {
    return new ResultAsync(this.#exchange(request));
  }

  /**
   * A request that has to succeed.
   *
   * Errors: those of `exchange`, and `push_rejected` with the server's own reason for a status of 300 or more.
   */
  send(request: HttpRequest): ResultAsync<HttpAnswer, StorageError> {
    return this.exchange(request).andThen((answer) => this.accepted(answer));
  }

  /** The answer if it is a success, `push_rejected` if it is not. */
  accepted(answer: HttpAnswer): Result<HttpAnswer, StorageError> {
    const { status } = answer;
    if (status >= 200 && status < 300) return ok(answer);
    return err({ kind: 'push_rejected', target: this.url, status, body: this.#reasonOf(answer) });
  }

  /** Ends all connections, and with them the requests that still wait for an answer. */
  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#settings.url.protocol === 'https:';
  }

  async #exchange(request: HttpRequest): Promise<Result<HttpAnswer, StorageError>> {
    if (this.#isClosed) return err({ kind: 'storage_closed', storage: this.url });
    let outcome = await this.#attempt(request);
    if (outcome.kind === 'unprocessed' && !this.#isClosed) {
      this.#dropIdleConnections();
      outcome = await this.#attempt(request);
    }
    switch (outcome.kind) {
      case 'answer':
        return ok(outcome.answer);
      case 'timed_out':
        return err({ kind: 'push_timed_out', target: this.url, timeoutMs: this.#settings.timeoutMs });
      default:
        if (this.#isClosed) return err({ kind: 'storage_closed', storage: this.url });
        return err({ kind: 'push_unreachable', target: this.url, cause: networkFault(outcome.cause) });
    }
  }

  #attempt({ method, path = '', headers = {}, body = [] }: HttpRequest): Promise<ExchangeOutcome> {
    const { url, timeoutMs } = this.#settings;
    const chunks = body instanceof Uint8Array ? [body] : body;
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const options: http.RequestOptions = {
      method,
      agent: this.#agent,
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port || (this.#isSecure ? 443 : 80),
      path: (path === '' ? url.pathname : url.pathname.replace(/\/$/, '') + path) + url.search,
      headers: { ...this.#settings.headers, ...headers, 'content-length': String(length) },
    };
    return exchange({ start: this.#isSecure ? https.request : http.request, options, chunks, timeoutMs });
  }

  /** When one kept connection was stale, the others are as well. */
  #dropIdleConnections(): void {
    for (const sockets of Object.values(this.#agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  #reasonOf({ status, headers, body }: HttpAnswer): string {
    if (status >= 300 && status < 400 && headers.location !== undefined) {
      return `it redirects to ${this.#locationOf(headers.location)}, and redirects are not followed: make the URL lead there directly`;
    }
    const reason = body.trim() || http.STATUS_CODES[status] || 'no reason given';
    if (status === 401 || status === 403) return `${reason} (check auth, and what this user may do)`;
    if (status === 404 || status === 405) return `${reason} (check the path of the URL)`;
    return reason;
  }

  #locationOf(location: string): string {
    const base = this.#settings.url.href;
    if (!URL.canParse(location, base)) return JSON.stringify(location);
    const url = new URL(location, base);
    return url.origin + url.pathname;
  }
}
