// What is said of a request whose response did not end: who broke it off. Apart from the exchange because it takes all
// that Node tells about the end of a connection.
import type { IncomingMessage } from 'node:http';

/** Never sent: the client left before it had its response. A convention that nginx began. */
export const CLIENT_LEFT = 499;

/** 499 when the client left, 408 and 400 when Node refused the rest of the request, 500 when this side broke it off. */
export function brokenStatus(request: IncomingMessage): number {
  const { socket } = request;
  if (request.httpVersionMajor !== 1 || socket === null || socket === undefined) return CLIENT_LEFT;
  const error = socket.errored as NodeJS.ErrnoException | null | undefined;
  if (error?.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (error?.code?.startsWith('HPE_')) return 400;
  // An error of the system is one of the network, and the end of what the client sends is its leaving.
  const left = error?.syscall !== undefined || socket.readableEnded;
  return left ? CLIENT_LEFT : 500;
}
