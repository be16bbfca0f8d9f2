// The streams of one collector: each is an instrument of telltale that records under the labels of one meter, together with
// what OpenTelemetry calls it. All providers of a collector share them, and exporters find the names of origin here.
import type { MetricsCollector } from '../../collector.js';
import { MetricDefinitionError } from '../../errors.js';
import type { Counter } from '../../instruments/counter.js';
import type { Gauge } from '../../instruments/gauge.js';
import type { Histogram } from '../../instruments/histogram.js';
import type { MetricFamily } from '../../model/family.js';
import { AttributeLabelling, scopeLabels } from './attributes.js';
import { candidateNames, type NamedMetric, unitOf } from './names.js';
import { AGGREGATION, type InstrumentKind } from './sdk-values.js';
import type { Scope, StreamDescription } from './views.js';

/** What the SDK takes for a histogram of unknown unit. */
const DEFAULT_BOUNDS: readonly number[] = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
/**
 * For seconds, where the SDK takes the ones above, which put all but the slowest into one bucket: what OpenTelemetry's conventions
 * advise for durations of HTTP requests.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
const SECONDS_BOUNDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** The finest resolution there is; it gets coarser by itself where there are too many buckets. */
const FINEST_GROWTH = 1.0028;
const MOST_EXPONENTIAL_BUCKETS = 160;

/** What records a stream, and in which way. */
export type Sink =
  | { readonly type: 'counter'; readonly instrument: Counter }
  | { readonly type: 'gauge'; readonly instrument: Gauge; readonly isSum: boolean }
  | { readonly type: 'histogram'; readonly instrument: Histogram };

export interface Stream {
  readonly scope: Scope;
  readonly description: StreamDescription;
  readonly sink: Sink;
  /** The labels that the meter has given all series. */
  readonly scopeLabels: ReadonlySet<string>;
  readonly family: MetricFamily;
}

/** A family that streams of several meters share. */
interface SharedFamily {
  readonly name: string;
  readonly unit: string;
  readonly scopes: Set<string>;
}

const known = new WeakMap<MetricsCollector, Streams>();

export class Streams {
  /** Callbacks that failed the last time, and why. */
  readonly failures = new Map<object, unknown>();
  readonly #collector: MetricsCollector;
  readonly #byIdentity = new Map<string, Stream>();
  /** By the name in Prometheus. */
  readonly #families = new Map<string, SharedFamily>();
  readonly #byFamily = new Map<string, Stream[]>();

  /** Use {@link Streams.of}. */
  private constructor(collector: MetricsCollector) {
    this.#collector = collector;
  }

  static of(collector: MetricsCollector): Streams {
    let streams = known.get(collector);
    if (streams === undefined) {
      streams = new Streams(collector);
      known.set(collector, streams);
    }
    return streams;
  }

  /** The streams whose series a family has; none for a family of others. */
  in(family: string): readonly Stream[] {
    return this.#byFamily.get(family) ?? [];
  }

  /** Gets or creates a stream; undefined where there is no name left for it, which is told to `onError`. */
  open(description: StreamDescription, scope: Scope): Stream | undefined {
    const { name, unit, kind, isInteger } = description;
    const scopeKey = JSON.stringify([scope.name, scope.version, scope.schemaUrl]);
    // Names of instruments are compared without regard to case.
    const identity = JSON.stringify([scopeKey, name.toLowerCase(), unit, kind, isInteger]);
    let stream = this.#byIdentity.get(identity);
    if (stream === undefined) {
      stream = this.#define(description, scope, scopeKey);
      if (stream !== undefined) this.#byIdentity.set(identity, stream);
    }
    return stream;
  }

