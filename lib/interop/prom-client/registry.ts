// Registry: which metrics are shown together, with which labels, in which of the two texts. It holds no values: these are in
// the families of the metrics, and a registry is a view of them.
import { encodeTextToString } from '../../exposition/encode.js';
import type { MetricFamily } from '../../model/family.js';
import { collected } from './collected.js';
import type { Counter } from './counter.js';
import { type DefaultLabels, labelled, withDefaults } from './default-labels.js';
import type { Gauge } from './gauge.js';
import type { Histogram } from './histogram.js';
import { objectText } from './object-text.js';
import { oneKind } from './one-kind.js';
import { setGlobalRegister } from './register.js';
import type { Summary } from './summary.js';
import { classicTexts, openMetricsTexts } from './text-formats.js';
import type {
  MetricObject,
  MetricObjectWithValues,
  MetricValue,
  OpenMetricsContentType,
  PrometheusContentType,
  RegistryContentType,
} from './types.js';
import type { PlainMetric } from './values.js';

/** Any metric. */
export type Metric<T extends string = string> = Counter<T> | Gauge<T> | Summary<T> | Histogram<T>;

/** What a registry asks of a metric: its own kinds have families, those of others only objects. */
export interface RegisteredMetric {
  readonly name: string;
  get(): PlainMetric | Promise<PlainMetric>;
  read?(): Promise<MetricFamily>;
  reset(): void;
}

/** What is shown of one metric. */
type Shown = MetricFamily | string;

