// One HTTP request and its whole answer, limited in time and size. Apart from the target, which knows about credentials,
// connections that grew stale and what an answer means.
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';

/** More of an answer is not kept: the reason of a refusal is a line, and whatever answers more is not what it should be. */
export const MOST_ANSWER_BYTES = 64 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 64 KB of it. */
  readonly body: string;
}

/** How an attempt ended. `unprocessed` is a kept connection that the server had closed before it saw the request. */
export type ExchangeOutcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'failed'; readonly cause: unknown }
  | { readonly kind: 'unprocessed'; readonly cause: unknown };

export interface Exchange {
  readonly start: (options: RequestOptions) => ClientRequest;
  readonly options: RequestOptions;
  readonly chunks: readonly Uint8Array[];
  readonly timeoutMs: number;
}

/** Never rejects. */
export function exchange(what: Exchange): Promise<ExchangeOutcome> {
  return run(what).catch((cause: unknown) => ({ kind: 'failed', cause }));
}

function run({ start, options, chunks, timeoutMs }: Exchange): Promise<ExchangeOutcome> {
  return new Promise((resolve) => {
    const request = start(options);
    // The connection keeps the process alive as long as there is one; the timer must not do so by itself.
    const timer = setTimeout(() => end({ kind: 'timed_out' }), timeoutMs).unref();
    let bytesBefore = 0;
    const end = (outcome: ExchangeOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.kind !== 'answer') request.destroy();
    };
    request.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
    });
    // Stays for good: a connection may fail a second time, or after the answer, when nobody is interested any more.
    request.on('error', (cause: NodeJS.ErrnoException) => {
      // The race of kept connections: the server closes one just while a request is put on it, and resets it unread.
      const raced = request.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
      const unanswered = (request.socket?.bytesRead ?? 0) === bytesBefore;
      end({ kind: raced && unanswered ? 'unprocessed' : 'failed', cause });
    });
    request.on('response', (response) => collect(response, (answer) => end({ kind: 'answer', answer })));
    for (const chunk of chunks) request.write(chunk);
    request.end();
  });
}

function collect(response: IncomingMessage, done: (answer: HttpAnswer) => void): void {
  const pieces: Buffer[] = [];
  let kept = 0;
  let isDone = false;
  const finish = (): void => {
    if (isDone) return;
    isDone = true;
    const body = Buffer.concat(pieces).toString('utf8', 0, Math.min(kept, MOST_ANSWER_BYTES));
    done({ status: response.statusCode ?? 0, headers: response.headers, body });
  };
  response.on('data', (piece: Buffer) => {
    if (kept >= MOST_ANSWER_BYTES) return;
    pieces.push(piece);
    kept += piece.length;
    if (kept < MOST_ANSWER_BYTES) return;
    // Whatever still comes is not wanted, and neither is a connection that is full of it.
    finish();
    response.destroy();
  });
  response.on('end', finish);
  // Cut off in the middle: the status has told already what became of the request.
  response.on('close', finish);
  response.on('error', finish);
}
