// The metrics of TCP servers, bound to one server's name.
import type { MetricsCollector } from '../../collector.js';
import { BoundedValues, errorCodeOf } from '../adapters/error-codes.js';

/** From requests that take an instant to connections that stay for a day. */
const DURATION_BUCKETS = [0.01, 0.1, 1, 10, 60, 300, 900, 3600, 14_400, 86_400];

export type TcpMetrics = ReturnType<typeof tcpMetrics>;

export function tcpMetrics(collector: MetricsCollector, server: string, buckets: readonly number[] = DURATION_BUCKETS) {
  const labels = { server };
  const labelNames = ['server'] as const;
  const counter = (name: string, description: string) =>
    collector.counter(name, { description, labelNames }).labels(labels);
  const open = collector.gauge('tcp_server_open_connections', {
    description: 'Connections that are open.',
    labelNames,
  });
  const received = counter('tcp_server_received_bytes_total', 'Bytes received, with what TLS adds.');
  const sent = counter('tcp_server_sent_bytes_total', 'Bytes sent, with what TLS adds.');
  const errors = collector.counter('tcp_server_errors_total', {
    description: 'Errors of the server and of its connections, by code.',
    labelNames: ['server', 'code'],
  });
  const codes = new BoundedValues();
  return {
    accepted: counter('tcp_server_connections_total', 'Connections accepted.'),
    refused: counter('tcp_server_refused_connections_total', 'Connections refused because there were too many.'),
    open: { set: (count: number) => open.set(count, labels), forget: () => void open.remove(labels) },
    received,
    sent,
    duration: collector
      .histogram('tcp_server_connection_duration_seconds', {
        description: 'How long connections were open.',
        labelNames,
        buckets,
      })
      .labels(labels),
    failed: (error: unknown) => errors.increment(1, { server, code: codes.of(errorCodeOf(error)) }),
    /** What is only up to date once the open connections were looked at. */
    collected: [open],
  };
}
