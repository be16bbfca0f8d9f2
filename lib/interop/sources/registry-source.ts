// Registries of prom-client and of what succeeded it, read as objects: their numbers come over as they are, and a label
// value that would break out of a text cannot, because no text is in between.
import type { Exemplar } from '../../model/exemplar.js';
import type { FamilyDescriptor, MetricFamily } from '../../model/family.js';
import type { FamilySource } from '../../model/family-source.js';
import { newLabelSet } from '../../model/label-set.js';
import { isMetricName } from '../../model/names.js';
import { Pace } from '../../model/pace.js';
import { FamilyBuilder, type ForeignLabels, textOf } from './family-builder.js';

/** What a registry has to offer to be attached: those of prom-client and `@prometheus-io/client` do. */
export interface RegistryLike {
  getMetricsAsJSON(): unknown;
}

/** One metric as `getMetricsAsJSON` answers it. */
interface RegistryMetric {
  readonly name: string;
  readonly help?: unknown;
  readonly type?: unknown;
  readonly values?: Iterable<RegistryValue>;
}

interface RegistryValue {
  readonly value: number;
  readonly labels?: ForeignLabels;
  /** Where the line is one of several, as `x_bucket` of a histogram `x`. */
  readonly metricName?: string;
  readonly exemplar?: {
    readonly labelSet?: ForeignLabels;
    readonly value?: number;
    readonly timestamp?: number;
  } | null;
}

export class RegistrySource implements FamilySource {
  readonly #registry: RegistryLike;
  readonly #faulty: (cause: unknown) => void;

  /** `faulty` hears of metrics that cannot be shown; the others are. */
  constructor(registry: RegistryLike, faulty: (cause: unknown) => void) {
    this.#registry = registry;
    this.#faulty = faulty;
  }

