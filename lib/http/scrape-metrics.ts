// What scraping tells about itself, recorded through the collector like everything else. Apart from the scraper so that
// it can be left out as a whole, and so that the few names are found in one place.
import type { MetricsCollector } from '../collector.js';

/** Ends one scrape with the status it had, and with what made it fail where it did. Called once. */
export type EndOfScrape = (code: number, cause?: unknown) => void;

/** The client left before it had everything. Never sent: there is nobody left to read it. */
export const CLIENT_LEFT = 499;

export interface ScrapeMetrics {
  /** Counts a request that was answered without a scrape. */
  answered(code: number): void;
  begin(): EndOfScrape;
}

export const noScrapeMetrics: ScrapeMetrics = { answered: () => {}, begin: () => () => {} };

/** Handlers of the same collector share the families: asking again for a name returns the same instrument. */
export function scrapeMetricsOf(collector: MetricsCollector): ScrapeMetrics {
  const scrapes = collector.counter('telltale_scrapes_total', {
    description: 'Requests for the metrics, by the status of the answer; 499 when the client left before its end.',
    labelNames: ['code'],
  });
  const inFlight = collector.gauge('telltale_scrapes_in_flight', {
    description: 'Scrapes that are being answered at this moment.',
  });
  const duration = collector.histogram('telltale_scrape_duration_seconds', {
    description: 'Time from a request for the metrics to the last byte of a complete answer.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  });
  // Visible from the start: a rate over a series that appears with its first failure misses that failure.
  for (const code of [200, 500, 503]) scrapes.increment(0, { code });

  return {
    answered: (code) => scrapes.increment(1, { code }),
    begin: () => {
      const startedAt = collector.clock.monotonic();
      inFlight.increment();
      return (code) => {
        inFlight.decrement();
        scrapes.increment(1, { code });
        if (code === 200) duration.observe(collector.clock.monotonic() - startedAt);
      };
    },
  };
}
