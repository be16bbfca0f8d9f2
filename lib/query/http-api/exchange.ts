// One request and its answer: parameters in, JSON out in pieces, and an end to the work when the client goes away.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { err, type Result } from 'neverthrow';
import { Pace } from '../../model/pace.js';
import { type ApiError, STATUS_OF } from './api-error.js';
import { readParameters } from './parameters.js';

/** What an endpoint answers: its data as JSON, in pieces. */
export interface ApiAnswer {
  readonly data: Iterable<string | Uint8Array>;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

const HEADERS = {
  'Content-Type': 'application/json',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** As for scrapes: far beyond what a reader needs that is still there. */
const STALL_MS = 30_000;

export class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #stallMs: number;
  readonly #gone = new AbortController();

  /** @param stallMs - How long a reader may take nothing before it loses its place to others. */
  constructor(request: IncomingMessage, response: ServerResponse, stallMs = STALL_MS) {
    this.#request = request;
    this.#response = response;
    this.#stallMs = stallMs;
    response.once('close', () => this.#gone.abort());
  }

  /** Aborted when the client goes away. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  refuseBusy(limit: number): void {
    this.#response.setHeader('Retry-After', '1');
    this.#fail({ type: 'unavailable', message: `${limit} requests are being answered; try again in a second` });
  }

  async answer(work: (parameters: URLSearchParams) => Promise<Result<ApiAnswer, ApiError>>): Promise<void> {
    const parameters = await readParameters(this.#request);
    const answer = parameters.isOk() ? await work(parameters.value) : err(parameters.error);
    if (this.signal.aborted) return;
    if (answer.isErr()) this.#fail(answer.error);
    else await this.#send(answer.value);
  }

  #fail({ type, message }: ApiError): void {
    // What was not read of the request would be taken for the next one.
    if (!this.#request.complete) this.#response.setHeader('Connection', 'close');
    const body = JSON.stringify({ status: 'error', errorType: type, error: message });
    this.#response.writeHead(STATUS_OF[type], { ...HEADERS, 'Content-Length': Buffer.byteLength(body) }).end(body);
  }

  async #send(answer: ApiAnswer): Promise<void> {
    const response = this.#response;
    response.writeHead(200, HEADERS);
    if (this.#request.method === 'HEAD') {
      response.end();
      return;
    }
    const pace = new Pace();
    for (const piece of bodyOf(answer)) {
      if (piece.length === 0) continue;
      if (!response.write(piece)) await this.#taken('drain');
      if (this.signal.aborted) return;
      if (pace.look()) await pace.pause();
    }
    response.end();
    await this.#taken('finish');
  }

  /** Resolves when what was written has left, or the reader has; whoever stalls is cut off. */
  #taken(event: 'drain' | 'finish'): Promise<void> {
    const response = this.#response;
    return new Promise((resolve) => {
      const stall = setTimeout(() => response.destroy(), this.#stallMs).unref();
      const goOn = () => {
        clearTimeout(stall);
        response.off(event, goOn).off('close', goOn);
        resolve();
      };
      response.on(event, goOn).on('close', goOn);
    });
  }
}

function* bodyOf({ data, warnings = [], infos = [] }: ApiAnswer): Generator<string | Uint8Array> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length > 0) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}
