// The core behind every kind of HTTP client: defines the metrics, and takes the beginning and the end of each request. Which
// host a request is counted under is decided here, by the list that the user gives.
import type { MetricsCollector } from '../../collector.js';
import { BoundedValues, errorCodeOf } from '../adapters/error-codes.js';
import { collectorOf, type InstrumentationOptions } from '../instrumentation.js';
import { methodLabel, OTHER } from './labels.js';
import type { Observes } from './request-series.js';

export interface HttpClientOptions extends InstrumentationOptions {
  /**
   * Hosts that are worth a label value, as in a URL: `api.example.com`, or with a port that is not the default of the
   * protocol: `localhost:9200`. Requests to all others are counted as `other`.
   */
  readonly hosts?: readonly string[];
  /** Upper bounds of `http_client_request_duration_seconds`, in seconds. Default: 0.005 to 10. */
  readonly buckets?: readonly number[];
}

/** A request on its way. */
export interface Call {
  readonly method: string;
  readonly host: string;
  readonly startedAt: number;
}

/** What stands for the status of a request that has no whole response. */
const NO_STATUS = 'error';
const LABELS = ['method', 'host', 'status_code'] as const;

export class HttpClientMetrics {
  readonly #clock: MetricsCollector['clock'];
  readonly #duration;
  readonly #inFlight;
  readonly #errors;
  readonly #hosts: ReadonlySet<string>;
  readonly #errorTypes = new BoundedValues();
  readonly #series = new Map<string, Observes>();
  readonly #running = new Set<Call>();

  constructor(options: HttpClientOptions) {
    const { hosts = [], buckets } = options;
    const collector = collectorOf(options);
    this.#clock = collector.clock;
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.#duration = collector.histogram('http_client_request_duration_seconds', {
      description: 'Time from the sending of a request to the end of the response, or to its failure.',
      unit: 'seconds',
      labelNames: LABELS,
      ...(buckets === undefined ? {} : { buckets }),
    });
    this.#inFlight = collector.gauge('http_client_requests_in_flight', {
      description: 'Requests that were sent and whose responses have not ended.',
      labelNames: ['host'],
    });
    this.#errors = collector.counter('http_client_request_errors_total', {
      description: 'Requests without a whole response, by the code or name of the error.',
      labelNames: ['method', 'host', 'error_type'],
    });
  }

  begin(method: string | undefined, host: string): Call {
    const call = { method: methodLabel(method), host: this.#hostLabel(host), startedAt: this.#clock.monotonic() };
    this.#running.add(call);
    this.#inFlight.increment(1, { host: call.host });
    return call;
  }

  /** A response that was received to its end. */
  succeed(call: Call, status: number): void {
    if (this.#leave(call)) this.#observe(call, status);
  }

  fail(call: Call, error: unknown): void {
    if (!this.#leave(call)) return;
    this.#observe(call, NO_STATUS);
    this.#countError(call, error);
  }

  /** A request that failed before it was sent whole: nobody knows when it began, so it has no duration. */
  failUnsent(method: string | undefined, host: string, error: unknown): void {
    this.#countError({ method: methodLabel(method), host: this.#hostLabel(host) }, error);
  }

  /** What is still on its way is no longer measured. */
  remove(): void {
    for (const call of [...this.#running]) this.#leave(call);
  }

  #leave(call: Call): boolean {
    if (!this.#running.delete(call)) return false;
    this.#inFlight.decrement(1, { host: call.host });
    return true;
  }

  #countError({ method, host }: Pick<Call, 'method' | 'host'>, error: unknown): void {
    this.#errors.increment(1, { method, host, error_type: this.#errorTypes.of(errorCodeOf(error)) });
  }

  #observe({ method, host, startedAt }: Call, status: number | string): void {
    const key = `${method} ${status} ${host}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = this.#duration.labels({ method, host, status_code: status });
      this.#series.set(key, series);
    }
    series.observe(this.#clock.monotonic() - startedAt);
  }

  #hostLabel(host: string): string {
    const known = host.toLowerCase();
    return this.#hosts.has(known) ? known : OTHER;
  }
}