  async collect(): Promise<readonly MetricFamily[]> {
    const metrics = (await this.#registry.getMetricsAsJSON()) as Iterable<RegistryMetric>;
    const families: MetricFamily[] = [];
    const pace = new Pace();
    for (const metric of metrics) {
      try {
        families.push(familyOf(metric, this.#faulty));
      } catch (cause) {
        this.#faulty(cause);
      }
      if (pace.look()) await pace.pause();
    }
    return families;
  }
}

/** @throws Error */
function familyOf(metric: RegistryMetric, faulty: (cause: unknown) => void): MetricFamily {
  const { name, help, type } = metric;
  if (typeof name !== 'string' || !isMetricName(name, 'utf8')) throw new Error(`"${String(name)}" is no metric's name`);
  const base = { name, description: textOf(help ?? ''), unit: '' };
  const values = [...(metric.values ?? [])];
  switch (type) {
    case 'histogram':
      return histogramOf({ ...base, type, upperBounds: edgesOf(values, 'le').filter(Number.isFinite) }, values, faulty);
    case 'summary':
      return summaryOf({ ...base, type, quantiles: edgesOf(values, 'quantile') }, values, faulty);
    case 'counter':
    case 'gauge':
      return simpleOf({ ...base, type }, values, faulty);
    default:
      return simpleOf({ ...base, type: 'unknown' }, values, faulty);
  }
}

function simpleOf(
  descriptor: FamilyDescriptor,
  values: readonly RegistryValue[],
  faulty: (cause: unknown) => void,
): MetricFamily {
  const builder = new FamilyBuilder(descriptor);
  let isTold = false;
  for (const { value, labels = {}, exemplar } of values) {
    const row = builder.newRowOf(labels);
    if (row === undefined) {
      if (!isTold) faulty(twice(descriptor));
      isTold = true;
      continue;
    }
    row.numbers[0] = numberOf(value, descriptor);
    if (exemplar && descriptor.type === 'counter') row.exemplars.push(exemplarOf(exemplar, 0));
  }
  return builder.family();
}

function histogramOf(
  descriptor: FamilyDescriptor & { readonly type: 'histogram' },
  values: readonly RegistryValue[],
  faulty: (cause: unknown) => void,
): MetricFamily {
  const { name, upperBounds } = descriptor;
  const builder = new FamilyBuilder(descriptor, 'le');
  const columns = new Map(upperBounds.map((bound, column) => [bound, column]));
  const rows = new Set<ReturnType<FamilyBuilder['rowOf']>>();
  const last = upperBounds.length;
  let isWhole = true;
  for (const { value, labels = {}, metricName, exemplar } of values) {
    const row = builder.rowOf(labels);
    rows.add(row);
    const number = numberOf(value, descriptor);
    if (metricName === `${name}_sum`) isWhole = place(row.numbers, last + 1, number) && isWhole;
    // Mostly the last bucket has been there before, and is the same.
    else if (metricName === `${name}_count`) place(row.numbers, last, number);
    else {
      const column = columns.get(edgeOf(labels.le)) ?? last;
      const isNew = place(row.numbers, column, number);
      isWhole &&= isNew;
      if (exemplar && isNew) row.exemplars.push(exemplarOf(exemplar, column));
    }
  }
  for (const { numbers, exemplars } of rows) {
    apart(numbers, last);
    exemplars.sort((a, b) => a.column - b.column);
  }
  if (!isWhole) faulty(twice(descriptor));
  return builder.family();
}

/** Answers whether there was none before: of two, the first is kept. */
function place(numbers: number[], column: number, number: number): boolean {
  const isNew = Number.isNaN(numbers[column]);
  if (isNew) numbers[column] = number;
  return isNew;
}

function twice({ name }: FamilyDescriptor): Error {
  return new Error(`${name} has a series twice: only the first one is shown`);
}

/** From observations up to each bound to those of each bucket. Bounds that the series lacks, or that contradict, add none. */
function apart(numbers: number[], last: number): void {
  let before = 0;
  for (let column = 0; column <= last; column++) {
    const upTo = Math.max(before, numbers[column] || 0);
    numbers[column] = upTo - before;
    before = upTo;
  }
}

function summaryOf(
  descriptor: FamilyDescriptor & { readonly type: 'summary' },
  values: readonly RegistryValue[],
  faulty: (cause: unknown) => void,
): MetricFamily {
  const { name, quantiles } = descriptor;
  const builder = new FamilyBuilder(descriptor, 'quantile');
  const columns = new Map(quantiles.map((quantile, column) => [quantile, column]));
  let isWhole = true;
  for (const { value, labels = {}, metricName } of values) {
    const { numbers } = builder.rowOf(labels);
    let column: number;
    if (metricName === `${name}_sum`) column = quantiles.length;
    else if (metricName === `${name}_count`) column = quantiles.length + 1;
    else column = columns.get(edgeOf(labels.quantile)) as number;
    isWhole = place(numbers, column, numberOf(value, descriptor)) && isWhole;
  }
  if (!isWhole) faulty(twice(descriptor));
  return builder.family();
}

/** All bounds, or quantiles, that there are, ascending. */
function edgesOf(values: readonly RegistryValue[], label: 'le' | 'quantile'): readonly number[] {
  const edges = new Set<number>();
  for (const { labels } of values) if (labels?.[label] !== undefined) edges.add(edgeOf(labels[label]));
  return [...edges].sort((a, b) => a - b);
}

/** @throws Error */
function edgeOf(text: unknown): number {
  const edge = text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
  if (Number.isNaN(edge)) throw new Error(`a bound "${String(text)}" is no number`);
  return edge;
}

/** @throws Error */
function numberOf(value: unknown, { name }: FamilyDescriptor): number {
  if (typeof value !== 'number') throw new Error(`${name} has a value that is no number`);
  return value;
}

function exemplarOf(
  { labelSet = {}, value = 1, timestamp = Number.NaN }: NonNullable<RegistryValue['exemplar']>,
  column: number,
): Exemplar {
  const labels = newLabelSet();
  for (const [name, text] of Object.entries(labelSet)) labels[name] = textOf(text);
  return { column, labels, value, timestampMs: timestamp * 1000 };
}
