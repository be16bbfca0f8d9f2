// A producer of metrics for the SDK's readers: everything in a collector, with names of OpenTelemetry where it was recorded by
// them and with its own where not. OpenTelemetry's own exporters then send it by OTLP.
import type {
  AggregationTemporality,
  CollectionResult,
  InstrumentType,
  MetricProducer,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { MetricsCollector } from '../../collector.js';
import { getMetricsCollector } from '../../global.js';
import { Pace } from '../../model/pace.js';
import { DeltaMemory } from './delta-memory.js';
import { metricDataOf, type Reading } from './metric-data.js';
import { sourcesOf } from './metric-source.js';
import { type Resource, type ResourceAttributes, resourceOf, TARGET_INFO } from './resource.js';
import { type InstrumentKind, TEMPORALITY } from './sdk-values.js';
import { Streams } from './streams.js';
import type { Scope } from './views.js';

export interface MetricProducerOptions {
  /**
   * Whether sums and histograms are totals since their start, or what was added since the last reading. Give every reader that
   * wants the latter a producer of its own. Default: totals.
   */
  readonly temporality?: 'cumulative' | 'delta' | ((instrument: InstrumentType) => AggregationTemporality);
  /** What the metrics are about. A reader of an SDK's own provider sends that one's resource instead. */
  readonly resource?: { readonly attributes: ResourceAttributes };
}

/**
 * What the SDK's readers collect from, for a collector of telltale.
 *
 * Native histograms become exponential ones, and a summary its quantiles (a gauge), its count and its sum, because the SDK has
 * no form for summaries, as it has none for exemplars. Cost: an object per series and reading, as all of the SDK's exporters have.
 *
 * @example
 * new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), metricProducers: [metricProducer(metrics)] });
 */
export function metricProducer(
  collector: MetricsCollector = getMetricsCollector(),
  { temporality = 'cumulative', resource }: MetricProducerOptions = {},
): MetricProducer {
  return new CollectorProducer(collector, selectorOf(temporality), resource);
}

type TemporalitySelector = Reading['temporality'];

function selectorOf(temporality: NonNullable<MetricProducerOptions['temporality']>): TemporalitySelector {
  if (typeof temporality === 'function') return (kind) => temporality(kind as InstrumentType);
  // As the SDK's own preference has it: what may fall stays a total.
  const mayFall = (kind: InstrumentKind) => kind === 'UP_DOWN_COUNTER' || kind === 'OBSERVABLE_UP_DOWN_COUNTER';
  return (kind) => (temporality === 'delta' && !mayFall(kind) ? TEMPORALITY.delta : TEMPORALITY.cumulative);
}

class CollectorProducer implements MetricProducer {
  readonly #collector: MetricsCollector;
  readonly #temporality: TemporalitySelector;
  readonly #resource: MetricProducerOptions['resource'];
  readonly #deltas = new DeltaMemory();
  /** Readings one after the other: two at a time would take each other's changes away. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    collector: MetricsCollector,
    temporality: TemporalitySelector,
    resource: MetricProducerOptions['resource'],
  ) {
    this.#collector = collector;
    this.#temporality = temporality;
    this.#resource = resource;
  }

  collect(): Promise<CollectionResult> {
    const result = this.#last.then(() => this.#collect());
    this.#last = result.catch(() => {});
    return result;
  }

  async #collect(): Promise<CollectionResult> {
    const families = await this.#collector.collect();
    const streams = Streams.of(this.#collector);
    const scopes = new Map<string, ScopeMetrics>();
    const nowMs = this.#collector.clock.now();
    const reading = { nowMs, pace: new Pace(), deltas: this.#deltas, temporality: this.#temporality };
    this.#deltas.begin(nowMs);
    for (const family of families) {
      // Readers get it as the resource.
      if (family.descriptor.name === TARGET_INFO) continue;
      for (const source of sourcesOf(family, streams.in(family.descriptor.name))) {
        const data = await metricDataOf(source, reading);
        if (data.length > 0) scopeIn(scopes, source.scope).metrics.push(...data);
      }
    }
    this.#deltas.end();
    return {
      resourceMetrics: { resource: this.#resourceNow(), scopeMetrics: [...scopes.values()] },
      errors: [...streams.failures.values()],
    };
  }

  #resourceNow(): Resource {
    const resource = this.#resource ?? { attributes: {} };
    return 'merge' in resource ? (resource as Resource) : resourceOf(resource.attributes);
  }
}

function scopeIn(scopes: Map<string, ScopeMetrics>, { name, version, schemaUrl }: Scope): ScopeMetrics {
  const key = JSON.stringify([name, version, schemaUrl]);
  let metrics = scopes.get(key);
  if (metrics === undefined) {
    metrics = { scope: { name, version, ...(schemaUrl === undefined ? {} : { schemaUrl }) }, metrics: [] };
    scopes.set(key, metrics);
  }
  return metrics;
}
