// A process that keeps a quarter of an hour of many series, which go on changing, and serves them with the dashboard:
// `shown-series.js <series>`.
import { MemoryStorage, MetricsCollector, startMetricsServer } from 'telltale';
import { dashboard } from 'telltale/dashboard';
import { queryApi } from 'telltale/query';

/** Sent once, when it listens. */
export interface ShownSeriesReady {
  readonly url: string;
}

const STEP_MS = 1000;
const HISTORY_MS = 15 * 60_000;

const labels = Array.from({ length: Number(process.argv[2]) }, (_, i) => ({ __name__: 'shown', series: String(i) }));
const storage = new MemoryStorage();
const append = (timeMs: number) => {
  labels.forEach((each, i) => {
    storage.append(each, timeMs, i + 20 * Math.sin(timeMs / 30_000 + i) + (i % 7) * Math.cos(timeMs / 3000));
  });
};
const startedMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
for (let timeMs = startedMs - HISTORY_MS; timeMs <= startedMs; timeMs += 5 * STEP_MS) append(timeMs);
setInterval(() => append(Date.now()), STEP_MS);

const metrics = new MetricsCollector({ storage });
const server = await startMetricsServer(metrics, { port: 0, routes: [queryApi(metrics), dashboard()] });
process.send?.({ url: server._unsafeUnwrap().url } satisfies ShownSeriesReady);
