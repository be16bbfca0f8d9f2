// The meter provider: what OpenTelemetry's API hands all libraries that are instrumented with it. Their instruments record
// straight into a collector, and the SDK's readers, where there are some, read from it.
import { createNoopMeter, diag, type Meter, type MeterOptions, type MeterProvider } from '@opentelemetry/api';
import type { IMetricReader, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { MetricsCollector } from '../../collector.js';
import { getMetricsCollector } from '../../global.js';
import { TelltaleMeter } from './meter.js';
import { metricProducer } from './metric-producer.js';
import { type ResourceAttributes, targetInfo } from './resource.js';
import { checkView } from './views.js';

export interface TelltaleMeterProviderOptions {
  /** Where instruments record. Default: the collector of the process. */
  readonly collector?: MetricsCollector;
  /** The SDK's options for views. */
  readonly views?: readonly ViewOptions[];
  /** The SDK's readers, with exporters of OpenTelemetry; a scrape needs none. */
  readonly readers?: readonly IMetricReader[];
  /** What is described by these metrics: shown as `target_info`, and sent along by readers. */
  readonly resource?: { readonly attributes: ResourceAttributes };
}

interface TimeLimit {
  readonly timeoutMillis?: number;
}

/**
 * A `MeterProvider` of `@opentelemetry/api` that records into a `MetricsCollector`.
 *
 * @example
 * metrics.setGlobalMeterProvider(new TelltaleMeterProvider({ collector }));
 * metrics.getMeter('shop').createCounter('orders', { unit: '{order}' }).add(1, { 'payment.method': 'card' });
 * // orders_total{payment_method="card",otel_scope_name="shop"} 1
 */
export class TelltaleMeterProvider implements MeterProvider {
  readonly #collector: MetricsCollector;
  readonly #views: readonly ViewOptions[];
  readonly #readers: readonly IMetricReader[];
  readonly #meters = new Map<string, TelltaleMeter>();
  #isShutDown = false;

  /** @throws MetricDefinitionError `invalid_option` for a view that selects nothing, or renames several instruments. */
  constructor({ collector, views = [], readers = [], resource }: TelltaleMeterProviderOptions = {}) {
    views.forEach(checkView);
    this.#collector = collector ?? getMetricsCollector();
    this.#views = [...views];
    this.#readers = [...readers];
    if (resource !== undefined) targetInfo(this.#collector, resource.attributes);
    for (const reader of this.#readers) {
      const temporality = reader.selectAggregationTemporality.bind(reader);
      reader.setMetricProducer(
        metricProducer(this.#collector, { temporality, ...(resource === undefined ? {} : { resource }) }),
      );
    }
  }

  /** The same meter for the same name, version and schema; one that does nothing after the end. */
  getMeter(name: string, version = '', { schemaUrl }: MeterOptions = {}): Meter {
    if (this.#isShutDown) {
      diag.warn('A meter provider that was shut down has only meters that do nothing.');
      return createNoopMeter();
    }
    const key = JSON.stringify([name, version, schemaUrl]);
    let meter = this.#meters.get(key);
    if (meter === undefined) {
      const schema = schemaUrl === undefined ? undefined : String(schemaUrl);
      const scope = { name: String(name ?? ''), version: String(version ?? ''), schemaUrl: schema };
      meter = new TelltaleMeter(this.#collector, scope, this.#views);
      this.#meters.set(key, meter);
    }
    return meter;
  }

  /** Has every reader send what there is. Rejects where a reader does, as that of the SDK. */
  async forceFlush(options?: TimeLimit): Promise<void> {
    if (this.#isShutDown) return diag.warn('A meter provider that was shut down has nothing to flush.');
    await Promise.all(this.#readers.map((reader) => reader.forceFlush(options)));
  }

  /**
   * Ends readers, after they have sent what there is, and takes all callbacks away. The collector is not shut down: what was
   * recorded stays in its scrapes, and instruments that are still held record on.
   */
  async shutdown(options?: TimeLimit): Promise<void> {
    if (this.#isShutDown) return diag.warn('A meter provider is shut down once only.');
    this.#isShutDown = true;
    try {
      await Promise.all(this.#readers.map((reader) => reader.shutdown(options)));
    } finally {
      for (const meter of this.#meters.values()) meter.callbacks.clear();
    }
  }
}
