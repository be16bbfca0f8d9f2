// What is said of a request whose response did not end: who broke it off. Apart from the exchange because it takes all
// that Node tells about the end of a connection, and of a stream of HTTP/2.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Never sent: the client left before it had its response. A convention that nginx began. */
export const CLIENT_LEFT = 499;

interface ResetStream {
  readonly destroyed: boolean;
  readonly rstCode: number;
}

// The codes of a reset, source: https://www.rfc-editor.org/rfc/rfc9113#section-7
const NO_ERROR = 0;
const CANCEL = 8;

/** 499 when the client left, 408 and 400 when Node refused the rest of the request, 500 when this side broke it off. */
export function brokenStatus(request: IncomingMessage, response: ServerResponse): number {
  const stream = streamOf(request, response);
  // Which side has reset it is not told; a client that leaves gives it up, and a server that fails says that it did.
  if (stream !== undefined) return [NO_ERROR, CANCEL].includes(stream.rstCode) ? CLIENT_LEFT : 500;
  const { socket } = request;
  if (request.httpVersionMajor !== 1 || socket === null || socket === undefined) return CLIENT_LEFT;
  const error = socket.errored as NodeJS.ErrnoException | null | undefined;
  if (error?.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (error?.code?.startsWith('HPE_')) return 400;
  // An error of the system is one of the network, and the end of what the client sends is its leaving.
  const left = error?.syscall !== undefined || socket.readableEnded;
  return left ? CLIENT_LEFT : 500;
}

/** A response of HTTP/2 says that it has finished whenever its stream is closed. */
export function isBrokenStream(request: IncomingMessage, response: ServerResponse): boolean {
  const stream = streamOf(request, response);
  return stream?.destroyed === true && (!response.writableEnded || stream.rstCode !== NO_ERROR);
}

/** Whether a response has been sent whole. One of HTTP/2 to HEAD says so from its beginning. */
export function isSent(request: IncomingMessage, response: ServerResponse): boolean {
  const stream = streamOf(request, response);
  return stream === undefined ? response.writableFinished : stream.destroyed && !isBrokenStream(request, response);
}

/** Undefined before HTTP/2. */
function streamOf(request: IncomingMessage, response: ServerResponse): ResetStream | undefined {
  return request.httpVersionMajor === 2 ? (response as { readonly stream?: ResetStream }).stream : undefined;
}
