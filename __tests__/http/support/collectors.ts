// Collectors for scrapes: a small real one with a known text, and ones whose collecting is held or whose families are given.
import { MetricsCollector } from '../../../lib/collector.js';
import type { MetricFamily } from '../../../lib/model/family.js';

/** One counter with one series. */
export function smallCollector(): MetricsCollector {
  const collector = new MetricsCollector();
  collector.counter('http_requests_total', { description: 'HTTP requests served' }).increment(3, { method: 'GET' });
  return collector;
}

/** What a scrape of `smallCollector` shows when scraping is not measured. */
export const SMALL_TEXT = [
  '# HELP http_requests_total HTTP requests served',
  '# TYPE http_requests_total counter',
  'http_requests_total{method="GET"} 3',
  '',
].join('\n');

/** A collector that is asked for its families and answers these. */
export function collectorOf(...families: readonly MetricFamily[]): MetricsCollector {
  const collector = new MetricsCollector();
  jest.spyOn(collector, 'collect').mockImplementation(async () => families);
  return collector;
}

/** A collector with a gauge whose value is only there once `release` was called. */
export function heldCollector() {
  const collector = new MetricsCollector();
  let release = () => {};
  let runs = 0;
  let onRun = () => {};
  const started = new Promise<void>((resolve) => {
    onRun = resolve;
  });
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  collector.gauge('held_value', {
    collect: async () => {
      runs++;
      onRun();
      await held;
      return 1;
    },
  });
  return { collector, release: () => release(), started, runs: () => runs };
}

/** What scraping recorded about itself. */
export function scrapesOf(collector: MetricsCollector) {
  return {
    code: (code: number) => collector.counter('telltale_scrapes_total').getValue({ code }),
    inFlight: () => collector.gauge('telltale_scrapes_in_flight').getValue(),
  };
}
