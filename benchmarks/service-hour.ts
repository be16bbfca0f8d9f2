// An hour of a service that many instances make up, one snapshot every 15 s: what the rows about queries ask about. An instance
// has 500 series: counters by route and status, latencies by route, requests in flight by route, memory by space, its version.
import { MetricsCollector } from 'telltale';
import type { ManualClock } from 'telltale/testing';
import { randomNumbers } from './workload.js';

export const SERIES_PER_INSTANCE = 500;
export const STARTED_MS = Date.UTC(2026, 0, 1);
export const INTERVAL_SECONDS = 15;
/** With the first one and the last one of the hour. */
export const SNAPSHOTS = 241;

const ROUTES = Array.from({ length: 25 }, (_, i) => `/api/v1/resource-${i}`);
/** How many requests with each status a route has between two snapshots, at most. */
const REQUESTS: readonly (readonly [status: string, most: number])[] = [
  ['200', 60],
  ['201', 9],
  ['404', 4],
  ['500', 2],
];
/** Fourteen series, with the one of all observations, the count and the sum. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MOST_OBSERVATIONS = 6;
const SPACES = Array.from({ length: 24 }, (_, i) => `space-${i}`);

export class ServiceHour {
  readonly #clock: ManualClock;
  readonly #metrics: MetricsCollector;
  readonly #instances: readonly string[];
  readonly #random = randomNumbers(15);
  readonly #record: () => void;

  constructor(series: number, clock: ManualClock) {
    this.#clock = clock;
    this.#metrics = new MetricsCollector({ clock, limits: { maxSeriesPerMetric: series } });
    this.#instances = Array.from({ length: series / SERIES_PER_INSTANCE }, (_, i) => `10.0.0.${i}:9464`);
    this.#record = this.#define();
  }

  /** Everything that was recorded up to the next interval of the hour. */
  async next() {
    this.#record();
    const snapshot = await this.#metrics.snapshot();
    this.#clock.advance(INTERVAL_SECONDS);
    const families = snapshot.families.filter(({ descriptor }) => !descriptor.name.startsWith('telltale_'));
    return { ...snapshot, families };
  }

  #define(): () => void {
    const metrics = this.#metrics;
    const requests = metrics.counter('http_requests_total', { labelNames: ['instance', 'route', 'status'] });
    const latency = metrics.histogram('http_request_duration_seconds', {
      labelNames: ['instance', 'route'],
      buckets: BUCKETS,
    });
    const inFlight = metrics.gauge('http_requests_in_flight', { labelNames: ['instance', 'route'] });
    const memory = metrics.gauge('memory_bytes', { labelNames: ['instance', 'space'] });
    const version = metrics.gauge('app_info', { labelNames: ['instance', 'version'] });
    return () => {
      this.#instances.forEach((instance, i) => {
        for (const route of ROUTES) {
          for (const [status, most] of REQUESTS) requests.increment(this.#upTo(most), { instance, route, status });
          for (let n = this.#upTo(MOST_OBSERVATIONS); n > 0; n--) latency.observe(this.#seconds(), { instance, route });
          inFlight.set(this.#upTo(20), { instance, route });
        }
        for (const space of SPACES) memory.set(4096 * this.#upTo(100_000), { instance, space });
        version.set(1, { instance, version: `1.${i % 3}.0` });
      });
    };
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  /** From a millisecond to 20 s, as many of each order of magnitude; in whole microseconds, as timers measure. */
  #seconds(): number {
    return Math.round(1000 * 20_000 ** this.#random()) / 1e6;
  }
}
