// How long the bodies of a request and its response were, as far as anybody can tell. Apart from the exchange because it takes
// what HTTP says about heads and lengths.
import type { IncomingMessage, ServerResponse } from 'node:http';

export function requestBytes(request: IncomingMessage): number | undefined {
  // What is declared and never sent is nobody's size, and a client could declare anything.
  if (!request.complete) return undefined;
  const { 'content-length': declared, 'transfer-encoding': chunked } = request.headers;
  if (declared !== undefined) return lengthOf(declared);
  // A stream of HTTP/2 has a body where its head was not its end, and no header says so.
  const { stream } = request as { readonly stream?: { readonly endAfterHeaders?: boolean } };
  return chunked === undefined && stream?.endAfterHeaders !== false ? 0 : undefined;
}

/**
 * Everything behind the head. What streams share a connection in HTTP/2 is not told apart there.
 *
 * @param sentBefore - How much the connection had sent before; undefined where that is not known.
 */
export function responseBytes(
  request: IncomingMessage,
  response: ServerResponse,
  sentBefore: number | undefined,
): number | undefined {
  if (hasNoBody(request.method, response.statusCode)) return 0;
  const sent = response.socket?.bytesWritten;
  const head = headOf(response);
  if (sent === undefined || sentBefore === undefined || head === undefined || request.httpVersionMajor !== 1)
    return lengthOf(response.getHeader('content-length'));
  const behindHead = Math.max(0, sent - sentBefore - head.length);
  // Early hints are sent before the head, and are no part of what it declares.
  return Math.min(behindHead, lengthOf(DECLARED.exec(head)?.[1]) ?? behindHead);
}

/** Whatever length its head declares. */
export function hasNoBody(method: string | undefined, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}

const DECLARED = /\r\ncontent-length: *(\d+)\r\n/i;

/** The head as it was sent, one byte a character. Node has it since its first versions, and so do others who look there. */
function headOf(response: ServerResponse): string | undefined {
  const { _header: head } = response as ServerResponse & { readonly _header?: unknown };
  return typeof head === 'string' ? head : undefined;
}

export function lengthOf(header: unknown): number | undefined {
  if (header === undefined || header === null) return undefined;
  const length = Number(header);
  return length >= 0 ? length : undefined;
}
