// What Counter, Gauge, Histogram and Summary have in common: how a definition is checked and registered, and how a metric is
// read. The values live in an instrument of telltale; a facade only says the same things in prom-client's words.
import { format } from 'node:util';
import type { LiveFamily } from '../../instruments/live-family.js';
import type { FamilyDescriptor, MetricFamily } from '../../model/family.js';
import { isLabelName, isMetricName } from '../../model/names.js';
import { type HashMapEntry, hashMapOf } from './hash-map.js';
import { checkLabels, LabelSets, labelsOf } from './label-sets.js';
import { globalRegister, type Register } from './register.js';
import type { Aggregator, CollectFunction, MetricObjectWithValues, MetricType, MetricValueWithName } from './types.js';
import { samplesOf } from './values.js';

export interface MetricConfiguration<T extends string> {
  name: string;
  help: string;
  labelNames?: T[] | readonly T[];
  /** Registries of this library, or any other that takes such metrics. */
  registers?: Register[];
  aggregator?: Aggregator;
  // biome-ignore lint/suspicious/noExplicitAny: declared like this, so that each kind of metric may narrow it
  collect?: CollectFunction<any>;
  enableExemplars?: boolean;
}

type AnyLabels = Readonly<Record<string, unknown>>;

export function validateMetricName(name: string): boolean {
  return isMetricName(name);
}

export abstract class MetricFacade<T extends string> {
  abstract readonly type: MetricType;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly T[];
  readonly aggregator: Aggregator;
  readonly enableExemplars: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: as in the configuration
  collect: CollectFunction<any>;
  protected abstract readonly family: LiveFamily;
  protected readonly labelSets: LabelSets;
  readonly #registers: readonly Register[];

  constructor(config: MetricConfiguration<T>) {
    checkConfiguration(config);
    this.name = config.name;
    this.help = config.help;
    this.labelNames = config.labelNames ?? [];
    this.aggregator = config.aggregator ?? 'sum';
    this.enableExemplars = config.enableExemplars ?? false;
    this.labelSets = new LabelSets(this.labelNames);
    this.collect = config.collect as CollectFunction<unknown>;
    this.#registers = config.registers ?? [globalRegister()];
  }

  /** The metric with its values. Runs `collect` first. */
  async get(): Promise<MetricObjectWithValues<MetricValueWithName<T>>> {
    const family = await this.read();
    const { name, help, type, aggregator } = this;
    const values = samplesOf(family, this.labelSets.originalOf);
    return { help, name, type, values, aggregator } as unknown as MetricObjectWithValues<MetricValueWithName<T>>;
  }

  /**
   * The values by labels, as prom-client's metrics have them. Made anew at each reading: for tests that look into it, not for
   * the hot path.
   *
   * @example
   * requests.hashMap['code:200,method:GET,'].value; // 1
   */
  get hashMap(): Readonly<Record<string, HashMapEntry>> {
    return hashMapOf(this.family, this.labelSets.originalOf);
  }

  /** Removes the series with these labels. */
  remove(...values: string[]): void;
  remove(labels: Partial<Record<T, string | number>>): void;
  remove(...args: unknown[]): void {
    this.family.remove(this.labelSets.read(labelsOf(this.labelNames, args)));
  }

  /** Removes all series; one without labels goes on at zero. */
  reset(): void {
    this.family.clear();
    this.labelSets.forget();
    this.showUnlabelled();
  }

  /** @internal Runs `collect` and answers the family with its live values. */
  async read(): Promise<MetricFamily> {
    const collecting: unknown = this.collect?.();
    if (collecting instanceof Promise) await collecting;
    return this.family;
  }

  /** Shows the series without labels at zero, where there are no others. */
  protected showUnlabelled(): void {
    if (this.labelNames.length === 0) this.family.startAtZero({});
  }

  /** The last step of making a metric: nobody sees one that was refused. */
  protected register(): void {
    this.showUnlabelled();
    for (const register of this.#registers) {
      if (this.enableExemplars && register.contentType.startsWith('text/plain')) {
        throw new TypeError('Exemplars are supported only on OpenMetrics registries');
      }
      register.registerMetric(this as never);
    }
  }

  protected get base(): Pick<FamilyDescriptor, 'name' | 'description' | 'unit'> {
    return { name: this.name, description: String(this.help), unit: '' };
  }

  /** The labels of a child. */
  protected fixed(args: readonly unknown[]): AnyLabels {
    const labels = labelsOf(this.labelNames, args);
    checkLabels(this.labelNames, labels);
    return labels;
  }

  /** @throws TypeError, or an Error where the labels are unfit as well */
  protected refuse(what: 'Value' | 'Delta', value: unknown, labels: unknown): never {
    if (isLabels(labels)) checkLabels(this.labelNames, labels);
    throw new TypeError(`${what} is not a valid number: ${format(value)}`);
  }
}

export function isLabels(value: unknown): value is AnyLabels {
  return typeof value === 'object' && value !== null;
}

function checkConfiguration(config: MetricConfiguration<string>): void {
  if (!isLabels(config)) throw new TypeError('constructor expected a config object');
  const { name, help, labelNames, collect } = config;
  if (!help) throw new Error('Missing mandatory help parameter');
  if (!name) throw new Error('Missing mandatory name parameter');
  if (!isMetricName(name)) throw new Error('Invalid metric name');
  if (labelNames && !labelNames.every((label) => isLabelName(label))) throw new Error('Invalid label name');
  if (collect && typeof collect !== 'function') throw new Error('Optional "collect" parameter must be a function');
}
