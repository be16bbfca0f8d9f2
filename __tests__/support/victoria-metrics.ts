// Runs a real VictoriaMetrics on the loopback interface. It can be ended and started again on the same port and with the same
// data, because what clients do meanwhile is what tests want to see.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.js';
import { freePort } from './free-port.js';
import { pollUntil } from './poll.js';
import { PrometheusApi } from './prometheus-api.js';
import { serverComponent } from './servers.js';

const REQUEST_TIMEOUT_MS = 10_000;

/** One series of `/api/v1/export`. */
export interface ExportedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Markers of series that have ended are left out. */
  readonly points: readonly { readonly timestampMs: number; readonly value: number }[];
}

/** A VictoriaMetrics, running or not; it also answers the API of Prometheus. */
export class VictoriaMetrics extends PrometheusApi {
  readonly port: number;
  readonly #directory: string;
  readonly #args: readonly string[];
  #child: Child | undefined;

  /** Use {@link startVictoriaMetrics}. */
  constructor(port: number, directory: string, args: readonly string[]) {
    super(`http://127.0.0.1:${port}`);
    this.port = port;
    this.#directory = directory;
    this.#args = args;
  }

  /** Starts it, for the first time or again, and waits until it is ready (~0.1 s). */
  async start(): Promise<void> {
    const { path, env } = serverComponent('victoria-metrics');
    const flags = [
      `-httpListenAddr=127.0.0.1:${this.port}`,
      `-storageDataPath=${join(this.#directory, 'data')}`,
      '-retentionPeriod=100y',
      '-search.latencyOffset=0s',
    ];
    const child = startChild({ path, env, args: [...flags, ...this.#args] });
    this.#child = child;
    let hasEnded = false;
    void child.ended.then(() => {
      hasEnded = true;
    });
    await pollUntil({ what: 'VictoriaMetrics getting ready', timeoutMs: 20_000, intervalMs: 20 }, async () => {
      // A program that cannot start will not get ready by being asked.
      if (hasEnded) return true;
      const response = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      return (await response.text()) === 'OK' ? true : undefined;
    });
    if (hasEnded) throw new Error(`VictoriaMetrics ended before it was ready: ${child.stderr().slice(-2_000)}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.process.kill(signal);
  }

  /** Ends the process and keeps its data. */
  async stop(): Promise<void> {
    await this.#child?.stop();
    this.#child = undefined;
  }

  /** Ends the process and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Every stored sample of the series that match, in the order of time. */
  async exported(match: string): Promise<readonly ExportedSeries[]> {
    const timeout = () => ({ signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    // What was just written is not shown before it has been flushed.
    await (await fetch(`${this.url}/internal/force_flush`, timeout())).text();
    const query = new URLSearchParams({ 'match[]': match, start: '0' });
    const text = await (await fetch(`${this.url}/api/v1/export?${query}`, timeout())).text();
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const { metric, values, timestamps } = JSON.parse(line) as {
        readonly metric: Readonly<Record<string, string>>;
        readonly values: readonly (number | string | null)[];
        readonly timestamps: readonly number[];
      };
      const points = values.flatMap((value, i) =>
        value === null ? [] : [{ timestampMs: timestamps[i] as number, value: Number(value) }],
      );
      return { labels: metric, points };
    });
  }
}

/** Starts an empty VictoriaMetrics on a free port: it does not tell which one it got when it is asked for any. */
export async function startVictoriaMetrics(args: readonly string[] = []): Promise<VictoriaMetrics> {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-victoria-metrics-'));
  const server = new VictoriaMetrics(await freePort(), directory, args);
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.remove();
    throw error;
  }
}
