// What a station tells of itself at its own `/metrics`: its scrapes, its history, and its process.
import type { MetricsCollector } from '../collector.js';
import { instrumentProcess } from '../instrumentation/process/instrument-process.js';
import type { TargetHistory } from './history/target-history.js';
import type { ScrapeReport } from './scraping/scrape-report.js';

export interface StationMetrics {
  count(report: ScrapeReport): void;
  close(): void;
}

export function stationMetrics(collector: MetricsCollector, histories: readonly TargetHistory[]): StationMetrics {
  const scrapes = collector.counter('telltale_watch_scrapes_total', {
    description: 'Scrapes of targets, by whether they succeeded.',
    labelNames: ['outcome'],
  });
  const [succeeded, failed] = [scrapes.labels({ outcome: 'success' }), scrapes.labels({ outcome: 'failure' })];
  const samples = collector.counter('telltale_watch_samples_total', { description: 'Samples that targets gave.' });
  const durations = collector.histogram('telltale_watch_scrape_seconds', {
    description: 'How long scrapes took.',
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 10],
  });
  const usages = () => histories.map(({ memory }) => memory.usage());
  collector.gauge('telltale_watch_history_bytes', {
    description: 'What the history in memory takes.',
    collect: () => usages().reduce((sum, { bytes }) => sum + bytes, 0),
  });
  collector.gauge('telltale_watch_history_series', {
    description: 'Series in the history in memory.',
    collect: () => usages().reduce((sum, { seriesCount }) => sum + seriesCount, 0),
  });
  const process = instrumentProcess({ collector });
  return {
    count: ({ isUp, sampleCount, durationSeconds }) => {
      (isUp ? succeeded : failed).increment();
      samples.increment(sampleCount);
      durations.observe(durationSeconds);
    },
    close: () => process.remove(),
  };
}