  #define(description: StreamDescription, scope: Scope, scopeKey: string): Stream | undefined {
    const metric: NamedMetric = { name: description.name, unit: description.unit, kind: namedKind(description) };
    const labelling = new AttributeLabelling(scopeLabels(scope));
    let wanted: string | undefined;
    let refusal: MetricDefinitionError | undefined;
    for (const name of candidateNames(metric, description.kind.toLowerCase())) {
      wanted ??= name;
      const shared = this.#families.get(name) ?? { name: metric.name, unit: metric.unit, scopes: new Set() };
      if (shared.name !== metric.name || shared.unit !== metric.unit || shared.scopes.has(scopeKey)) continue;
      try {
        const sink = sinkOf(this.#collector, { name, unit: unitOf(name, metric) }, { description, labelling });
        shared.scopes.add(scopeKey);
        this.#families.set(name, shared);
        if (name !== wanted) this.#tellRenamed(wanted, name, description);
        const names = new Set(labelling.constantLabels.map(([label]) => label));
        const stream = { scope, description, sink, scopeLabels: names, family: sink.instrument.family };
        const family = sink.instrument.name;
        this.#byFamily.set(family, [...this.in(family), stream]);
        return stream;
      } catch (error) {
        if (!(error instanceof MetricDefinitionError)) throw error;
        refusal = error;
        // Another name would not help.
        if (error.kind !== 'family_conflict') break;
      }
    }
    if (refusal !== undefined) this.#collector.onError(refusal.detail);
    return undefined;
  }

  #tellRenamed(wanted: string, name: string, { kind, ...description }: StreamDescription): void {
    this.#collector.onError({
      kind: 'family_conflict',
      metric: wanted,
      existing: 'a metric of another name, kind, unit or bucket layout',
      requested: `the ${kind.toLowerCase().replaceAll('_', ' ')} ${description.name} of OpenTelemetry`,
      resolution: `It is shown as ${name}. Rename the instrument, by a view for instance, where that name is not wanted.`,
    });
  }
}

function sinkOf(
  collector: MetricsCollector,
  metric: { readonly name: string; readonly unit: string },
  { description, labelling }: { readonly description: StreamDescription; readonly labelling: AttributeLabelling },
): Sink {
  const type = sinkType(description);
  const options = {
    description: description.description,
    unit: metric.unit,
    labelling,
    // Of so many points as the SDK allows, one is left for all attributes that go over it.
    maxSeries: description.limit === undefined ? undefined : description.limit - 1,
  };
  if (type === 'counter') return { type, instrument: collector.definePart('counter', metric.name, options) };
  if (type === 'gauge') {
    const isSum = description.aggregation.type === AGGREGATION.sum || namedKind(description) === 'sum';
    return { type, instrument: collector.definePart('gauge', metric.name, options), isSum };
  }
  const { aggregation } = description;
  if (aggregation.type === AGGREGATION.exponential) {
    const maxBuckets = aggregation.options?.maxSize ?? MOST_EXPONENTIAL_BUCKETS;
    const native = { growthFactor: FINEST_GROWTH, maxBuckets, zeroThreshold: 0 };
    return { type, instrument: collector.definePart('histogram', metric.name, { ...options, native }) };
  }
  const given = aggregation.type === AGGREGATION.explicitBuckets ? aggregation.options?.boundaries : undefined;
  const buckets = boundsOf(given ?? description.bounds ?? (description.unit === 's' ? SECONDS_BOUNDS : DEFAULT_BOUNDS));
  return {
    type,
    instrument: collector.definePart('histogram', metric.name, { ...options, buckets, keepsExtremes: true }),
  };
}

/** As the SDK takes them: in any order, and with infinities that every histogram has anyway. */
function boundsOf(given: readonly number[]): readonly number[] {
  return [...new Set(given.filter(Number.isFinite))].sort((a, b) => a - b);
}

const ADDED_UP: readonly InstrumentKind[] = ['UP_DOWN_COUNTER', 'OBSERVABLE_UP_DOWN_COUNTER'];
const COUNTED: readonly InstrumentKind[] = ['COUNTER', 'OBSERVABLE_COUNTER'];

function sinkType({ kind, aggregation: { type } }: StreamDescription): Sink['type'] {
  if (type === AGGREGATION.lastValue) return 'gauge';
  if (type === AGGREGATION.explicitBuckets || type === AGGREGATION.exponential) return 'histogram';
  if (type === AGGREGATION.sum && kind === 'HISTOGRAM') return 'counter';
  if (COUNTED.includes(kind)) return 'counter';
  return kind === 'HISTOGRAM' ? 'histogram' : 'gauge';
}

function namedKind(description: StreamDescription): NamedMetric['kind'] {
  const type = sinkType(description);
  const { kind, aggregation } = description;
  const isAdded = ADDED_UP.includes(kind)
    ? aggregation.type !== AGGREGATION.lastValue
    : aggregation.type === AGGREGATION.sum;
  return type === 'gauge' && isAdded ? 'sum' : type;
}
