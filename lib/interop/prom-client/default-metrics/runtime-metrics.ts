// Default metrics that Node has about itself: its event loop, its heap, its collections of garbage, its version.
import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { Histogram } from '../histogram.js';
import { attempt, commonOf, type DefaultMetricsOptions, gaugesFor } from './definition.js';

const NANOSECONDS = 1e9;
const GC_BUCKETS = [0.001, 0.01, 0.1, 1, 2, 5];
const GC_KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

export function eventLoopLag(options: DefaultMetricsOptions): void {
  const { gauge, labels } = gaugesFor(options);
  const delay = monitorEventLoopDelay({ resolution: options.eventLoopMonitoringPrecision ?? 10 });
  delay.enable();
  const lag = gauge('nodejs_eventloop_lag_seconds', 'Lag of event loop in seconds.', {
    aggregator: 'average',
    collect: () => {
      const start = process.hrtime();
      setImmediate(() => {
        const [seconds, nanoseconds] = process.hrtime(start);
        lag.set(labels, seconds + nanoseconds / NANOSECONDS);
      });
      for (const { to, read } of figures) to.set(labels, read() / NANOSECONDS);
      delay.reset();
    },
  });
  const figure = (name: string, help: string, aggregator: 'min' | 'max' | 'average', read: () => number) => {
    return { read, to: gauge(`nodejs_eventloop_lag_${name}_seconds`, help, { aggregator }) };
  };
  const percentile = (name: string, q: number) =>
    figure(name, `The ${q}th percentile of the recorded event loop delays.`, 'average', () => delay.percentile(q));
  const figures = [
    figure('min', 'The minimum recorded event loop delay.', 'min', () => delay.min),
    figure('max', 'The maximum recorded event loop delay.', 'max', () => delay.max),
    figure('mean', 'The mean of the recorded event loop delays.', 'average', () => delay.mean),
    figure('stddev', 'The standard deviation of the recorded event loop delays.', 'average', () => delay.stddev),
    percentile('p50', 50),
    percentile('p90', 90),
    percentile('p99', 99),
  ];
}

export function heapSizeAndUsed(options: DefaultMetricsOptions): void {
  const { gauge, labels } = gaugesFor(options);
  const total = gauge('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.', {
    collect: () => {
      const usage = attempt(() => process.memoryUsage());
      if (usage === undefined) return;
      total.set(labels, usage.heapTotal);
      used.set(labels, usage.heapUsed);
      external.set(labels, usage.external);
    },
  });
  const used = gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.');
  const external = gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.');
}

export function heapSpacesSizeAndUsed(options: DefaultMetricsOptions): void {
  const { gauge, labels } = gaugesFor(options);
  const space = (kind: string, collect?: () => void) =>
    gauge(`nodejs_heap_space_size_${kind}_bytes`, `Process heap space size ${kind} from Node.js in bytes.`, {
      labelNames: ['space'],
      ...(collect === undefined ? {} : { collect }),
    });
  const total = space('total', () => {
    for (const { space_name, ...sizes } of getHeapSpaceStatistics()) {
      const all = { space: space_name.slice(0, Math.max(0, space_name.indexOf('_space'))), ...labels };
      total.set(all, sizes.space_size);
      used.set(all, sizes.space_used_size);
      available.set(all, sizes.space_available_size);
    }
  });
  const used = space('used');
  const available = space('available');
}

export function version(options: DefaultMetricsOptions): void {
  const { gauge, labels } = gaugesFor(options);
  const [major = 0, minor = 0, patch = 0] = process.version.slice(1).split('.').map(Number);
  const info = gauge('nodejs_version_info', 'Node.js version info.', {
    labelNames: ['version', 'major', 'minor', 'patch'],
    aggregator: 'first',
    collect: () => info.set({ version: process.version, major, minor, patch, ...labels }, 1),
  });
}

export function gc(options: DefaultMetricsOptions): void {
  const { prefix, labels, labelNames, registers } = commonOf(options);
  const durations = new Histogram({
    name: `${prefix}nodejs_gc_duration_seconds`,
    help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    labelNames: ['kind', ...labelNames],
    buckets: options.gcDurationBuckets ?? GC_BUCKETS,
    ...registers,
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { detail?: { kind?: number } })[]) {
      const kind = GC_KINDS.get(entry.detail?.kind ?? -1);
      if (kind !== undefined) durations.observe({ kind, ...labels }, entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
}
