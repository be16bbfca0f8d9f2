// What the SDK of OpenTelemetry collected, as families: names, units and scopes become those of Prometheus by the same rules
// by which its instruments record into a collector. One family per name, whichever meters it comes from.
import type { FamilyDescriptor, MetricFamily } from '../../model/family.js';
import { isMetricName } from '../../model/names.js';
import { LEAST_SCHEMA, MOST_SCHEMA, type NativeBuckets, withSchema } from '../../model/native-histogram.js';
import { AttributeLabelling, scopeLabels } from '../opentelemetry/attributes.js';
import { candidateNames, type NamedMetric, unitOf } from '../opentelemetry/names.js';
import { POINT_TYPE, TEMPORALITY } from '../opentelemetry/sdk-values.js';
import { FamilyBuilder, type ForeignLabels, type SeriesRow, textOf } from './family-builder.js';

type Attributes = Readonly<Record<string, unknown>>;

/** As much of a `CollectionResult` as is read. */
export interface CollectionLike {
  readonly resourceMetrics: {
    readonly resource?: { readonly attributes?: Attributes };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
      readonly metrics: readonly MetricLike[];
    }[];
  };
  readonly errors?: readonly unknown[];
}

interface MetricLike {
  readonly descriptor: { readonly name: string; readonly description?: string; readonly unit?: string };
  readonly aggregationTemporality: number;
  readonly dataPointType: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly PointLike[];
}

interface PointLike {
  readonly startTime: readonly [seconds: number, nanoseconds: number];
  readonly attributes: Attributes;
  readonly value: unknown;
}

interface HistogramLike {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
  readonly sum?: number;
}

interface ExponentialLike {
  readonly count: number;
  readonly sum?: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: BucketsLike;
  readonly negative: BucketsLike;
}

interface BucketsLike {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** All metrics but those that cannot be shown, of which `faulty` hears. */
export function familiesOfCollection(
  { resourceMetrics, errors = [] }: CollectionLike,
  faulty: (cause: unknown) => void,
): readonly MetricFamily[] {
  for (const error of errors) faulty(error);
  const families = new NamedFamilies();
  const { resource, scopeMetrics } = resourceMetrics;
  for (const { scope, metrics } of scopeMetrics) {
    const labelling = new AttributeLabelling(scopeLabels(scope));
    for (const metric of metrics) {
      try {
        families.add(metric, labelling);
      } catch (cause) {
        faulty(cause);
      }
    }
  }
  return [...targetInfo(resource?.attributes ?? {}), ...families.all()];
}

/** One name, and the families that it has: several where its histograms differ in their bounds. */
interface NamedFamily {
  readonly identity: string;
  readonly builders: Map<string, FamilyBuilder>;
}

class NamedFamilies {
  readonly #byName = new Map<string, NamedFamily>();

  /** @throws Error */
  add(metric: MetricLike, labelling: AttributeLabelling): void {
    const type = typeOf(metric);
    const { name, description = '', unit = '' } = metric.descriptor;
    if (metric.aggregationTemporality === TEMPORALITY.delta && type !== 'gauge') {
      throw new Error(`${name} starts anew with each reading: give its reader the cumulative temporality`);
    }
    const named: NamedMetric = { name, unit, kind: kindOf(metric, type) };
    const { shown, family } = this.#familyFor(named, type);
    const base = { name: shown, description: textOf(description), unit: unitOf(shown, named) };
    let problem: string | undefined;
    for (const point of metric.dataPoints) {
      const labels = labelsOf(point.attributes, labelling, type);
      if (typeof labels === 'string') {
        problem ??= labels;
        continue;
      }
      const { key, descriptor } = shapeOf(metric, point, base);
      let builder = family.builders.get(key);
      if (builder === undefined) {
        builder = new FamilyBuilder(descriptor);
        family.builders.set(key, builder);
      }
      const row = builder.newRowOf(labels);
      if (row === undefined) {
        problem ??= 'some are there twice, and only the first of them is shown.';
        continue;
      }
      const [seconds, nanoseconds] = point.startTime;
      row.createdMs = seconds * 1000 + nanoseconds / 1e6;
      fill(row, metric.dataPointType, point.value);
    }
    if (problem !== undefined) throw new Error(`${name} has series that cannot be shown: ${problem}`);
  }

