// What a metrics endpoint can be told, with the checks that run once, when it is set up. Apart from the handlers because
// all of them, and the stand-alone server, take the same options.
import { MetricDefinitionError } from '../errors.js';

/** What a request must carry. Both forms travel readably: put TLS in front where the network is not trusted. */
export type Credentials = { readonly bearerToken: string } | { readonly username: string; readonly password: string };

export interface MetricsHandlerOptions {
  /** Who may scrape. Default: everyone who can reach the endpoint. */
  readonly auth?: Credentials;
  /**
   * How many scrapes may run at the same time, those whose reader is slow included. One more is answered with 503 and
   * `Retry-After`. At least 1. Default: 10.
   */
  readonly maxConcurrentScrapes?: number;
  /** Whether to compress for scrapers that accept gzip, which runs off the main thread. Default: true. */
  readonly gzip?: boolean;
  /**
   * Whether scraping is itself measured, in the same collector: `telltale_scrapes_total{code}`,
   * `telltale_scrapes_in_flight` and `telltale_scrape_duration_seconds`. Default: true.
   */
  readonly selfMetrics?: boolean;
}

const DEFAULT_MAX_CONCURRENT_SCRAPES = 10;

export function maxConcurrentScrapesOf(options: MetricsHandlerOptions): number {
  const value = options.maxConcurrentScrapes ?? DEFAULT_MAX_CONCURRENT_SCRAPES;
  if (Number.isInteger(value) && value >= 1) return value;
  throw invalidOption('maxConcurrentScrapes', value, 'Give a whole number of at least 1, or leave it out for 10.');
}

export function invalidOption(option: string, value: unknown, rule: string): MetricDefinitionError {
  return new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
