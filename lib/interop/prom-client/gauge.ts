// Gauge, in prom-client's words.
import { Gauge as Instrument } from '../../instruments/gauge.js';
import type { Labels } from '../../instruments/labels.js';
import { LiveFamily } from '../../instruments/live-family.js';
import type { SeriesGroup } from '../../instruments/series-group.js';
import { familyOptions, recordingContext } from './context.js';
import { isLabels, type MetricConfiguration, MetricFacade } from './metric.js';
import { oneKind } from './one-kind.js';
import { startStopwatch } from './stopwatch.js';
import type { CollectFunction, LabelValues, MetricType } from './types.js';

export interface GaugeConfiguration<T extends string> extends MetricConfiguration<T> {
  collect?: CollectFunction<Gauge<T>>;
}

/**
 * A value that goes up and down.
 *
 * @example
 * const depth = new Gauge({ name: 'queue_depth', help: 'Jobs waiting' });
 * depth.set(7);
 * // queue_depth 7
 */
export class Gauge<T extends string = string> extends MetricFacade<T> {
  static {
    oneKind(Gauge, 'Gauge');
  }

  readonly type = 'gauge' as unknown as MetricType.Gauge;
  protected readonly family: LiveFamily;
  // Hot fields are private to the compiler only: the engine's own #private costs a look-up of its key.
  private readonly gauge: Instrument;
  private readonly group: SeriesGroup;

  constructor(configuration: GaugeConfiguration<T>) {
    super(configuration);
    this.family = new LiveFamily(recordingContext, familyOptions({ ...this.base, type: 'gauge' }, this.labelNames));
    this.gauge = new Instrument(this.family);
    this.group = this.family.mainGroup;
    this.register();
  }

  /** Replaces the value. @throws TypeError for what is no number, Error for a label that was not declared. */
  set(labels: LabelValues<T>, value: number): void;
  set(value: number): void;
  set(labels: unknown, value?: unknown): void {
    if (typeof labels === 'object' && labels !== null) {
      if (typeof value !== 'number') return this.refuse('Value', value, labels);
      const slot = this.group.index.find(labels as Labels);
      if (slot >= 0) return this.gauge.store(this.group, slot, value);
      const found = this.family.findInGroups(labels);
      if (found === undefined) this.gauge.set(value, this.labelSets.read(labels as Labels));
      else this.gauge.store(found.group, found.slot, value);
      return;
    }
    if (typeof labels !== 'number') return this.refuse('Value', labels, undefined);
    this.gauge.set(labels);
  }

  /** Adds a finite amount, 1 unless given. */
  inc(labels: LabelValues<T>, value?: number): void;
  inc(value?: number): void;
  inc(labels?: unknown, value?: unknown): void {
    if (isLabels(labels)) this.move(value === undefined ? 1 : value, 1, labels);
    else this.move(labels === undefined ? 1 : labels, 1);
  }

  /** Takes a finite amount away, 1 unless given. */
  dec(labels: LabelValues<T>, value?: number): void;
  dec(value?: number): void;
  dec(labels?: unknown, value?: unknown): void {
    if (isLabels(labels)) this.move(value === undefined ? 1 : value, -1, labels);
    else this.move(labels === undefined ? 1 : labels, -1);
  }

  /** Sets the value to the present time, in seconds since the epoch. */
  setToCurrentTime(labels?: LabelValues<T>): void {
    const now = Date.now() / 1000;
    if (labels === undefined) this.set(now);
    else this.set(labels, now);
  }

  /** Starts measuring; the function that comes back sets the value to the seconds since, and answers them. */
  startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number {
    const seconds = startStopwatch();
    return (endLabels) => {
      const value = seconds();
      this.set({ ...labels, ...endLabels } as LabelValues<T>, value);
      return value;
    };
  }

  /** The gauge with these labels fixed. */
  labels(...values: string[]): Gauge.Internal<T>;
  labels(labels: LabelValues<T>): Gauge.Internal<T>;
  labels(...args: unknown[]): Gauge.Internal<T> {
    const labels = this.fixed(args) as LabelValues<T>;
    return {
      inc: (value) => this.inc(labels, value),
      dec: (value) => this.dec(labels, value),
      set: (value) => this.set(labels, value),
      setToCurrentTime: () => this.setToCurrentTime(labels),
      startTimer: () => this.startTimer(labels),
    };
  }

  private move(amount: unknown, sign: 1 | -1, labels?: object): void {
    if (!(typeof amount === 'number' && Number.isFinite(amount))) return this.refuse('Delta', amount, labels);
    if (labels === undefined) return this.gauge.increment(sign * amount);
    const found = this.family.findInGroups(labels);
    if (found === undefined) this.gauge.increment(sign * amount, this.labelSets.read(labels as Labels));
    else this.gauge.add(found.group, found.slot, sign * amount);
  }
}

export declare namespace Gauge {
  interface Internal<T extends string> {
    inc(value?: number): void;
    dec(value?: number): void;
    set(value: number): void;
    setToCurrentTime(): void;
    startTimer(): (labels?: LabelValues<T>) => number;
  }
}
