// Counter, in prom-client's words.
import { Counter as Instrument } from '../../instruments/counter.js';
import type { Labels } from '../../instruments/labels.js';
import { LiveFamily } from '../../instruments/live-family.js';
import type { SeriesGroup } from '../../instruments/series-group.js';
import { familyOptions, recordingContext } from './context.js';
import { exemplarOf } from './exemplar.js';
import { labelsOf } from './label-sets.js';
import { isLabels, type MetricConfiguration, MetricFacade } from './metric.js';
import { oneKind } from './one-kind.js';
import type { CollectFunction, IncreaseDataWithExemplar, LabelValues, MetricType } from './types.js';

export interface CounterConfiguration<T extends string> extends MetricConfiguration<T> {
  collect?: CollectFunction<Counter<T>>;
}

/**
 * A total that only grows.
 *
 * @example
 * const requests = new Counter({ name: 'requests_total', help: 'Requests served', labelNames: ['method'] });
 * requests.inc({ method: 'GET' });
 * // requests_total{method="GET"} 1
 */
export class Counter<T extends string = string> extends MetricFacade<T> {
  static {
    oneKind(Counter, 'Counter');
  }

  readonly type = 'counter' as unknown as MetricType.Counter;
  protected readonly family: LiveFamily;
  // Hot fields are private to the compiler only: the engine's own #private costs a look-up of its key.
  private readonly counter: Instrument;
  private readonly group: SeriesGroup;

  constructor(configuration: CounterConfiguration<T>) {
    super(configuration);
    const options = familyOptions({ ...this.base, type: 'counter' }, this.labelNames);
    this.family = new LiveFamily(recordingContext, options);
    this.counter = new Instrument(this.family);
    this.group = this.family.mainGroup;
    this.register();
  }

  /**
   * Adds to the total of these labels, 1 unless given.
   *
   * @throws TypeError for what is no finite number, Error for a negative one or a label that was not declared. Cost: 20 ns.
   */
  inc(labels: LabelValues<T>, value?: number): void;
  inc(value?: number): void;
  inc(incData: IncreaseDataWithExemplar<T>): void;
  inc(labels?: unknown, value?: unknown): void {
    if (this.enableExemplars) return this.incWithExemplar(labels as IncreaseDataWithExemplar<T>);
    if (typeof labels === 'object' && labels !== null) {
      const amount = value ?? 1;
      if (!isAmount(amount)) return this.refuseAmount(amount, labels);
      const slot = this.group.index.find(labels as Labels);
      if (slot >= 0) this.counter.add(this.group, slot, amount);
      else this.addElsewhere(labels as Labels, amount);
      return;
    }
    const amount = labels ?? 1;
    if (!isAmount(amount)) return this.refuseAmount(amount, undefined);
    this.counter.increment(amount);
  }

  /** The counter with these labels fixed. */
  labels(...values: string[]): Counter.Internal;
  labels(labels: LabelValues<T>): Counter.Internal;
  labels(...args: unknown[]): Counter.Internal {
    const labels = labelsOf(this.labelNames, args);
    return {
      inc: (value?: number | Omit<IncreaseDataWithExemplar<T>, 'labels'>) =>
        this.enableExemplars
          ? this.incWithExemplar({ ...(isLabels(value) ? value : { value }), labels } as IncreaseDataWithExemplar<T>)
          : this.inc(labels as LabelValues<T>, value as number),
    };
  }

  private incWithExemplar({ labels, value, exemplarLabels }: IncreaseDataWithExemplar<T> = {}): void {
    const amount = value ?? 1;
    if (!isAmount(amount)) return this.refuseAmount(amount, labels);
    const exemplar = exemplarOf(exemplarLabels);
    this.counter.increment(amount, this.labelSets.read(labels ?? {}), exemplar);
  }

  /** Series that lack labels, that are new, or whose labels are no plain values. */
  private addElsewhere(labels: Labels, amount: number): void {
    const found = this.family.findInGroups(labels);
    if (found === undefined) this.counter.increment(amount, this.labelSets.read(labels));
    else this.counter.add(found.group, found.slot, amount);
  }

  private refuseAmount(amount: unknown, labels: unknown): never {
    if (!(typeof amount === 'number' && amount < 0 && Number.isFinite(amount))) this.refuse('Value', amount, labels);
    throw new Error('It is not possible to decrease a counter');
  }
}

export declare namespace Counter {
  interface Internal {
    inc(value?: number): void;
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}
