// A monitoring station in one process: what it scrapes it keeps, answers questions about, has rules evaluated on, and shows. This
// file puts the parts together and takes them apart in order; each part is a room of its own.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { RecordedHistory } from '../alerts/recorded/recorded-history.js';
import { type Clock, systemClock } from '../clock.js';
import { MetricsCollector } from '../collector.js';
import { type AlertError, describe, type HttpError, type StorageError } from '../errors.js';
import { startMetricsServer } from '../http/metrics-server.js';
import { serverUrl } from '../http/server-url.js';
import { JoinedQueryables } from '../query/joined-queryables.js';
import { QueryEngine } from '../query/query-engine.js';
import { type HistoryOptions, TargetHistory } from './history/target-history.js';
import { ScrapeLoop } from './scraping/scrape-loop.js';
import { Scraper } from './scraping/scraper.js';
import { type Target, targetFolder } from './scraping/target.js';
import { type StationMetrics, stationMetrics } from './station-metrics.js';
import { StationNews } from './station-news.js';
import { stationRoutes } from './station-routes.js';
import { openRules } from './station-rules.js';

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
  /** Alerting and recording rules as Prometheus has them. */
  readonly rulesFile?: string;
  /** Who is told of alerts besides whoever reads the news. */
  readonly alertmanagerUrls?: readonly string[];
  /** Where people reach the station, for links in alerts. Left out: where this machine does, if the port is known. */
  readonly externalUrl?: string;
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

export type StationError = StorageError | HttpError | AlertError;

const MEMORY_SECONDS = 3600;
/** Of all targets together; each has an equal share. */
const MEMORY_BYTES = 1024 ** 3;
const FILE_BYTES = 16 * 1024 ** 3;
const REMOTE_QUEUE_BYTES = 256 * 1024 ** 2;
/** The folder of what rules record; those of targets have another kind of name. */
const RULES_FOLDER = 'rules';
/** Prometheus' own default. */
const MOST_TIMEOUT_SECONDS = 10;
const CLOSE_SECONDS = 2;

/** What was opened, to be closed in the opposite order. */
type Closers = (() => unknown)[];

/**
 * Opens everything, then begins to scrape. What was opened is closed again when something cannot be.
 *
 * @returns `address_in_use`, `address_unavailable`; `file_locked`, `file_unwritable`; `rules_unreadable`, `invalid_rules`.
 * @throws MetricDefinitionError for addresses and options that make no sense.
 */
export function openStation(options: StationOptions): ResultAsync<Station, StationError> {
  return new ResultAsync(openedOrClosed(options));
}

async function openedOrClosed(options: StationOptions): Promise<Result<Station, StationError>> {
  const closers: Closers = [];
  let closing: Promise<void> | undefined;
  const close = async () => {
    for (const one of closers.reverse()) await one();
  };
  try {
    const opened = await open(options, closers);
    if (opened.isErr()) await close();
    return opened.map((url) => ({
      url,
      close: () => {
        closing ??= close();
        return closing;
      },
    }));
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Answers where the station can be reached. */
async function open(options: StationOptions, closers: Closers): Promise<Result<string, StationError>> {
  const { targets, onNews, intervalSeconds, host, port, clock = systemClock } = options;
  const news = new StationNews(onNews, clock);
  // Together: each may have to wait for somebody to take what is left.
  const last: Closers = [];
  closers.push(() => Promise.all(last.map((close) => close())));
  const histories = await openHistories(options, news, last);
  if (histories.isErr()) return err(histories.error);
  const { ofTargets, ofRules } = histories.value;
  const recorded = new RecordedHistory(ofRules);
  const engine = new QueryEngine(joined(targets, ofTargets, recorded), { clock });
  const { rulesFile: file, alertmanagerUrls = [] } = options;
  const { externalUrl = port === 0 ? '' : serverUrl(host, port) } = options;
  const rules = await openRules({
    file,
    alertmanagerUrls,
    intervalSeconds,
    externalUrl,
    clock,
    engine,
    recorded,
    news,
  });
  if (rules.isErr()) return err(rules.error);
  last.push(() => rules.value?.close());
  closers.push(() => recorded.flush());
  closers.push(() => rules.value?.stop());

  const collector = new MetricsCollector({ clock });
  const metrics = stationMetrics(collector, [...ofTargets, ofRules]);
  closers.push(async () => {
    metrics.close();
    await collector.shutdown();
  });
  const loops = targets.map((target, t) => loopFor(target, { options, history: ofTargets[t]!, metrics, news }));
  const timing = { intervalSeconds, timeoutSeconds: timeoutOf(options) };
  const routes = stationRoutes({ engine, loops, timing, rules: rules.value });
  const server = await startMetricsServer(collector, { host, port, routes });
  if (server.isErr()) return err(server.error);
  closers.push(() => server.value.close({ timeoutSeconds: CLOSE_SECONDS }));

  for (const loop of loops) loop.start();
  rules.value?.start();
  closers.push(() => Promise.all(loops.map((loop) => loop.stop())));
  return ok(server.value.url);
}

interface StationHistories {
  readonly ofTargets: readonly TargetHistory[];
  readonly ofRules: TargetHistory;
}

async function openHistories(
  options: StationOptions,
  news: StationNews,
  closers: Closers,
): Promise<Result<StationHistories, StorageError>> {
  const { targets, directory, remoteWriteUrl, clock = systemClock } = options;
  const share = (bytes: number) => Math.floor(bytes / (targets.length + 1));
  const settings: HistoryOptions = {
    memorySeconds: MEMORY_SECONDS,
    memoryBytes: share(MEMORY_BYTES),
    directory,
    fileBytes: share(FILE_BYTES),
    remoteWriteUrl,
    remoteQueueBytes: share(REMOTE_QUEUE_BYTES),
    clock,
    onError: (error) => news.tellOnce(error.kind, describe(error)),
  };
  const histories: TargetHistory[] = [];
  for (const folder of [RULES_FOLDER, ...targets.map(targetFolder)]) {
    const history = await TargetHistory.open(folder, settings);
    if (history.isErr()) return err(history.error);
    histories.push(history.value);
    closers.push(() => history.value.close());
  }
  const [ofRules, ...ofTargets] = histories as [TargetHistory, ...TargetHistory[]];
  return ok({ ofRules, ofTargets });
}

/** What rules record has any labels; what targets gave has theirs. */
function joined(
  targets: readonly Target[],
  ofTargets: readonly TargetHistory[],
  recorded: RecordedHistory,
): JoinedQueryables {
  const ofTarget = ofTargets.map((queryable, t) => {
    const { job, instance } = targets[t]!;
    return { queryable, labels: { job, instance } };
  });
  return new JoinedQueryables([...ofTarget, { queryable: recorded, labels: {} }]);
}

interface LoopParts {
  readonly options: StationOptions;
  readonly history: TargetHistory;
  readonly metrics: StationMetrics;
  readonly news: StationNews;
}

function loopFor(target: Target, { options, history, metrics, news }: LoopParts): ScrapeLoop {
  const { intervalSeconds, clock = systemClock } = options;
  return new ScrapeLoop({
    scraper: new Scraper(target, { timeoutSeconds: timeoutOf(options), isLenient: true }),
    intervalSeconds,
    clock,
    store: (snapshot) => history.write(snapshot),
    told: (told, report, error) => {
      metrics.count(report);
      news.tellOfTarget(told, error);
    },
  });
}

function timeoutOf({ intervalSeconds }: StationOptions): number {
  return Math.min(intervalSeconds, MOST_TIMEOUT_SECONDS);
}
