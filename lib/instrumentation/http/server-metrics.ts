// The core behind every kind of HTTP server: defines the metrics, begins the measuring of a request, and takes what is
// known when it has ended. It knows nothing of frameworks: how a route is found is handed to it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectorOf, type Instrumentation } from '../instrumentation.js';
import { isSent } from './broken-status.js';
import {
  type EndedRequest,
  EXCHANGE,
  type Exchanged,
  type ExchangeOwner,
  HttpExchange,
  type RouteOf,
} from './exchange.js';
import { methodLabel } from './labels.js';
import { QueuedExchanges } from './queued-exchanges.js';
import { RequestSeriesTable } from './request-series.js';
import { type HttpServerOptions, maxRoutesOf, SIZE_BUCKETS } from './server-options.js';

export class HttpServerMetrics implements Instrumentation, ExchangeOwner {
  readonly queued = new QueuedExchanges();
  readonly #collector;
  readonly #inFlight;
  readonly #series: RequestSeriesTable;
  readonly #running = new Set<HttpExchange>();
  #removed = false;

  constructor(options: Omit<HttpServerOptions<never>, 'route' | 'ignore'>) {
    const { buckets, sizeBuckets = SIZE_BUCKETS } = options;
    const collector = collectorOf(options);
    this.#collector = collector;
    const labelNames = ['method', 'route', 'status_code'] as const;
    const duration = collector.histogram('http_request_duration_seconds', {
      description: 'Time from the arrival of a request to the end of its response.',
      unit: 'seconds',
      labelNames,
      ...(buckets === undefined ? {} : { buckets }),
    });
    const requestSize = collector.histogram('http_request_size_bytes', {
      description: 'Length of the bodies of requests, as declared. Requests of unknown length are left out.',
      unit: 'bytes',
      labelNames,
      buckets: sizeBuckets,
    });
    const responseSize = collector.histogram('http_response_size_bytes', {
      description: 'Bytes sent as the bodies of responses. Responses that broke off are left out.',
      unit: 'bytes',
      labelNames,
      buckets: sizeBuckets,
    });
    this.#inFlight = collector.gauge('http_requests_in_flight', {
      description: 'Requests whose responses have not ended.',
    });
    this.#series = new RequestSeriesTable(maxRoutesOf(options), (labels) => ({
      duration: duration.labels(labels),
      requestSize: requestSize.labels(labels),
      responseSize: responseSize.labels(labels),
    }));
  }

  get removed(): boolean {
    return this.#removed;
  }

  /** The present, in monotonic seconds. */
  now(): number {
    return this.#collector.clock.monotonic();
  }

  /**
   * Measures a request until its response has ended, whatever way. A request that is measured already, by a middleware
   * further out, is not measured twice: it only learns its route from here.
   */
  begin(request: IncomingMessage, response: ServerResponse, routeOf: RouteOf): void {
    if (this.#removed || isSent(request, response)) return;
    const outer = (response as Exchanged)[EXCHANGE];
    if (outer?.isFor(this.#collector)) return outer.learn(routeOf);
    const exchange = new HttpExchange({ metrics: this, collector: this.#collector, request, response, routeOf });
    this.#running.add(exchange);
    this.#inFlight.increment();
    exchange.watch();
  }

  /** For servers that show no request and response of Node. */
  beginUnseen(): void {
    this.#inFlight.increment();
  }

  endUnseen(ended: EndedRequest): void {
    this.#inFlight.decrement();
    this.#record(ended);
  }

  /** @internal Called by an exchange, once. */
  end(exchange: HttpExchange, ended: EndedRequest | undefined): void {
    this.#running.delete(exchange);
    this.#inFlight.decrement();
    if (ended !== undefined) this.#record(ended);
  }

  /** Requests that are running are no longer measured, and have left no listener behind. */
  remove(): void {
    this.#removed = true;
    for (const exchange of [...this.#running]) exchange.abandon();
  }

  #record({ method, route, status, startedAt, requestBytes, responseBytes }: EndedRequest): void {
    const series = this.#series.of(methodLabel(method), route, status);
    series.duration.observe(this.now() - startedAt);
    if (requestBytes !== undefined) series.requestSize.observe(requestBytes);
    if (responseBytes !== undefined) series.responseSize.observe(responseBytes);
  }
}
