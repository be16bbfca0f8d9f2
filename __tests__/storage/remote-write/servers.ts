// The real servers that take remote write, in one form: each can be stopped and started again with the same port and data, and
// tells every sample that it holds.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, listeningPort, startChild } from '../../support/child.js';
import { freePort } from '../../support/free-port.js';
import { pollUntil } from '../../support/poll.js';
import { PrometheusApi } from '../../support/prometheus-api.js';
import { serverComponent } from '../../support/servers.js';
import { startVictoriaMetrics } from '../../support/victoria-metrics.js';

/** What a server holds: per series, its labels as JSON, the samples in the order of time. */
export type Stored = Readonly<Record<string, readonly (readonly [timestampMs: number, value: number])[]>>;

export interface RemoteWriteServer {
  readonly port: number;
  readonly api: PrometheusApi;
  stop(): Promise<void>;
  /** Stops it in the middle of whatever it does, or lets it go on: it then accepts connections and answers nothing. */
  hang(hangs: boolean): void;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
  /** All samples of metrics whose name begins so. */
  stored(prefix: string): Promise<Stored>;
}

/** The path is the same with both. */
export const WRITE_PATH = '/api/v1/write';

export const servers = { prometheus, 'victoria-metrics': victoriaMetrics } as const;

/** Labels sorted by name, so that equal sets are equal texts. */
export function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function prometheus(extraArgs: readonly string[] = []): Promise<RemoteWriteServer> {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-receiver-'));
  await writeFile(join(directory, 'prometheus.yml'), '{}');
  const port = await freePort();
  const api = new PrometheusApi(`http://127.0.0.1:${port}`);
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    const { path, env } = serverComponent('prometheus');
    const args = [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      ...extraArgs,
    ];
    child = startChild({ path, env, args });
    await listeningPort(child);
    await pollUntil({ what: 'Prometheus getting ready', timeoutMs: 20_000, intervalMs: 20 }, () => api.isReady());
  };
  const stop = async (): Promise<void> => child?.stop();
  const kill = async (): Promise<void> => {
    child?.process.kill('SIGKILL');
    await child?.ended;
  };
  await start();
  return {
    port,
    api,
    start,
    stop,
    kill,
    hang: (hangs) => void child?.process.kill(hangs ? 'SIGSTOP' : 'SIGCONT'),
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
    stored: async (prefix) => {
      interface Matrix {
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly values: readonly (readonly [number, string])[];
        }[];
      }
      const { result } = await api.get<Matrix>('query', { query: `{__name__=~"${prefix}.*"}[1h]` });
      return Object.fromEntries(
        result.map(({ metric, values }) => {
          const points = values.map(([seconds, value]) => {
            return [Math.round(seconds * 1000), Number(value.replace('Inf', 'Infinity'))] as const;
          });
          return [keyOf(metric), points];
        }),
      );
    },
  };
}

async function victoriaMetrics(): Promise<RemoteWriteServer> {
  // A request that was taken but not answered comes a second time; what it holds twice is shown once with this setting.
  const server = await startVictoriaMetrics(['-dedup.minScrapeInterval=1ms']);
  return {
    port: server.port,
    api: server,
    start: () => server.start(),
    stop: () => server.stop(),
    hang: (hangs) => server.signal(hangs ? 'SIGSTOP' : 'SIGCONT'),
    kill: () =>
      Promise.reject(new Error('VictoriaMetrics keeps the last seconds in memory: a crash loses what it has taken.')),
    remove: () => server.remove(),
    stored: async (prefix) => {
      const series = await server.exported(`{__name__=~"${prefix}.*"}`);
      return Object.fromEntries(
        series.map(({ labels, points }) => [
          keyOf(labels),
          points.map(({ timestampMs, value }) => [timestampMs, value] as const),
        ]),
      );
    },
  };
}