  *all(): Generator<MetricFamily> {
    for (const { builders } of this.#byName.values()) for (const builder of builders.values()) yield builder.family();
  }

  /** The same metric of several meters is one family; another one that would have its name gets the next name. */
  #familyFor(named: NamedMetric, type: FamilyDescriptor['type']): { shown: string; family: NamedFamily } {
    const identity = JSON.stringify([named.name.toLowerCase(), named.unit, named.kind]);
    for (const shown of candidateNames(named, type)) {
      const family = this.#byName.get(shown) ?? { identity, builders: new Map() };
      if (family.identity !== identity || !isMetricName(shown)) continue;
      this.#byName.set(shown, family);
      return { shown, family };
    }
    throw new Error(`${named.name} has a name that too many others have as well`);
  }
}

function typeOf({ dataPointType, isMonotonic }: MetricLike): 'counter' | 'gauge' | 'histogram' {
  if (dataPointType === POINT_TYPE.sum) return isMonotonic === true ? 'counter' : 'gauge';
  if (dataPointType === POINT_TYPE.gauge) return 'gauge';
  if (dataPointType === POINT_TYPE.histogram || dataPointType === POINT_TYPE.exponentialHistogram) return 'histogram';
  throw new Error(`a metric has the unknown type of points ${String(dataPointType)}`);
}

function kindOf({ dataPointType }: MetricLike, type: 'counter' | 'gauge' | 'histogram'): NamedMetric['kind'] {
  return type === 'gauge' && dataPointType === POINT_TYPE.sum ? 'sum' : type;
}

/** The labels, or what is wrong with the attributes. */
function labelsOf(attributes: Attributes, labelling: AttributeLabelling, type: string): ForeignLabels | string {
  const reserved = type === 'histogram' ? ['le'] : [];
  const maxValueLength = Number.POSITIVE_INFINITY;
  const rules = { declared: undefined, names: 'classic', reserved, defaults: new Map(), maxValueLength } as const;
  const read = labelling.read(attributes, rules);
  if (!('names' in read)) return 'rule' in read ? read.rule : `its attributes are ${read.given}.`;
  const own = read.names.map((name, i) => [name, read.values[i]] as const);
  return Object.fromEntries([...labelling.constantLabels, ...own]);
}

/** What a family has to be for this point to be in it. */
function shapeOf(
  { dataPointType, isMonotonic }: MetricLike,
  { value }: PointLike,
  base: { readonly name: string; readonly description: string; readonly unit: string },
): { readonly key: string; readonly descriptor: FamilyDescriptor } {
  switch (dataPointType) {
    case POINT_TYPE.histogram: {
      const upperBounds = (value as HistogramLike).buckets.boundaries.filter(Number.isFinite);
      return { key: upperBounds.join(), descriptor: { ...base, type: 'histogram', upperBounds } };
    }
    case POINT_TYPE.exponentialHistogram:
      return { key: 'native', descriptor: { ...base, type: 'histogram', upperBounds: [], native: true } };
    case POINT_TYPE.sum:
      return { key: '', descriptor: { ...base, type: isMonotonic === true ? 'counter' : 'gauge' } };
    default:
      return { key: '', descriptor: { ...base, type: 'gauge' } };
  }
}

function fill(row: SeriesRow, dataPointType: number, value: unknown): void {
  if (dataPointType === POINT_TYPE.exponentialHistogram) fillNative(row, value as ExponentialLike);
  else if (dataPointType === POINT_TYPE.histogram) {
    const { buckets, sum } = value as HistogramLike;
    row.numbers.splice(0, row.numbers.length, ...buckets.counts, sum ?? Number.NaN);
  } else row.numbers[0] = Number(value);
}

function fillNative(row: SeriesRow, { count, sum = Number.NaN, scale, zeroCount, ...sides }: ExponentialLike): void {
  if (scale < LEAST_SCHEMA) throw new Error(`the resolution ${scale} is too low for a native histogram`);
  row.numbers.splice(0, row.numbers.length, count, sum);
  const [positive, negative] = [bucketsOf(sides.positive), bucketsOf(sides.negative)];
  const histogram = { schema: scale, zeroThreshold: 0, zeroCount, count, sum, positive, negative };
  row.native = withSchema(histogram, Math.min(scale, MOST_SCHEMA));
}

/** The same buckets under Prometheus' indexes, which name a bucket by its upper bound. */
function bucketsOf({ offset, bucketCounts }: BucketsLike): NativeBuckets {
  const filled = bucketCounts.flatMap((count, i) => (count > 0 ? [i] : []));
  return {
    indexes: Int32Array.from(filled, (i) => offset + i + 1),
    counts: Float64Array.from(filled, (i) => bucketCounts[i] as number),
  };
}

/** What the metrics are about, in one series; an attribute that is no label is left out. */
function targetInfo(attributes: Attributes): readonly MetricFamily[] {
  const labelling = new AttributeLabelling([]);
  const labels = Object.entries(attributes).map(([key, value]) => labelsOf({ [key]: value }, labelling, 'info'));
  const shown: ForeignLabels = Object.assign({}, ...labels.filter((label) => typeof label !== 'string'));
  if (Object.keys(shown).length === 0) return [];
  const description = 'What these metrics are about.';
  const builder = new FamilyBuilder({ name: 'target_info', description, unit: '', type: 'info' });
  builder.rowOf(shown).numbers[0] = 1;
  return [builder.family()];
}
