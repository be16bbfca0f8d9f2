// How an answer gets into a response of node:http. Apart from the handler because writing to a socket has rules of its own:
// when to wait, when bytes have left, and how to end what cannot be completed.
import type { ServerResponse } from 'node:http';
import type { ScrapeAnswer } from './scrape-answer.js';
import type { ScrapeBody } from './scrape-body.js';

/** Rejects when the body breaks off; the caller cuts the connection then. */
export async function deliver({ status, headers, body }: ScrapeAnswer, response: ServerResponse): Promise<void> {
  if (response.destroyed || response.headersSent) {
    if (typeof body === 'object') body.abandon();
    return;
  }
  // Other middleware may depend on request headers too, such as CORS on Origin.
  const vary = [response.getHeader('Vary'), headers.Vary].filter((value) => value !== undefined).join(', ');
  response.writeHead(status, vary === '' ? headers : { ...headers, Vary: vary });
  if (typeof body === 'object') await stream(body, response);
  else response.end(body);
}

async function stream(body: ScrapeBody, response: ServerResponse): Promise<void> {
  body.abandoned.addEventListener('abort', () => cut(response));
  // By the event and not by the callback of `end`, which middleware that compresses does not hand on.
  response.once('finish', () => body.finish());
  const whole = body.length === undefined ? undefined : await body.next();
  if (whole !== undefined) {
    // One write for head and body.
    response.end(whole, () => body.release(whole));
    return;
  }
  for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
    if (!send(response, piece, body)) await drained(response);
  }
  response.end();
}

function send(response: ServerResponse, piece: Uint8Array, body: ScrapeBody): boolean {
  if (response.writableEnded) throw new Error('The response was ended by somebody else.');
  return response.write(piece, (error) => {
    // After an error the operating system may still be reading the bytes.
    if (!error) body.release(piece);
  });
}

/** A response that closes instead never drains; its body has been abandoned then, and nobody holds this promise. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve));
}

/**
 * Ends a connection so that its client sees a failure. A reset and not just an end: to HTTP/1.0, which proxies speak, an
 * end is how a complete body looks.
 */
export function cut(response: ServerResponse): void {
  if (response.destroyed) return;
  try {
    response.socket?.resetAndDestroy();
  } catch {
    // Only plain TCP can be reset; with TLS the missing farewell shows.
  }
  response.destroy();
}
