// Connections of a `net` or `tls` server. It only listens, and only by ways that change nothing: an error that nobody else
// listens to still ends the process, and data flows when the application asks for it.
import { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { MetricsCollector } from '../../collector.js';
import { collectorOf, type Instrumentation, type InstrumentationOptions } from '../instrumentation.js';
import { joined } from '../joined.js';
import { Connections } from './connections.js';
import { tcpMetrics } from './tcp-metrics.js';

export interface TcpServerOptions extends InstrumentationOptions {
  /** The value of the label `server`. Default: `tcp`. */
  readonly name?: string;
  /** Upper bounds of `tcp_server_connection_duration_seconds`. Default: 0.01 to 86 400. */
  readonly durationBuckets?: readonly number[];
}

/**
 * Counts the connections of a server from now on, their bytes on the wire (with what TLS adds) and how long they last.
 * `http` and `https` servers are such servers as well.
 *
 * @param server - A server of `node:net` or `node:tls`. Connections that are open already are not counted.
 * @throws MetricDefinitionError `invalid_buckets`, or `family_conflict` where a name is taken.
 * Cost: 5 to 10 µs per connection, beside the 95 µs that the runtime takes for one; a reading looks at every open connection,
 * 0.1 µs each, in portions.
 * @example
 * const measuring = instrumentTcpServer(server, { name: 'chat' });
 * // tcp_server_connections_total{server="chat"} 1000
 * // tcp_server_open_connections{server="chat"} 3
 * // tcp_server_received_bytes_total{server="chat"} 64000
 * // tcp_server_errors_total{server="chat",code="ECONNRESET"} 1
 */
export function instrumentTcpServer(server: Server, options: TcpServerOptions = {}): Instrumentation {
  const collector = collectorOf(options);
  const { name = 'tcp' } = options;
  return joined({ target: server, collector, as: `TCP server ${name}` }, () =>
    measure(server, collector, { ...options, name }),
  );
}

function measure(
  server: Server,
  collector: MetricsCollector,
  { name, durationBuckets }: TcpServerOptions & { readonly name: string },
): Instrumentation {
  const metrics = tcpMetrics(collector, name, durationBuckets);
  const connections = new Connections(metrics, collector.clock);
  const isTls = server instanceof TlsServer;
  let active = true;
  const failed = (error: unknown) => {
    if (active) metrics.failed(error);
  };
  // The types of servers and sockets know their events by name only.
  const events: EventEmitter = server;

  const listeners: readonly (readonly [event: string | symbol, listener: (one: never) => void])[] = [
    // Of a TLS server's sockets, errors come from the one that speaks TLS; below it, they would be counted twice.
    ['connection', (socket: Socket) => connections.opened(socket, isTls ? undefined : failed)],
    ['secureConnection', (socket: EventEmitter) => void socket.on(EventEmitter.errorMonitor, failed)],
    ['tlsClientError', failed],
    ['drop', () => metrics.refused.increment()],
    [EventEmitter.errorMonitor, failed],
  ];
  for (const [event, listener] of listeners) events.on(event, listener as (one: unknown) => void);
  const collecting = collector.collectTogether(metrics.collected, () => connections.read());
  return {
    remove() {
      active = false;
      for (const [event, listener] of listeners) events.off(event, listener as (one: unknown) => void);
      connections.forget();
      collecting.remove();
    },
  };
}
