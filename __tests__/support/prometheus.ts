// Runs a real Prometheus that scrapes what a suite tells it to, and asks it questions. Its first scrape comes 5–6 s after the
// start and a changed list of targets takes as long, so a suite starts it once, with all of its targets.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listeningPort, startChild } from './child.js';
import { pollUntil } from './poll.js';
import { PrometheusApi, type TargetState } from './prometheus-api.js';
import { serverComponent } from './servers.js';

/** One entry of `scrape_configs`. */
export interface ScrapeJob {
  readonly name: string;
  /** `host:port` each. */
  readonly targets: readonly string[];
  /** Further fields in Prometheus' own terms, such as `{ metrics_path: '/m', honor_labels: true }`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface PrometheusOptions {
  readonly jobs?: readonly ScrapeJob[];
  /** Default 1 s; also the timeout of a scrape. */
  readonly scrapeIntervalMs?: number;
  /** Further parts of the configuration file, such as `{ rule_files: [path] }`. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Further flags, such as `--storage.tsdb.min-block-duration=1000d`. */
  readonly args?: readonly string[];
  /** Another Prometheus than the fetched one. */
  readonly binary?: string;
}

export interface ScrapeWait {
  /** Only scrapes that started at or after this instant count. Default: any. */
  readonly afterMs?: number;
  /** Which outcome to wait for. Default `up`. */
  readonly health?: 'up' | 'down' | 'any';
  readonly timeoutMs?: number;
}

/** A running Prometheus; everything that its HTTP API answers is in {@link PrometheusApi}. */
export class Prometheus extends PrometheusApi {
  readonly port: number;
  readonly pid: number;
  readonly #directory: string;
  readonly #stop: () => Promise<void>;
  #targetCount: Map<string, number>;

  /** Use {@link startPrometheus}. */
  constructor(parts: {
    port: number;
    pid: number;
    directory: string;
    jobs: readonly ScrapeJob[];
    stop: () => Promise<void>;
  }) {
    super(`http://127.0.0.1:${parts.port}`);
    this.port = parts.port;
    this.pid = parts.pid;
    this.#directory = parts.directory;
    this.#stop = parts.stop;
    this.#targetCount = new Map(parts.jobs.map(({ name, targets }) => [name, targets.length]));
  }

  /** Resolves once every target of every job has been scraped, with what Prometheus says of them. */
  waitForScrapes({ afterMs = 0, health = 'up', timeoutMs = 20_000 }: ScrapeWait = {}): Promise<readonly TargetState[]> {
    const wanted = [...this.#targetCount.values()].reduce((sum, count) => sum + count, 0);
    let states: readonly TargetState[] = [];
    const isDone = (state: TargetState): boolean =>
      state.lastScrapeMs >= afterMs && (health === 'any' ? state.health !== 'unknown' : state.health === health);
    return pollUntil({ what: `A scrape of all ${wanted} targets (${health})`, timeoutMs }, async () => {
      states = await this.targets();
      if (states.length === wanted && states.every(isDone)) return states;
      throw new Error(JSON.stringify(states));
    });
  }

  /** Replaces the targets of a job. Prometheus notices at once and acts within 5 s. */
  async setTargets(job: string, targets: readonly string[]): Promise<void> {
    if (!this.#targetCount.has(job)) throw new Error(`There is no job ${job}: name it when starting Prometheus.`);
    await writeTargets(this.#directory, job, targets);
    this.#targetCount.set(job, targets.length);
  }

  /** Ends the process and removes its data. Calling it again is harmless. */
  stop(): Promise<void> {
    return this.#stop();
  }
}

/** Starts an empty Prometheus on a free port of the loopback interface and waits until it is ready (~0.2 s). */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  const { path, env } = serverComponent('prometheus');
  const jobs = options.jobs ?? [];
  const directory = await mkdtemp(join(tmpdir(), 'telltale-prometheus-'));
  await writeFile(join(directory, 'prometheus.yml'), configurationFile(directory, jobs, options));
  for (const { name, targets } of jobs) await writeTargets(directory, name, targets);
  const child = startChild({ path: options.binary ?? path, env, args: [...flags(directory), ...(options.args ?? [])] });
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(child);
    const prometheus = new Prometheus({ port, pid: child.pid, directory, jobs, stop });
    await pollUntil({ what: 'Prometheus getting ready', timeoutMs: 20_000, intervalMs: 20 }, () =>
      prometheus.isReady(),
    );
    return prometheus;
  } catch (error) {
    await stop();
    throw error;
  }
}

const flags = (directory: string): readonly string[] => [
  `--config.file=${join(directory, 'prometheus.yml')}`,
  `--storage.tsdb.path=${join(directory, 'data')}`,
  '--web.listen-address=127.0.0.1:0',
  '--web.enable-remote-write-receiver',
  '--web.enable-lifecycle',
  '--enable-feature=native-histograms,exemplar-storage',
];

// JSON is YAML, so that nothing has to be quoted here.
function configurationFile(directory: string, jobs: readonly ScrapeJob[], options: PrometheusOptions): string {
  const interval = `${options.scrapeIntervalMs ?? 1_000}ms`;
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    scrape_configs: jobs.map(({ name, settings }) => ({
      job_name: name,
      file_sd_configs: [{ files: [targetsFile(directory, name)] }],
      ...settings,
    })),
    ...options.configuration,
  });
}

const targetsFile = (directory: string, job: string): string =>
  join(directory, `targets-${Buffer.from(job).toString('hex')}.json`);

// Renamed into place, because Prometheus reads the file as soon as it changes.
async function writeTargets(directory: string, job: string, targets: readonly string[]): Promise<void> {
  const file = targetsFile(directory, job);
  await writeFile(`${file}.draft`, JSON.stringify([{ targets }]));
  await rename(`${file}.draft`, file);
}
