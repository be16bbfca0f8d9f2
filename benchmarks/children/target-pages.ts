// A process that is 50 services at once, each with a page of 2 000 series, all of which have changed whenever it is read.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERIES_PER_TARGET } from '../watched.js';

/** Sent once, when it listens: each path is a service. */
export interface TargetPagesReady {
  readonly port: number;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const lines = Array.from({ length: SERIES_PER_TARGET }, (_, i) => {
  const method = METHODS[i % METHODS.length];
  return `http_requests_total{method="${method}",route="/api/v1/things/${i >> 2}",status="200"} `;
});
let readings = 0;

const server = createServer((_, response) => {
  const reading = ++readings;
  const body = lines.map((line, i) => `${line}${reading * (1 + (i % 7))}\n`).join('');
  response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(`# HELP http_requests_total Requests served.\n# TYPE http_requests_total counter\n${body}`);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies TargetPagesReady);
});
