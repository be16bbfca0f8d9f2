// A scraper in a thread of its own, so that reading the answer does not take turns with writing it. It speaks just enough
// HTTP to ask and to know where the answer ends, because what a full client costs is not what is measured.
import { connect } from 'node:net';
import { parentPort } from 'node:worker_threads';

export interface ScrapeOrder {
  readonly port: number;
  /** What to ask for. */
  readonly accept: string;
  /** Whether to answer the text too; its reading is not part of the time. */
  readonly wantsText: boolean;
}

export interface ScrapeReport {
  readonly ns: number;
  readonly bytes: number;
  readonly text: string;
}

function scrape({ port, accept, wantsText }: ScrapeOrder): Promise<ScrapeReport> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const pieces: Buffer[] = [];
    let bytes = 0;
    const socket = connect(port, '127.0.0.1', () => {
      // HTTP/1.0, so that the end of the connection is the end of the answer, and its body comes without chunks.
      socket.write(`GET /metrics HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (piece) => {
      bytes += piece.length;
      if (wantsText) pieces.push(piece);
    });
    socket.on('error', reject);
    socket.on('end', () => {
      const ns = (performance.now() - startedAt) * 1e6;
      socket.end();
      resolve({ ns, bytes, text: Buffer.concat(pieces).toString() });
    });
  });
}

parentPort?.on('message', async (order: ScrapeOrder) => parentPort?.postMessage(await scrape(order)));
