// One recipe per type of metric: what its options ask for in words, its descriptor, and how the family and the
// instrument are made. A new type is a new recipe.
import type { FamilyDescriptor, GaugeAggregation, MetricType } from '../model/family.js';
import { BucketSearch, DEFAULT_BUCKETS, validBounds } from './buckets.js';
import type { RecordingContext } from './context.js';
import { Counter } from './counter.js';
import {
  checkAggregation,
  checkNumber,
  checkQuantiles,
  checkStates,
  type InstrumentOptions,
  reservedLabelsOf,
} from './definition.js';
import { ExtremesHistogram } from './extremes-histogram.js';
import { Gauge } from './gauge.js';
import { Histogram } from './histogram.js';
import { Info } from './info.js';
import type { Instrument } from './instrument.js';
import { LiveFamily, type LiveFamilyOptions } from './live-family.js';
import { NativeFamily } from './native/native-family.js';
import { NativeHistogramInstrument } from './native/native-histogram-instrument.js';
import { checkNative, type NativeOptions, nativeLimits, nativeOptions } from './native/native-options.js';
import type { Shape } from './registry.js';
import { StateSet } from './state-set.js';
import { Summary } from './summary.js';
import { SummaryFamily } from './summary-family.js';

export interface HistogramOptions<Name extends string = string, Fixed extends string = string>
  extends InstrumentOptions<Name, Fixed> {
  /** Upper bounds, ascending; +Inf is added. Default: 0.005 to 10, for seconds; none where the histogram is native. */
  readonly buckets?: readonly number[];
  /**
   * Sparse buckets at a resolution instead of bounds that are chosen beforehand, or beside those: true for the defaults.
   * Text shows the count and the sum of them; protobuf, storages and `getQuantile` have them whole.
   */
  readonly native?: boolean | NativeOptions;
}

export interface SummaryOptions<Name extends string = string, Fixed extends string = string>
  extends InstrumentOptions<Name, Fixed> {
  /** Seconds that the window reaches back. Default: 600. */
  readonly maxAge?: number;
  /** Observations that the window holds at most, at least 4. Default: 10 000. */
  readonly maxSamples?: number;
  /** The quantiles to expose, 0 to 1. Default: none. */
  readonly quantiles?: readonly number[];
}

export interface GaugeOptions<Name extends string = string, Fixed extends string = string>
  extends InstrumentOptions<Name, Fixed> {
  /** What the values of several processes become in one scrape (`telltale/cluster`). Default: `liveSum`. */
  readonly aggregation?: GaugeAggregation;
}

export interface StateSetOptions<State extends string, Name extends string = string, Fixed extends string = string>
  extends InstrumentOptions<Name, Fixed> {
  readonly states: readonly State[];
}

/** What is said of a metric by parts of telltale that record in another vocabulary. */
export type ForeignOptions = Pick<LiveFamilyOptions, 'labelling' | 'maxSeries' | 'keepsExtremes'>;

type AnyOptions = InstrumentOptions &
  ForeignOptions & {
    readonly buckets?: readonly number[];
    readonly native?: boolean | NativeOptions;
    readonly maxAge?: number;
    readonly maxSamples?: number;
    readonly quantiles?: readonly number[];
    readonly states?: readonly string[];
    readonly aggregation?: GaugeAggregation;
  };

export interface Recipe {
  readonly type: MetricType;
  /** What holds where the options leave it open. */
  defaults(options: AnyOptions): AnyOptions;
  /** What these options ask for beyond type, unit and labels; undefined for what they leave open. */
  shape(options: AnyOptions): Shape;
  descriptor(base: Pick<FamilyDescriptor, 'name' | 'description' | 'unit'>, options: AnyOptions): FamilyDescriptor;
  create(context: RecordingContext, family: LiveFamilyOptions, options: AnyOptions): Instrument;
}

const DEFAULT_MAX_AGE = 600;
const DEFAULT_MAX_SAMPLES = 10_000;
/** Fewer cannot be shared out over the slices of a window. */
const LEAST_MAX_SAMPLES = 4;

/** Values as one text to compare. What is not what it should be is told when the definition is checked. */
function listed(values: readonly unknown[] | undefined): string | undefined {
  const plain = (value: unknown) => typeof value === 'number' || typeof value === 'string';
  return Array.isArray(values) && values.every(plain) ? values.join(', ') : undefined;
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : listed([value]));

