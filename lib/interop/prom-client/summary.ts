// Summary, in prom-client's words.
import type { Labels } from '../../instruments/labels.js';
import { Summary as Instrument } from '../../instruments/summary.js';
import type { MetricFamily } from '../../model/family.js';
import { familyOptions, recordingContext, unwindowedContext } from './context.js';
import { type MetricConfiguration, MetricFacade } from './metric.js';
import { oneKind } from './one-kind.js';
import { PercentileFamily } from './percentile-window.js';
import { startStopwatch } from './stopwatch.js';
import type { CollectFunction, LabelValues, MetricType } from './types.js';

export interface SummaryConfiguration<T extends string> extends MetricConfiguration<T> {
  percentiles?: number[];
  maxAgeSeconds?: number;
  ageBuckets?: number;
  pruneAgedBuckets?: boolean;
  compressCount?: number;
  collect?: CollectFunction<Summary<T>>;
}

const DEFAULT_PERCENTILES = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];

/**
 * Percentiles of all observations, or of those of the last `maxAgeSeconds` where `ageBuckets` is given as well, to 0.5 %.
 *
 * @example
 * const duration = new Summary({ name: 'job_seconds', help: 'Duration of jobs', percentiles: [0.5] });
 * duration.observe(2);
 * // job_seconds{quantile="0.5"} 2
 * // job_seconds_sum 2
 * // job_seconds_count 1
 */
export class Summary<T extends string = string> extends MetricFacade<T> {
  static {
    oneKind(Summary, 'Summary');
  }

  readonly type = 'summary' as unknown as MetricType.Summary;
  protected readonly family: PercentileFamily;
  private readonly summary: Instrument;
  readonly #prunes: boolean;

  constructor(configuration: SummaryConfiguration<T>) {
    super(configuration);
    if ((this.labelNames as readonly string[]).includes('quantile')) {
      throw new Error('quantile is a reserved label keyword');
    }
    const { percentiles = DEFAULT_PERCENTILES, maxAgeSeconds, ageBuckets, pruneAgedBuckets = false } = configuration;
    const options = familyOptions({ ...this.base, type: 'summary', quantiles: [...percentiles] }, this.labelNames);
    // Without a number of buckets nothing ages.
    this.family =
      maxAgeSeconds && ageBuckets
        ? new PercentileFamily(recordingContext, options, maxAgeSeconds)
        : new PercentileFamily(unwindowedContext, options);
    this.summary = new Instrument(this.family);
    this.#prunes = pruneAgedBuckets;
    this.register();
  }

  /** Adds one observation. @throws TypeError for what is no finite number, Error for a label that was not declared. */
  observe(value: number): void;
  observe(labels: LabelValues<T>, value: number): void;
  observe(labels?: unknown, value?: unknown): void {
    if (value === undefined) {
      if (!(typeof labels === 'number' && labels - labels === 0)) return this.refuse('Value', labels || {}, labels);
      this.summary.observe(labels);
      return;
    }
    const given = (labels || {}) as Labels;
    if (!(typeof value === 'number' && value - value === 0)) return this.refuse('Value', value, labels);
    const isKnown = this.family.findInGroups(given) !== undefined;
    this.summary.observe(value, isKnown ? given : this.labelSets.read(given));
  }

  /** Starts measuring; the function that comes back observes the seconds since, and answers them. */
  startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number {
    const seconds = startStopwatch();
    return (endLabels) => {
      const value = seconds();
      this.observe({ ...labels, ...endLabels } as LabelValues<T>, value);
      return value;
    };
  }

  /** Sets all series to zero; none is removed. */
  override reset(): void {
    const series = this.family.groups().flatMap((group) => {
      return [...group.slots()].map((slot) => {
        const values = group.valuesOf(slot);
        return Object.fromEntries(group.names.map((name, column) => [name, values[column]]));
      });
    });
    this.family.clear();
    for (const labels of series) this.family.startAtZero(labels);
  }

  /** The summary with these labels fixed. */
  labels(...values: string[]): Summary.Internal<T>;
  labels(labels: LabelValues<T>): Summary.Internal<T>;
  labels(...args: unknown[]): Summary.Internal<T> {
    const labels = this.fixed(args) as LabelValues<T>;
    return {
      observe: (value) => this.observe(labels, value),
      startTimer: () => this.startTimer(labels),
    };
  }

  /** @internal */
  override async read(): Promise<MetricFamily> {
    const family = await super.read();
    if (this.#prunes) this.family.prune();
    return family;
  }
}

export declare namespace Summary {
  interface Internal<T extends string> {
    observe(value: number): void;
    startTimer(): (labels?: LabelValues<T>) => number;
  }

  interface Config {
    percentiles?: number[];
  }
}
