// The HTTP side of the shop: turns requests into calls of the order service and outcomes into answers. Every request is
// measured, and every error is counted once, here, where all of them pass.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OrderService, ShopError } from '../domain/orders.js';
import type { ErrorType, ShopMetrics } from '../metrics.js';
import { readJson } from './body.js';
import { measure, type Visit } from './measure.js';
import { matchRoute, type Route, shopRoutes } from './routes.js';

export interface ShopServer {
  /** Without a path: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops listening and resolves once every running request has had its answer, at most `timeoutMs` later. */
  close(timeoutMs?: number): Promise<void>;
}

export interface ShopServerOptions {
  readonly orders: OrderService;
  readonly metrics: ShopMetrics;
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

/** Rejects when it cannot listen. */
export async function startShopServer({ orders, metrics, port }: ShopServerOptions): Promise<ShopServer> {
  const routes = shopRoutes(orders);
  const server = createServer((request, response) => {
    const visit = measure(metrics, request, response);
    serve({ routes, metrics, visit }, request)
      .catch((): Answer => {
        metrics.errors.increment(1, { type: 'unexpected' });
        return { status: 500, value: { error: 'unexpected' } };
      })
      .then((answer) => send(response, answer, server.listening));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: (timeoutMs = 5_000) => close(server, timeoutMs) };
}

interface Serving {
  readonly routes: readonly Route[];
  readonly metrics: ShopMetrics;
  readonly visit: Visit;
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

async function serve({ routes, metrics, visit }: Serving, request: IncomingMessage): Promise<Answer> {
  const match = matchRoute(routes, request.method ?? 'GET', request.url ?? '/');
  if (match.kind === 'unmatched') return { status: 404, value: { error: 'not_found' } };
  if (match.kind === 'other_method') {
    visit.route = match.pattern;
    return { status: 405, value: { error: 'method_not_allowed' } };
  }
  const { route, parameters } = match;
  visit.route = route.pattern;
  const body = route.method === 'POST' ? await readJson(request) : undefined;
  const outcome = await route.handle({ parameters, body });
  return outcome.match(
    (value) => ({ status: route.status, value }),
    (error) => {
      const type: ErrorType = error.kind;
      metrics.errors.increment(1, { type });
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
