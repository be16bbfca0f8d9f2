// Stand-alone servers on free ports, closed after each test.
import type { MetricsCollector } from '../../../lib/collector.js';
import { type MetricsServer, type MetricsServerOptions, startMetricsServer } from '../../../lib/http/metrics-server.js';
import { smallCollector } from './collectors.js';
import { afterTest } from './connections.js';

export async function startServer(
  options: MetricsServerOptions = {},
  collector: MetricsCollector = smallCollector(),
): Promise<MetricsServer> {
  const server = (await startMetricsServer(collector, { port: 0, selfMetrics: false, ...options }))._unsafeUnwrap();
  afterTest(() => server.close({ timeoutSeconds: 0 }));
  return server;
}
