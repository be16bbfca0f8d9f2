// How long garbage collections stop the program, by kind. They are observed as they happen, and only handed over when read.
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import type { MetricsCollector } from '../../collector.js';
import type { Part } from '../process/part.js';

const KINDS: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

interface CollectionEntry extends PerformanceEntry {
  readonly detail?: { readonly kind?: unknown };
}

export function garbageCollection(collector: MetricsCollector, buckets: readonly number[]): Part | undefined {
  // The compiler's types know neither this list nor the details of an entry.
  const { supportedEntryTypes } = PerformanceObserver as { readonly supportedEntryTypes?: readonly string[] };
  if (supportedEntryTypes?.includes('gc') !== true) return undefined;
  const durations = collector.histogram('nodejs_gc_duration_seconds', {
    description: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    labelNames: ['kind'],
    buckets,
  });
  const observe = (entries: readonly CollectionEntry[]) => {
    for (const { detail, duration } of entries) {
      const kind = KINDS.get(detail?.kind);
      if (kind !== undefined) durations.observe(duration / 1000, { kind });
    }
  };
  const observer = new PerformanceObserver((list) => observe(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    instruments: [],
    read() {},
    stop: () => {
      observe(observer.takeRecords());
      observer.disconnect();
    },
  };
}
