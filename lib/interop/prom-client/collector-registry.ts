// A collector in the shape of a registry of prom-client, for tools that want one: they find its metrics there, and what they
// register is shown by the collector. Apart from `Registry`, which has metrics of its own and no collector.

import { type Attachment, LONGEST_NAME } from '../../collector/attachments.js';
import type { MetricsCollector } from '../../collector.js';
import { encodeToString } from '../../exposition/encode.js';
import type { GaugeAggregation, MetricFamily, MetricType } from '../../model/family.js';
import { samplesOf } from '../../model/samples.js';
import type { Metric, RegisteredMetric } from './registry.js';
import type {
  Aggregator,
  MetricObject,
  MetricObjectWithValues,
  MetricValue,
  OpenMetricsContentType,
  PrometheusContentType,
  RegistryContentType,
} from './types.js';
import type { PlainMetric, SampleObject } from './values.js';

const PROMETHEUS: PrometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS: OpenMetricsContentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** What a registry of prom-client is asked for by those who are given one. */
export interface CollectorRegistry {
  readonly contentType: RegistryContentType;
  /** As `collector.expose` shows it, in the format of `contentType`. */
  metrics(): Promise<string>;
  getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]>;
  /** Metrics that were registered here, and the collector's own; those of other sources are known by readings only. */
  getMetricsAsArray(): MetricObject[];
  getSingleMetric<T extends string = string>(name: string): Metric<T> | undefined;
  getSingleMetricAsString(name: string): Promise<string>;
  /** Has the collector show a metric of prom-client. @throws Error where another one of that name was registered. */
  registerMetric(metric: object): void;
  /** Removes one that was registered here; the collector's own stay. */
  removeSingleMetric(name: string): void;
  /** Removes all that were registered here, and the default labels. */
  clear(): void;
  /** Resets those that were registered here. */
  resetMetrics(): void;
  /** Of metrics that are registered here; the collector's have `defaultLabels`. */
  setDefaultLabels(labels: object): void;
  setContentType(type: RegistryContentType): void;
}

/**
 * A view of a collector for tools that take a registry of prom-client: a middleware's `promRegistry`, `Registry.merge`,
 * `AggregatorRegistry.aggregate`. What they register appears wherever the collector is read. Asked twice, it is the same.
 *
 * It is no `instanceof` prom-client's class, which `AggregatorRegistry.setRegistries` insists on.
 *
 * @example
 * const registry = asPromClientRegistry(metrics);
 * app.use(promBundle({ promRegistry: registry }));
 * await metrics.expose();
 * // … http_request_duration_seconds_count{status_code="200"} 3
 */
export function asPromClientRegistry(collector: MetricsCollector): CollectorRegistry {
  let registry = known.get(collector);
  if (registry === undefined) {
    registry = new RegistryOfCollector(collector);
    known.set(collector, registry);
  }
  return registry;
}

const known = new WeakMap<MetricsCollector, RegistryOfCollector>();

class RegistryOfCollector implements CollectorRegistry {
  readonly #collector: MetricsCollector;
  readonly #registered = new Map<string, RegisteredMetric>();
  /** How the collector reads each of them: one by one, so that one that throws or hangs costs itself only. */
  readonly #attachments = new Map<string, Attachment>();
  #defaultLabels: Readonly<Record<string, unknown>> = {};
  #contentType: RegistryContentType = PROMETHEUS;
  /** Metrics that are asked for one by one, all at once, are read once. */
  #reading: Promise<readonly MetricFamily[]> | undefined;

  constructor(collector: MetricsCollector) {
    this.#collector = collector;
  }

  get contentType(): RegistryContentType {
    return this.#contentType;
  }

  metrics(): Promise<string> {
    return this.#collector.expose(this.#contentType === OPENMETRICS ? 'openmetrics' : 'prometheus');
  }

