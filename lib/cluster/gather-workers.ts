// The gatherer's one call.
import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
import type { MetricsCollector } from '../collector.js';
import { MetricDefinitionError } from '../errors.js';
import { getMetricsCollector } from '../global.js';
import { checkNumber, checkSeconds } from '../instruments/definition.js';
import { Gatherer } from './gatherer.js';
import { gatherProcesses } from './process-carrier.js';
import { gatherThreads } from './thread-carrier.js';

export interface GatherOptions {
  /** How long a reading waits for workers that have something to work out for it, at most. Default: 1 second. */
  readonly timeoutSeconds?: number;
  /** Beyond this, merged series go to one labelled `otel_metric_overflow="true"`. Default: 100 000. */
  readonly maxSeriesPerMetric?: number;
}

/** Workers being gathered. */
export interface Gathering {
  /** Workers that are there now, without the gatherer: stale ones left a question unanswered. */
  workers(): { readonly live: number; readonly stale: number };
  /** Has readers see the collector's own metrics alone again. */
  close(): void;
}

/**
 * Has every reader of this collector (a scrape, a snapshot, a storage) see the metrics of all workers as one: those of the
 * threads of this process and of the processes of `node:cluster` that call `joinCluster`, whenever they start.
 *
 * Counters and histograms add up and never fall, also when workers die; summaries put their windows together; gauges do as
 * their `aggregation` says. How many workers there are is in `telltale_cluster_workers`.
 *
 * Fails by `onError`: `worker_timed_out`, `worker_report_invalid`, and `family_conflict` where two workers mean something
 * else by one name. The reading goes on without what could not be had.
 *
 * @throws MetricDefinitionError `invalid_option` where an option is invalid, or this collector gathers or has joined already.
 * @example
 * gatherWorkers(metrics);
 * await startMetricsServer(metrics);
 * // jobs_total 4
 * // telltale_cluster_workers{state="live"} 4
 * // telltale_cluster_workers{state="stale"} 0
 */
export function gatherWorkers(
  metrics: MetricsCollector = getMetricsCollector(),
  options: GatherOptions = {},
): Gathering {
  const { timeoutSeconds = 1, maxSeriesPerMetric = 100_000 } = options;
  checkSeconds('timeoutSeconds', timeoutSeconds);
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  checkNumber('maxSeriesPerMetric', maxSeriesPerMetric, 'Give a whole number of at least 1.', isCount);
  const { memory } = metrics.inPlace;
  if (memory.isWatched) {
    const rule = 'It gathers workers or has joined others already; do either once.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'metrics', value: 'a member', rule });
  }
  const gatherer = new Gatherer({ metrics, timeoutSeconds, maxSeriesPerMetric });
  const states = metrics.gauge('telltale_cluster_workers', {
    description: 'Workers that are gathered, by state; stale ones did not answer in time.',
    labelNames: ['state'],
  });
  memory.watch({ allocate: (length) => new Float64Array(length), changed: () => gatherer.ownChanged() });
  metrics.readThrough((own) =>
    gatherer.gather(own, () => {
      for (const [state, count] of Object.entries(gatherer.count()))
        states.set(count, { state: state as 'live' | 'stale' });
    }),
  );
  const carriers = [gatherThreads(gatherer), ...(isMainThread && cluster.isPrimary ? [gatherProcesses(gatherer)] : [])];
  return {
    workers: () => gatherer.count(),
    close: () => {
      for (const carrier of carriers) carrier.close();
      metrics.readThrough(undefined);
      memory.watch(undefined);
    },
  };
}
