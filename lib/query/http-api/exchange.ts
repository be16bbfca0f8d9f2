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
/** Below this, sending costs more than what is sent. */
const LEAST_PIECE_BYTES = 64 * 1024;

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
    response.once('close', () => {
      // It closes as well when all has been sent, and then an exception would be made for nobody.
      if (!response.writableFinished) this.#gone.abort();
    });
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

  #fail({ type, message, allow }: ApiError): void {
    if (allow !== undefined) this.#response.setHeader('Allow', allow);
    // What was not read of the request would be taken for the next one.
    if (!this.#request.complete) this.#response.setHeader('Connection', 'close');
    const body = JSON.stringify({ status: 'error', errorType: type, error: message });
    this.#response.writeHead(STATUS_OF[type], { ...HEADERS, 'Content-Length': Buffer.byteLength(body) }).end(body);
  }

  async #send(answer: ApiAnswer): Promise<void> {
    const response = this.#response;
    if (this.#request.method === 'HEAD') {
      response.writeHead(200, HEADERS).end();
      return;
    }
    const pace = new Pace();
    let last: Buffer | undefined;
    for (const piece of gathered(bodyOf(answer))) {
      if (last !== undefined) {
        if (!response.headersSent) response.writeHead(200, HEADERS);
        if (!response.write(last)) await this.#taken('drain');
        if (pace.look()) await pace.pause();
        if (this.signal.aborted) return;
      }
      last = piece;
    }
    // Most answers are one piece: with its length in front it goes out at once, and gives a client no chunks to read.
    if (!response.headersSent) response.writeHead(200, { ...HEADERS, 'Content-Length': last?.length ?? 0 });
    response.end(last);
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

/** The same bytes, with what is short put together; the last of them may be. */
function* gathered(pieces: Iterable<string | Uint8Array>): Generator<Buffer> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    waiting.push(bytes);
    length += bytes.length;
    if (length < LEAST_PIECE_BYTES) continue;
    yield Buffer.concat(waiting, length);
    waiting = [];
    length = 0;
  }
  yield Buffer.concat(waiting, length);
}

function* bodyOf({ data, warnings = [], infos = [] }: ApiAnswer): Generator<string | Uint8Array> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length > 0) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}
