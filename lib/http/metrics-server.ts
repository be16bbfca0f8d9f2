// The stand-alone server: metrics, and whatever else is mounted, on a port of their own. Apart from the handlers because it
// owns what they do not: a socket that listens, limits for whoever connects, and an orderly end.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ResultAsync } from 'neverthrow';
import type { MetricsCollector } from '../collector.js';
import type { HttpError } from '../errors.js';
import { Connections } from './connections.js';
import { invalidOption } from './options.js';
import { type ListenerOptions, serverListener } from './server-listener.js';
import { serverUrl } from './server-url.js';

export interface MetricsServerOptions extends ListenerOptions {
  /** 0 takes any free port. Default: 9464. */
  readonly port?: number;
  /** Default: 127.0.0.1, so that only this machine can ask. `0.0.0.0` or `::` lets everybody ask: think of `auth` then. */
  readonly host?: string;
}

/** A server that listens. It keeps the process alive, as any server does, until it is closed. */
export interface MetricsServer {
  /** Where it can be reached from this machine, without a path: `http://127.0.0.1:9464`. */
  readonly url: string;
  /** The port in use, also when 0 was asked for. */
  readonly port: number;
  /**
   * Stops listening, closes idle connections at once, lets running answers reach their readers, and cuts what is left
   * after `timeoutSeconds` (default: 10). Calling it again is fine: it waits for the same end, with its own time limit.
   */
  close(options?: { readonly timeoutSeconds?: number }): ResultAsync<void, HttpError>;
}

const DEFAULT_CLOSE_SECONDS = 10;

/** Idle connections outlive the usual scrape intervals, up to a minute, so that a scraper need not connect anew each time. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16 * 1024,
} as const;
const MAX_CONNECTIONS = 256;

/**
 * Serves the collector's metrics on a port of their own, with a page at `/` that links to them.
 *
 * Answers `address_in_use` when another program has the port, `address_unavailable` when the address is none of this
 * machine's or the user may not open the port.
 *
 * @throws MetricDefinitionError `invalid_option` for options that cannot work.
 *
 * @example
 * const started = await startMetricsServer(metrics, { port: 9464 });
 * if (started.isErr()) console.error(describe(started.error));
 * // curl http://127.0.0.1:9464/metrics
 * // # TYPE http_requests_total counter
 * // http_requests_total{method="GET"} 1
 */
export function startMetricsServer(
  collector: MetricsCollector,
  options: MetricsServerOptions = {},
): ResultAsync<MetricsServer, HttpError> {
  const { port = 9464, host = '127.0.0.1' } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalidOption('port', port, 'Give a whole number from 0 to 65535; 0 takes any free port.');
  }
  const server = createServer(LIMITS, serverListener(collector, options));
  server.maxConnections = MAX_CONNECTIONS;
  const connections = new Connections(server);
  return ResultAsync.fromPromise(listening(server, host, port), (cause) => listenError(cause, host, port)).map(
    (actualPort) => runningServer(connections, host, actualPort),
  );
}

function runningServer(connections: Connections, host: string, port: number): MetricsServer {
  return {
    url: serverUrl(host, port),
    port,
    close: ({ timeoutSeconds = DEFAULT_CLOSE_SECONDS } = {}) =>
      ResultAsync.fromSafePromise(connections.close(timeoutSeconds)),
  };
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Stays for good: a connection that cannot be accepted must not end the process.
    server.on('error', reject);
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(cause: unknown, host: string, port: number): HttpError {
  if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') return { kind: 'address_in_use', host, port };
  return { kind: 'address_unavailable', host, port, cause };
}
