// The HTTP side of the shop: turns requests into calls of the order service and outcomes into answers. One
// call measures every request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instrumentHttpServer } from 'telltale/instrumentation';
import type { OrderService, ShopError } from '../domain/orders.js';
import { readJson } from './body.js';
import { matchRoute, patternOf, type Route, shopRoutes } from './routes.js';

export interface ShopServer {
  /** Without a path: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops listening and resolves once every running request has had its answer, at most `timeoutMs` later. */
  close(timeoutMs?: number): Promise<void>;
}

export interface ShopServerOptions {
  readonly orders: OrderService;
  /** 0 takes any free port. */
  readonly port: number;
}

const STATUS: Readonly<Record<ShopError['kind'], number>> = {
  invalid_order: 400,
  payment_declined: 402,
  unknown_product: 404,
  unknown_order: 404,
  out_of_stock: 409,
  payment_unavailable: 502,
  pool_exhausted: 503,
  query_failed: 500,
};

/** Most answers take 5 to 200 ms: that is where the bounds stand close together. */
const BUCKETS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5];

/** Rejects when it cannot listen. */
export async function startShopServer({ orders, port }: ShopServerOptions): Promise<ShopServer> {
  const routes = shopRoutes(orders);
  const server = createServer((request, response) => {
    serve(routes, request)
      .catch((): Answer => ({ status: 500, value: { error: 'unexpected' } }))
      .then((answer) => send(response, answer, server.listening));
  });
  instrumentHttpServer(server, { route: ({ url }) => patternOf(routes, url), buckets: BUCKETS });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: (timeoutMs = 5_000) => close(server, timeoutMs) };
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

async function serve(routes: readonly Route[], request: IncomingMessage): Promise<Answer> {
  const match = matchRoute(routes, request.method ?? 'GET', request.url ?? '/');
  if (match.kind === 'unmatched') return { status: 404, value: { error: 'not_found' } };
  if (match.kind === 'other_method') return { status: 405, value: { error: 'method_not_allowed' } };
  const { route, parameters } = match;
  const body = route.method === 'POST' ? await readJson(request) : undefined;
  const outcome = await route.handle({ parameters, body });
  return outcome.match(
    (value) => ({ status: route.status, value }),
    (error) => {
      const problem = 'problem' in error ? { problem: error.problem } : {};
      return { status: STATUS[error.kind], value: { error: error.kind, ...problem } };
    },
  );
}

function send(response: ServerResponse, { status, value }: Answer, isOpen: boolean): void {
  const body = JSON.stringify(value);
  // A connection that is kept alive would keep a closing server open.
  if (!isOpen) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function close(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
