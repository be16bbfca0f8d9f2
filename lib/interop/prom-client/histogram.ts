// Histogram, in prom-client's words.
import { BucketSearch, validBounds } from '../../instruments/buckets.js';
import { Histogram as Instrument } from '../../instruments/histogram.js';
import type { Labels } from '../../instruments/labels.js';
import { LiveFamily } from '../../instruments/live-family.js';
import type { SeriesGroup } from '../../instruments/series-group.js';
import { familyOptions, recordingContext } from './context.js';
import { exemplarOf } from './exemplar.js';
import { type MetricConfiguration, MetricFacade } from './metric.js';
import { oneKind } from './one-kind.js';
import { startStopwatch } from './stopwatch.js';
import type { CollectFunction, LabelValues, MetricType, ObserveDataWithExemplar } from './types.js';

export interface HistogramConfiguration<T extends string> extends MetricConfiguration<T> {
  buckets?: number[];
  collect?: CollectFunction<Histogram<T>>;
}

const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Observations counted into buckets.
 *
 * @example
 * const sizes = new Histogram({ name: 'size_bytes', help: 'Sizes', buckets: [100, 1000] });
 * sizes.observe(250);
 * // size_bytes_bucket{le="100"} 0
 * // size_bytes_bucket{le="1000"} 1
 * // size_bytes_bucket{le="+Inf"} 1
 * // size_bytes_sum 250
 * // size_bytes_count 1
 */
export class Histogram<T extends string = string> extends MetricFacade<T> {
  static {
    oneKind(Histogram, 'Histogram');
  }

  readonly type = 'histogram' as unknown as MetricType.Histogram;
  protected readonly family: LiveFamily;
  // Hot fields are private to the compiler only: the engine's own #private costs a look-up of its key.
  private readonly histogram: Instrument;
  private readonly group: SeriesGroup;

  constructor(configuration: HistogramConfiguration<T>) {
    super(configuration);
    if ((this.labelNames as readonly string[]).includes('le')) throw new Error('le is a reserved label keyword');
    const upperBounds = boundsOf(this.name, configuration.buckets ?? DEFAULT_BUCKETS);
    const options = familyOptions({ ...this.base, type: 'histogram', upperBounds }, this.labelNames);
    this.family = new LiveFamily(recordingContext, options);
    this.histogram = new Instrument(this.family, new BucketSearch(upperBounds));
    this.group = this.family.mainGroup;
    this.register();
  }

  /**
   * Counts one observation under these labels.
   *
   * @throws TypeError for what is no finite number, Error for a label that was not declared. Cost: 25 ns.
   */
  observe(value: number): void;
  observe(labels: LabelValues<T>, value: number): void;
  observe(observeData: ObserveDataWithExemplar<T>): void;
  observe(labels?: unknown, value?: unknown): void {
    if (this.enableExemplars) return this.observeWithExemplar(labels as ObserveDataWithExemplar<T>);
    if (typeof labels === 'object' && labels !== null) {
      if (!(typeof value === 'number' && value - value === 0)) return this.refuse('Value', value, labels);
      const slot = this.group.index.find(labels as Labels);
      if (slot >= 0) this.histogram.add(this.group, slot, value);
      else this.addElsewhere(labels as Labels, value);
      return;
    }
    if (!(typeof labels === 'number' && labels - labels === 0)) return this.refuse('Value', labels ?? undefined, null);
    this.histogram.observe(labels);
  }

  /** Starts measuring; the function that comes back observes the seconds since, and answers them. */
  startTimer(
    labels?: LabelValues<T>,
    exemplarLabels?: LabelValues<T>,
  ): (labels?: LabelValues<T>, exemplarLabels?: LabelValues<T>) => number {
    const seconds = startStopwatch();
    return (endLabels, endExemplarLabels) => {
      const value = seconds();
      const all = { ...labels, ...endLabels } as LabelValues<T>;
      if (!this.enableExemplars) this.observe(all, value);
      else
        this.observeWithExemplar({
          labels: all,
          value,
          exemplarLabels: { ...exemplarLabels, ...endExemplarLabels } as LabelValues<T>,
        });
      return value;
    };
  }

  /** Shows the series with these labels at zero. */
  zero(labels: LabelValues<T>): void {
    const read = this.labelSets.read(labels as Labels);
    this.family.remove(read);
    this.family.startAtZero(read);
  }

  /** The histogram with these labels fixed. */
  labels(...values: string[]): Histogram.Internal<T>;
  labels(labels: LabelValues<T>): Histogram.Internal<T>;
  labels(...args: unknown[]): Histogram.Internal<T> {
    const labels = this.fixed(args) as LabelValues<T>;
    return {
      observe: (value) => (this.enableExemplars ? this.observe({ labels, value }) : this.observe(labels, value)),
      startTimer: () => this.startTimer(labels),
    };
  }

  private observeWithExemplar({ labels, value, exemplarLabels }: Partial<ObserveDataWithExemplar<T>> = {}): void {
    if (!(typeof value === 'number' && value - value === 0)) return this.refuse('Value', value, labels);
    const exemplar = exemplarOf(exemplarLabels);
    this.histogram.observe(value, this.labelSets.read((labels ?? {}) as Labels), exemplar);
  }

  /** Series that lack labels, that are new, or whose labels are no plain values. */
  private addElsewhere(labels: Labels, value: number): void {
    const found = this.family.findInGroups(labels);
    if (found === undefined) this.histogram.observe(value, this.labelSets.read(labels));
    else this.histogram.add(found.group, found.slot, value);
  }
}

export declare namespace Histogram {
  interface Internal<T extends string> {
    observe(value: number): void;
    startTimer(): (labels?: LabelValues<T>) => void;
  }

  interface Config {
    buckets?: number[];
  }
}

/** Bounds in any order, as prom-client takes them: in the wrong one its buckets would fall instead of adding up. */
function boundsOf(name: string, buckets: readonly number[]): readonly number[] {
  const sorted = [...new Set(buckets)].sort((a, b) => a - b);
  return validBounds(name, sorted);
}
