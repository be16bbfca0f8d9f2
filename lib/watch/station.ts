// A monitoring station in one process: what it scrapes it keeps, answers questions about, and shows. This file puts the parts
// together and takes them apart in order; each part is a room of its own.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type Clock, systemClock } from '../clock.js';
import { MetricsCollector } from '../collector.js';
import type { HttpError, StorageError } from '../errors.js';
import { describe } from '../errors.js';
import { type MetricsServer, startMetricsServer } from '../http/metrics-server.js';
import type { Route } from '../http/routes.js';
import type { MetricFamily } from '../model/family.js';
import { queryApi } from '../query/http-api/query-api.js';
import { QueryEngine } from '../query/query-engine.js';
import { Histories } from './history/histories.js';
import { type HistoryOptions, TargetHistory } from './history/target-history.js';
import { ScrapeLoop } from './scraping/scrape-loop.js';
import { Scraper } from './scraping/scraper.js';
import { type Target, targetFolder } from './scraping/target.js';
import { type StationMetrics, stationMetrics } from './station-metrics.js';
import { TargetNews } from './target-news.js';
import { targetsRoute } from './targets-route.js';

export interface StationOptions {
  /** At least one, no two with the same job and instance. */
  readonly targets: readonly Target[];
  readonly intervalSeconds: number;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the history is kept for longer than an hour, and over a restart. */
  readonly directory?: string;
  /** Who gets everything besides, by Prometheus remote write. */
  readonly remoteWriteUrl?: string;
  readonly clock?: Clock;
  /** Hears, in whole sentences, of what whoever runs the station should know. */
  readonly onNews: (sentence: string) => void;
}

export interface Station {
  /** Where it can be reached from this machine, without a path. */
  readonly url: string;
  /** Stops scraping, then serving, then brings to disk and network what is on its way. Never rejects. */
  close(): Promise<void>;
}

export type StationError = StorageError | HttpError;

const MEMORY_SECONDS = 3600;
/** Of all targets together; each has an equal share. */
const MEMORY_BYTES = 1024 ** 3;
const FILE_BYTES = 16 * 1024 ** 3;
const REMOTE_QUEUE_BYTES = 256 * 1024 ** 2;
/** Prometheus' own default. */
const MOST_TIMEOUT_SECONDS = 10;

/**
 * Opens everything, then begins to scrape. What was opened is closed again when something cannot be.
 *
 * @returns `address_in_use`, `address_unavailable`; `file_locked`, `file_unwritable`.
 * @throws MetricDefinitionError for addresses and options that make no sense.
 */
export function openStation(options: StationOptions): ResultAsync<Station, StationError> {
  return new ResultAsync(opened(options));
}

async function opened(options: StationOptions): Promise<Result<Station, StationError>> {
  const { targets, onNews, clock = systemClock } = options;
  const news = new TargetNews(onNews, clock);
  const histories = await openHistories(options, (error) => news.tellOnce(error.kind, describe(error)));
  if (histories.isErr()) return err(histories.error);
  const collector = new MetricsCollector({ clock });
  const metrics = stationMetrics(collector, histories.value);
  const loops = targets.map((target, t) => loopFor(target, { options, history: histories.value[t]!, metrics, news }));
  const server = await serve(collector, { options, loops, histories: histories.value });
  if (server.isErr()) {
    await closeAll(histories.value);
    metrics.close();
    return err(server.error);
  }
  for (const loop of loops) loop.start();
  return ok(runningStation(server.value, { loops, histories: histories.value, metrics, collector }));
}

async function openHistories(
  { targets, directory, remoteWriteUrl, clock = systemClock }: StationOptions,
  onError: (error: StorageError) => void,
): Promise<Result<readonly TargetHistory[], StorageError>> {
  const share = (bytes: number) => Math.floor(bytes / targets.length);
  const options: HistoryOptions = {
    memorySeconds: MEMORY_SECONDS,
    memoryBytes: share(MEMORY_BYTES),
    directory,
    fileBytes: share(FILE_BYTES),
    remoteWriteUrl,
    remoteQueueBytes: share(REMOTE_QUEUE_BYTES),
    clock,
    onError,
  };
  const histories: TargetHistory[] = [];
  for (const target of targets) {
    const history = await TargetHistory.open(targetFolder(target), options);
    if (history.isErr()) {
      await closeAll(histories);
      return err(history.error);
    }
    histories.push(history.value);
  }
  return ok(histories);
}

interface LoopParts {
  readonly options: StationOptions;
  readonly history: TargetHistory;
  readonly metrics: StationMetrics;
  readonly news: TargetNews;
}

function loopFor(target: Target, { options, history, metrics, news }: LoopParts): ScrapeLoop {
  const { intervalSeconds, clock = systemClock } = options;
  return new ScrapeLoop({
    scraper: new Scraper(target, { timeoutSeconds: timeoutOf(options) }),
    intervalSeconds,
    clock,
    store: (snapshot) => history.write(snapshot),
    told: (told, report, error) => {
      metrics.count(report);
      news.tell(told, error);
    },
  });
}

function timeoutOf({ intervalSeconds }: StationOptions): number {
  return Math.min(intervalSeconds, MOST_TIMEOUT_SECONDS);
}

interface ServedParts {
  readonly options: StationOptions;
  readonly loops: readonly ScrapeLoop[];
  readonly histories: readonly TargetHistory[];
}

function serve(
  collector: MetricsCollector,
  { options, loops, histories }: ServedParts,
): ResultAsync<MetricsServer, HttpError> {
  const { host, port, intervalSeconds, clock = systemClock } = options;
  const all = new Histories(
    histories.map((queryable, h) => {
      const { job, instance } = options.targets[h]!;
      return { queryable, labels: { job, instance } };
    }),
  );
  const engine = new QueryEngine(all, { clock });
  const routes: readonly Route[] = [
    queryApi(engine, { describes: { collect: async () => lastFamilies(loops) } }),
    targetsRoute(loops, { intervalSeconds, timeoutSeconds: timeoutOf(options) }),
  ];
  return startMetricsServer(collector, { host, port, routes });
}

/** One family of each name, for those who ask what metrics there are. */
function lastFamilies(loops: readonly ScrapeLoop[]): readonly MetricFamily[] {
  const families = new Map<string, MetricFamily>();
  for (const { last } of loops) {
    for (const family of last?.families ?? []) {
      if (!families.has(family.descriptor.name)) families.set(family.descriptor.name, family);
    }
  }
  return [...families.values()];
}

interface RunningParts {
  readonly loops: readonly ScrapeLoop[];
  readonly histories: readonly TargetHistory[];
  readonly metrics: StationMetrics;
  readonly collector: MetricsCollector;
}

function runningStation(server: MetricsServer, { loops, histories, metrics, collector }: RunningParts): Station {
  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
    await server.close({ timeoutSeconds: 2 });
    metrics.close();
    await collector.shutdown();
    await closeAll(histories);
  };
  return {
    url: server.url,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function closeAll(histories: readonly TargetHistory[]): Promise<void> {
  await Promise.all(histories.map((history) => history.close()));
}
