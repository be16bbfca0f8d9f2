// Gauge: a value that goes up and down.
import { Instrument } from './instrument.js';
import type { AmountArguments, LabelArguments, Labels } from './labels.js';
import type { Block, SeriesGroup } from './series-group.js';

/**
 * Holds what is so now: a queue's length, a temperature, free memory. Not for what is summed over time; that is a `Counter`.
 *
 * @example
 * const depth = metrics.gauge('queue_depth');
 * depth.set(7);
 * // queue_depth 7
 */
export class Gauge<Name extends string = string> extends Instrument<Name> {
  /**
   * Replaces the value.
   *
   * @param value - Any number; NaN stands for "unknown". What is no number changes nothing and counts as dropped.
   * Cost: 1 ns without labels or on a child, 10 to 40 ns with labels; no allocation of its own.
   * Source: https://prometheus.io/docs/concepts/metric_types/#gauge
   *
   * @example
   * depth.set(3, { queue: 'mail' });
   * // queue_depth{queue="mail"} 3
   */
  set(...args: [value: number, ...LabelArguments<Name>]): void;
  set(value: unknown, labels?: Labels): void {
    if (typeof value !== 'number') return this.refuse(value);
    if (labels === undefined) {
      const { values, offset } = this;
      if (offset < values.length) {
        values[offset] = value;
        return;
      }
    }
    const slot = labels === undefined ? -1 : this.find(labels);
    if (slot >= 0) return this.store(this.group, slot, value);
    const location = this.locate(labels);
    if (location !== undefined) this.store(location.group, location.slot, value);
  }

  /** Adds a finite amount, 1 unless given. Cost as of `set`. */
  increment(...args: AmountArguments<Name>): void;
  increment(amount: unknown = 1, labels?: Labels): void {
    if (!(typeof amount === 'number' && amount - amount === 0)) return this.refuse(amount);
    if (labels === undefined) {
      const { values, offset } = this;
      if (offset < values.length) {
        (values[offset] as number) += amount;
        return;
      }
    }
    const slot = labels === undefined ? -1 : this.find(labels);
    if (slot >= 0) return this.add(this.group, slot, amount);
    const location = this.locate(labels);
    if (location !== undefined) this.add(location.group, location.slot, amount);
  }

  /** Takes a finite amount away, 1 unless given. Cost as of `set`. */
  decrement(...args: AmountArguments<Name>): void;
  decrement(amount: unknown = 1, labels?: Labels): void {
    if (typeof amount !== 'number') return this.refuse(amount);
    (this as Gauge).increment(-amount, labels as Labels);
  }

  /** Sets the value to the present time, in seconds since the epoch: for `*_timestamp_seconds`. */
  setToCurrentTime(...args: LabelArguments<Name>): void;
  setToCurrentTime(labels?: Labels): void {
    (this as Gauge).set(this.family.context.clock.now() / 1000, labels as Labels);
  }

  /** The value of one series; 0 when there is none. */
  getValue(...args: LabelArguments<Name>): number;
  getValue(labels?: Labels): number {
    return this.readValue(labels);
  }

  override labels<Given extends Name>(labels: Labels<Given>): Gauge<Exclude<Name, Given>> {
    return super.labels(labels) as Gauge<Exclude<Name, Given>>;
  }

  /** @internal Takes what a `collect` callback answered. */
  override assign(value: unknown, labels?: Labels): void {
    (this as Gauge).set(value as number, labels as Labels);
  }

  protected child(fixed: Readonly<Record<string, unknown>>): Gauge {
    return new Gauge(this.family, fixed);
  }

  /** @internal */
  store(group: SeriesGroup, slot: number, value: number): void {
    const block = group.blocks[slot >> group.shift] as Block;
    if (block.recordedAt !== undefined) this.family.touch(group, slot);
    block.values[slot & group.mask] = value;
  }

  /** @internal */
  add(group: SeriesGroup, slot: number, amount: number): void {
    const block = group.blocks[slot >> group.shift] as Block;
    if (block.recordedAt !== undefined) this.family.touch(group, slot);
    (block.values[slot & group.mask] as number) += amount;
  }
}
