// A worker thread with series of one type, which has joined the main thread and records in a part of them when it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import type { MetricsCollector } from 'telltale';
import { joinCluster } from 'telltale/cluster';
import { newCollector } from '../libraries.js';
import { BUCKETS, LABEL_NAMES, requestsOf } from '../workload.js';

export const SERIES_PER_WORKER = 10_000;
/** Of so many series, one is recorded again between two readings. */
const RECORD_EVERY = 10;

/** What a worker has 10k series of: of the first two, of each. */
export type GatheredKind = 'counters and histograms' | 'native histograms' | 'summaries';

interface RequestLabels {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

function recorderOf(kind: GatheredKind, metrics: MetricsCollector): (seconds: number, labels: RequestLabels) => void {
  const labelNames = LABEL_NAMES;
  if (kind === 'summaries') {
    const summary = metrics.summary('duration_seconds', { labelNames, quantiles: [0.5, 0.95, 0.99] });
    return (seconds, labels) => summary.observe(seconds, labels);
  }
  if (kind === 'native histograms') {
    const native = metrics.histogram('duration_seconds', { labelNames, native: true });
    return (seconds, labels) => native.observe(seconds, labels);
  }
  const counter = metrics.counter('requests_total', { labelNames });
  const histogram = metrics.histogram('duration_seconds', { labelNames, buckets: BUCKETS });
  return (seconds, labels) => {
    counter.increment(1, labels);
    histogram.observe(seconds, labels);
  };
}

if (parentPort !== null) {
  const port = parentPort;
  const metrics = newCollector();
  const record = recorderOf(workerData as GatheredKind, metrics);
  // Ten observations of each series to begin with, as wide apart as those of different requests.
  const { methods, routes, statuses, seconds, length } = requestsOf(SERIES_PER_WORKER, SERIES_PER_WORKER * 10);
  let offset = 0;
  const recordEvery = (step: number, from: number) => {
    for (let i = from; i < length; i += step) {
      record(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
    }
  };
  recordEvery(1, 0);
  const joined = joinCluster(metrics);
  port.on('message', () => {
    offset = (offset + 1) % (RECORD_EVERY * 10);
    recordEvery(RECORD_EVERY * 10, offset);
    port.postMessage('recorded');
  });
  await joined.ready;
  port.postMessage('ready');
}