  async getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    const families = await this.#read();
    const plain: PlainMetric[] = [];
    for (const family of families) {
      const last = plain.at(-1);
      const next = plainOf(family);
      // Series that differ in their bounds are several families of one name.
      if (last?.name === next.name) last.values.push(...next.values);
      else plain.push(next);
    }
    return plain as unknown as MetricObjectWithValues<MetricValue<string>>[];
  }

  getMetricsAsArray(): MetricObject[] {
    const own = this.#collector.inPlace.families().map(({ descriptor }) => this.#viewOf(descriptor));
    const names = new Set(own.map(({ name }) => name));
    const registered = [...this.#registered.values()].filter(({ name }) => !names.has(name));
    return [...own, ...registered] as unknown as MetricObject[];
  }

  getSingleMetric<T extends string>(name: string): Metric<T> | undefined {
    const own = this.#collector.inPlace.families().find(({ descriptor }) => descriptor.name === name);
    const metric = own === undefined ? this.#registered.get(name) : this.#viewOf(own.descriptor);
    return metric as unknown as Metric<T> | undefined;
  }

  async getSingleMetricAsString(name: string): Promise<string> {
    const families = (await this.#read()).filter(({ descriptor }) => descriptor.name === name);
    if (families.length === 0) throw new TypeError(`There is no metric with the name ${name} in this registry.`);
    const format = this.#contentType === OPENMETRICS ? 'openmetrics' : 'prometheus';
    return (await encodeToString(families, format)).replace(/# EOF\n$/, '').trimEnd();
  }

  registerMetric(metric: object): void {
    const given = metric as RegisteredMetric;
    const registered = this.#registered.get(given.name);
    if (registered !== undefined && registered !== given) {
      throw new Error(`A metric with the name ${given.name} has already been registered.`);
    }
    if (registered === given) return;
    this.#registered.set(given.name, given);
    const source = { getMetricsAsJSON: async () => [await this.#plainOf(given)] };
    const name = `prom-client's ${given.name}`.slice(0, LONGEST_NAME);
    this.#attachments.set(given.name, this.#collector.attach(source, { name }));
  }

  removeSingleMetric(name: string): void {
    this.#registered.delete(name);
    this.#attachments.get(name)?.remove();
    this.#attachments.delete(name);
  }

  clear(): void {
    for (const name of [...this.#registered.keys()]) this.removeSingleMetric(name);
    this.#defaultLabels = {};
  }

  resetMetrics(): void {
    for (const metric of this.#registered.values()) metric.reset();
  }

  setDefaultLabels(labels: object): void {
    this.#defaultLabels = labels as Readonly<Record<string, unknown>>;
  }

  setContentType(type: RegistryContentType): void {
    if (type !== PROMETHEUS && type !== OPENMETRICS) throw new Error(`Content type ${String(type)} is unsupported`);
    this.#contentType = type;
  }

  async #plainOf(registered: RegisteredMetric): Promise<PlainMetric> {
    const metric = await registered.get();
    const values = metric.values.map((sample) => ({ ...sample, labels: { ...this.#defaultLabels, ...sample.labels } }));
    return { ...metric, values };
  }

  #read(): Promise<readonly MetricFamily[]> {
    this.#reading ??= this.#collector.collect().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** One of the collector's own, as prom-client asks a metric. Its name is set when it writes OpenMetrics. */
  #viewOf({ name, description, type }: MetricFamily['descriptor']) {
    const read = () => this.#read();
    const shown = classicType(type);
    return {
      name,
      help: description,
      type: shown,
      async get(): Promise<PlainMetric> {
        const families = (await read()).filter(({ descriptor }) => descriptor.name === name);
        const values = families.flatMap((family) => plainOf(family).values);
        return { name: this.name, help: description, type: shown, aggregator: 'sum', values };
      },
      reset() {},
    };
  }
}

function plainOf(family: MetricFamily): PlainMetric {
  const { descriptor } = family;
  const { name, description, type } = descriptor;
  const values: SampleObject[] = [];
  for (const { name: sample, value, labels } of samplesOf({ timestampMs: 0, families: [family] })) {
    const shown: Record<string, unknown> = { ...labels };
    if (type === 'histogram' && shown.le !== undefined && shown.le !== '+Inf') shown.le = Number(shown.le);
    values.push({ value, labels: shown, ...(sample === name ? {} : { metricName: sample }) });
  }
  const aggregator = descriptor.type === 'gauge' ? aggregatorOf(descriptor.aggregation) : 'sum';
  return { name, help: description, type: classicType(type), aggregator, values };
}

/** The type that classic text has for it. */
function classicType(type: MetricType): string {
  if (type === 'info' || type === 'stateset') return 'gauge';
  if (type === 'unknown') return 'untyped';
  return type === 'gaugehistogram' ? 'histogram' : type;
}

function aggregatorOf(aggregation: GaugeAggregation = 'liveSum'): Aggregator {
  const way = aggregation.replace(/^live/, '').toLowerCase();
  switch (way) {
    case 'min':
    case 'max':
      return way;
    case 'mean':
      return 'average';
    case 'mostrecent':
      return 'first';
    default:
      return 'sum';
  }
}
