// A collector with history, served with its dashboard: ten minutes of samples that end now, so that rates and quantiles have known
// values whenever the test runs.
import { MemoryStorage, MetricsCollector } from 'telltale';
import { type DashboardOptions, dashboard } from 'telltale/dashboard';
import { type MetricsServer, type Route, startMetricsServer } from 'telltale/http';
import { queryApi } from 'telltale/query';

export interface WatchedService {
  readonly metrics: MetricsCollector;
  readonly storage: MemoryStorage;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly port?: number;
  readonly routes?: readonly Route[];
  readonly dashboard?: DashboardOptions;
}

export async function startService({
  port = 0,
  routes = [],
  ...options
}: ServiceOptions = {}): Promise<WatchedService> {
  const storage = new MemoryStorage();
  const metrics = new MetricsCollector({ storage });
  const all = [...routes, queryApi(metrics), dashboard(options.dashboard)];
  const server: MetricsServer = (await startMetricsServer(metrics, { port, routes: all }))._unsafeUnwrap();
  return {
    metrics,
    storage,
    url: server.url,
    port: server.port,
    close: async () => {
      await server.close({ timeoutSeconds: 0 });
      await metrics.shutdown();
    },
  };
}

/** Fills ten minutes, a sample every five seconds; `value` gets the seconds since the beginning. */
export function fillHistory(
  storage: MemoryStorage,
  labels: Readonly<Record<string, string>>,
  value: (seconds: number) => number,
): void {
  const endMs = Math.floor(Date.now() / 5000) * 5000;
  for (let seconds = 0; seconds <= 600; seconds += 5) {
    storage.append(labels, endMs - (600 - seconds) * 1000, value(seconds));
  }
}