const PROMETHEUS: PrometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS: OpenMetricsContentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export class Registry<BoundRegistryContentType extends RegistryContentType = PrometheusContentType> {
  static {
    oneKind(Registry, 'Registry');
  }

  static PROMETHEUS_CONTENT_TYPE: PrometheusContentType = PROMETHEUS;
  static OPENMETRICS_CONTENT_TYPE: OpenMetricsContentType = OPENMETRICS;
  /** @internal Not in prom-client's declarations, and in use all the same: what `register` is. */
  static globalRegistry: Registry;

  readonly #metrics = new Map<string, RegisteredMetric>();
  /** Of metrics that came here by merging: the default labels of where they came from. */
  readonly #labels = new Map<RegisteredMetric, () => DefaultLabels>();
  #defaultLabels: DefaultLabels = {};
  #contentType: RegistryContentType;

  /** @throws TypeError for any other content type */
  constructor(regContentType: BoundRegistryContentType = PROMETHEUS as BoundRegistryContentType) {
    if (!isKnown(regContentType)) throw new TypeError(`Content type ${regContentType as string} is unsupported`);
    this.#contentType = regContentType;
  }

  /** All metrics as one text. A metric whose `collect` fails or takes more than 5 s is left out, with a warning. */
  async metrics(): Promise<string> {
    const shown = await this.#collect((metric) => this.#show(metric));
    const text = await this.#textOf(shown);
    return this.#isOpenMetrics ? `${text}# EOF\n` : text === '' ? '\n' : text;
  }

  /** All metrics as objects. */
  async getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    const metrics = await this.#collect(async (metric) => {
      const plain = await metric.get();
      return withDefaults(plain, this.labelsFor(metric));
    });
    return metrics as unknown as MetricObjectWithValues<MetricValue<string>>[];
  }

  getMetricsAsArray(): MetricObject[] {
    return [...this.#metrics.values()] as unknown as MetricObject[];
  }

  getSingleMetric<T extends string>(name: string): Metric<T> | undefined {
    return this.#metrics.get(name) as unknown as Metric<T> | undefined;
  }

  /** Rejects where there is no such metric, or where its `collect` does. */
  async getSingleMetricAsString(name: string): Promise<string> {
    const metric = this.#metrics.get(name);
    if (metric === undefined) throw new TypeError(`There is no metric with the name ${name} in this registry.`);
    return (await this.#textOf([await this.#show(metric)])).trimEnd();
  }

  /** @throws Error where another metric has this name */
  registerMetric<T extends string>(metric: Metric<T>): void {
    const given = metric as unknown as RegisteredMetric;
    const known = this.#metrics.get(given.name);
    if (known !== undefined && known !== given) {
      throw new Error(`A metric with the name ${given.name} has already been registered.`);
    }
    this.#metrics.set(given.name, given);
  }

  removeSingleMetric(name: string): void {
    this.#metrics.delete(name);
  }

  /** Removes all metrics, and the default labels. */
  clear(): void {
    this.#metrics.clear();
    this.#labels.clear();
    this.#defaultLabels = {};
  }

  resetMetrics(): void {
    for (const metric of this.#metrics.values()) metric.reset();
  }

  /** Labels that all series are shown with, unless they have their own of that name. */
  setDefaultLabels(labels: object): void {
    this.#defaultLabels = labels as DefaultLabels;
  }

  get contentType(): BoundRegistryContentType {
    return this.#contentType as BoundRegistryContentType;
  }

  setContentType(type: BoundRegistryContentType): void {
    if (!isKnown(type)) throw new Error(`Content type ${type as string} is unsupported`);
    this.#contentType = type;
    if ((this as unknown) === globalRegistry) contentType = type;
  }

  /** A registry of the metrics of several, each with the default labels of where it comes from. */
  static merge(registers: Registry[]): Registry {
    const type = registers[0]?.contentType;
    if (registers.some((register) => register.contentType !== type)) {
      throw new Error('Registers can only be merged if they have the same content type');
    }
    const merged = new Registry(type);
    for (const register of registers) {
      for (const metric of register.getMetricsAsArray() as unknown as RegisteredMetric[]) {
        merged.registerMetric(metric as never);
        // Those of other libraries do not tell their labels.
        merged.#labels.set(metric, () => register.labelsFor?.(metric) ?? {});
      }
    }
    return merged;
  }

  get #isOpenMetrics(): boolean {
    return this.#contentType === OPENMETRICS;
  }

  /** @internal The default labels that a metric is shown with. */
  labelsFor(metric: RegisteredMetric): DefaultLabels {
    const labels = this.#labels.get(metric);
    return labels === undefined ? this.#defaultLabels : { ...labels(), ...this.#defaultLabels };
  }

  /** What `read` makes of the metrics, without those that fail. */
  #collect<R>(read: (metric: RegisteredMetric) => Promise<R>): Promise<R[]> {
    return collected([...this.#metrics.values()], read);
  }

  async #show(metric: RegisteredMetric): Promise<Shown> {
    const defaultLabels = this.labelsFor(metric);
    if (metric.read !== undefined) return labelled(await metric.read(), defaultLabels);
    return objectText(await metric.get(), { openMetrics: this.#isOpenMetrics, defaultLabels });
  }

  /** Runs of families are written together, and what is text already stands between them. */
  async #textOf(shown: readonly Shown[]): Promise<string> {
    const texts = this.#isOpenMetrics ? openMetricsTexts : classicTexts;
    const parts: string[] = [];
    let run: MetricFamily[] = [];
    const endRun = async () => {
      if (run.length > 0) parts.push(await encodeTextToString(run, texts));
      run = [];
    };
    for (const one of shown) {
      if (typeof one !== 'string') {
        run.push(one);
        continue;
      }
      await endRun();
      parts.push(one);
    }
    await endRun();
    return parts.length === 1 ? (parts[0] as string) : parts.join(texts.format.between ?? '');
  }
}

const KEY = Symbol.for('telltale.prom-client.register');
const store = globalThis as { [KEY]?: Registry };

/** One per process, also where the package is loaded twice, as an ES module and as CommonJS. */
store[KEY] ??= new Registry();
export const globalRegistry: Registry = store[KEY];
Registry.globalRegistry = globalRegistry;
setGlobalRegister(globalRegistry);

/** That of the global registry; whoever imports it sees it change. */
export let contentType: RegistryContentType = PROMETHEUS;

function isKnown(type: unknown): type is RegistryContentType {
  return type === PROMETHEUS || type === OPENMETRICS;
}
