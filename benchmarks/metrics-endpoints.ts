// An endpoint over HTTP for each library that has a documented way to one, on a free port of this machine.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { MetricsCollector } from 'telltale';
import { metricsHandler } from 'telltale/http';

export interface Endpoint {
  readonly port: number;
  close(): Promise<void>;
}

async function serve(listener: RequestListener): Promise<Endpoint> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** Without metrics of its own, so that both endpoints show the same. */
export function serveCollector(metrics: MetricsCollector): Promise<Endpoint> {
  return serve(metricsHandler(metrics, { selfMetrics: false }));
}

export function serveRegistry(registry: Registry): Promise<Endpoint> {
  return serve(async (_request, response) => {
    response.setHeader('Content-Type', registry.contentType);
    response.end(await registry.metrics());
  });
}