const plain = (type: 'counter' | 'info', make: (family: LiveFamily) => Instrument): Recipe => ({
  type,
  defaults: () => ({}),
  shape: () => ({}),
  descriptor: (base) => ({ ...base, type }),
  create: (context, family) => make(new LiveFamily(context, family)),
});

const gauge: Recipe = {
  type: 'gauge',
  defaults: () => ({}),
  shape: ({ aggregation }) => ({ aggregation: textOf(aggregation) }),
  descriptor: (base, { aggregation }) => {
    checkAggregation(aggregation);
    return { ...base, type: 'gauge', ...(aggregation === undefined ? {} : { aggregation }) };
  },
  create: (context, family) => new Gauge(new LiveFamily(context, family)),
};

const histogram: Recipe = {
  type: 'histogram',
  defaults: ({ native }) => ({ buckets: nativeOptions(native) === undefined ? DEFAULT_BUCKETS : [] }),
  shape: ({ buckets, native }) => ({
    native: nativeText(native),
    buckets: listed(buckets?.filter?.((bound) => bound !== Number.POSITIVE_INFINITY)),
  }),
  descriptor: (base, { buckets = [], native }) => {
    checkNative(native);
    const upperBounds = validBounds(base.name, buckets);
    const isNative = nativeOptions(native) !== undefined;
    return { ...base, type: 'histogram', upperBounds, ...(isNative ? { native: true } : {}) };
  },
  create: (context, family, { native }) => {
    const { descriptor } = family;
    const search = new BucketSearch(descriptor.type === 'histogram' ? descriptor.upperBounds : []);
    const options = nativeOptions(native);
    if (options === undefined) {
      const live = new LiveFamily(context, family);
      return family.keepsExtremes ? new ExtremesHistogram(live, search) : new Histogram(live, search);
    }
    const limits = nativeLimits(options);
    return new NativeHistogramInstrument(new NativeFamily(context, { ...family, native: limits }), search);
  },
};

/** All of a native configuration, so that one with a default spelled out is the same one. */
function nativeText(native: AnyOptions['native']): string | undefined {
  const options = nativeOptions(native);
  if (options === undefined) return undefined;
  return Object.entries(options)
    .map(([option, value]) => `${option} ${String(value)}`)
    .join(', ');
}

const summary: Recipe = {
  type: 'summary',
  defaults: () => ({ maxAge: DEFAULT_MAX_AGE, maxSamples: DEFAULT_MAX_SAMPLES, quantiles: [] }),
  shape: ({ maxAge, maxSamples, quantiles }) => ({
    maxAge: textOf(maxAge),
    maxSamples: textOf(maxSamples),
    quantiles: listed(quantiles?.toSorted?.()),
  }),
  descriptor: (base, { quantiles = [], maxAge, maxSamples }) => {
    checkNumber('maxAge', maxAge, 'Give seconds above 0.', (value) => value > 0 && Number.isFinite(value));
    checkNumber('maxSamples', maxSamples, `Give a whole number of at least ${LEAST_MAX_SAMPLES}.`, (value) => {
      return Number.isInteger(value) && value >= LEAST_MAX_SAMPLES;
    });
    return { ...base, type: 'summary', quantiles: checkQuantiles(base.name, quantiles) };
  },
  create: (context, family, { maxAge = DEFAULT_MAX_AGE, maxSamples = DEFAULT_MAX_SAMPLES }) =>
    new Summary(new SummaryFamily(context, { ...family, maxAge, maxSamples })),
};

const stateset: Recipe = {
  type: 'stateset',
  defaults: () => ({}),
  shape: ({ states }) => ({ states: listed(states) }),
  descriptor: (base, { states }) => ({ ...base, type: 'stateset', states: checkStates(base.name, states) }),
  create: (context, family) => new StateSet(new LiveFamily(context, family)),
};

export const recipes = {
  counter: plain('counter', (family) => new Counter(family)),
  info: plain('info', (family) => new Info(family)),
  gauge,
  histogram,
  summary,
  stateset,
} as const;

/** Makes an instrument that passed all checks. */
export function createInstrument(
  recipe: Recipe,
  context: RecordingContext,
  made: Omit<LiveFamilyOptions, 'reservedLabels'>,
  options: AnyOptions,
): Instrument {
  return recipe.create(context, { ...made, reservedLabels: reservedLabelsOf(made.descriptor) }, options);
}

export type { AnyOptions };
