// Puts a fetch-style handler behind a real server of node:http, as the adapters of such frameworks do, so that what the
// tests see has gone over a socket.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { serve } from './connections.js';

export function serveFetch(handle: (request: Request) => Response | Promise<Response>): Promise<string> {
  return serve(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const url = `http://${incoming.headers.host}${incoming.url}`;
    const request = new Request(url, { method: incoming.method ?? 'GET', headers, signal: gone.signal });
    const response = await handle(request);
    outgoing.writeHead(response.status, [...response.headers].flat());
    if (response.body === null) outgoing.end();
    // A client that leaves ends the pipeline, which cancels the stream.
    else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing).catch(() => {});
  });
}
