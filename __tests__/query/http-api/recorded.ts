// The same hour of series behind both APIs: telltale's, mounted beside the metrics, and that of a real Prometheus.

import { type MetricsServer, startMetricsServer } from '../../../lib/http/index.js';
import { MetricsCollector } from '../../../lib/index.js';
import { type QueryApiOptions, QueryEngine, queryApi } from '../../../lib/query/index.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { MemoryStorage, RemoteWriteStorage } from '../../../storage/index.js';
import { recordedHour, STARTED_MS } from '../../conformance/promql/differential/recorded-hour.js';
import { type Prometheus, startPrometheus } from '../../support/prometheus.js';

export interface BothApis {
  readonly telltale: MetricsServer;
  readonly prometheus: Prometheus;
  close(): Promise<void>;
}

const DAYS = '1000d';

export async function startBothApis(options: QueryApiOptions = {}): Promise<BothApis> {
  const prometheus = await startPrometheus({
    scrapeIntervalMs: 60_000,
    args: [`--storage.tsdb.min-block-duration=${DAYS}`, `--storage.tsdb.max-block-duration=${DAYS}`],
  });
  const clock = new ManualClock(STARTED_MS);
  const storage = new MemoryStorage({ clock, retentionSeconds: 7200 });
  const remote = new RemoteWriteStorage({ url: `${prometheus.url}/api/v1/write` });
  for await (const snapshot of recordedHour(clock)) {
    (await storage.write(snapshot))._unsafeUnwrap();
    (await remote.write(snapshot))._unsafeUnwrap();
  }
  (await remote.close())._unsafeUnwrap();
  const engine = new QueryEngine(storage, { clock });
  const server = await startMetricsServer(new MetricsCollector(), { port: 0, routes: [queryApi(engine, options)] });
  const telltale = server._unsafeUnwrap();
  return {
    telltale,
    prometheus,
    close: async () => {
      (await telltale.close())._unsafeUnwrap();
      await prometheus.stop();
    },
  };
}
