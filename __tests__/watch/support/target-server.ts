// A target on loopback that answers whatever a test wants, on real sockets.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseTarget, type Target } from '../../../lib/watch/scraping/target.js';

export interface TargetServer {
  readonly target: Target;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export const CLASSIC_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export async function startTarget(listener: RequestListener): Promise<TargetServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/metrics`;
  return {
    target: parseTarget(`shop=${url}`)._unsafeUnwrap(),
    url,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A target that always shows the same page. */
export function startPage(page: string, contentType = CLASSIC_TYPE): Promise<TargetServer> {
  return startTarget((_, response) => {
    response.writeHead(200, { 'Content-Type': contentType }).end(page);
  });
}
