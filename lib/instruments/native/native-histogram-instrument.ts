// The histogram that counts into sparse buckets, and into those with fixed bounds where it has some besides. A class of its
// own, so that recording into classic histograms pays nothing for it.
import { nativeQuantile } from '../../model/native-quantile.js';
import type { OptionsArgument } from '../given-exemplar.js';
import { Histogram } from '../histogram.js';
import type { LabelArguments, Labels } from '../labels.js';
import type { Block, SeriesGroup } from '../series-group.js';
import type { NativeFamily } from './native-family.js';
import { observed } from './native-index.js';
import type { NativeSeries } from './native-series.js';
import { countObserved, type NativeTable } from './native-table.js';

export class NativeHistogramInstrument<Name extends string = string> extends Histogram<Name> {
  declare readonly family: NativeFamily;
  /** Of the series recorded without further labels, where series do not expire. Private to the compiler only, as it is hot. */
  private series: NativeSeries | undefined;

  override observe(...args: [value: number, ...LabelArguments<Name, OptionsArgument>]): void;
  override observe(value: unknown, labels?: Labels, options?: unknown): void {
    if (!(typeof value === 'number' && value - value === 0)) return this.refuse(value);
    const { values, offset, series } = this;
    if (labels !== undefined || options !== undefined || series === undefined || offset >= values.length) {
      return this.#observeIn(value, labels, options);
    }
    observed[0] = value;
    this.#count(values, offset, series);
  }

  /** @internal */
  override observeElement(source: Float64Array, at: number): void {
    const value = source[at] as number;
    const { values, offset, series } = this;
    if (series === undefined || offset >= values.length || value - value !== 0) {
      return (this as NativeHistogramInstrument).observe(value);
    }
    observed[0] = value;
    this.#count(values, offset, series);
  }

  override getQuantile(...args: [q: number, ...LabelArguments<Name>]): number;
  override getQuantile(q: number, labels?: Labels): number {
    const location = this.peek(labels);
    return location === undefined ? Number.NaN : nativeQuantile(q, this.family.read(location.group, location.slot));
  }

  protected override child(fixed: Readonly<Record<string, unknown>>): NativeHistogramInstrument {
    return new NativeHistogramInstrument(this.family, this.search, fixed);
  }

  protected override bound(group: SeriesGroup, slot: number): void {
    if (this.family.expireAfter === undefined) this.series = this.family.seriesAt(group, slot);
  }

  /** @internal */
  override add(group: SeriesGroup, slot: number, value: number): void {
    const block = group.blocks[slot >> group.shift] as Block;
    if (block.recordedAt !== undefined) this.family.touch(group, slot);
    observed[0] = value;
    const { family } = this;
    const offset = (slot & group.mask) * group.width;
    if (countObserved(family.tableAt(group, slot), family.index)) this.countRow(block.values, offset);
    else this.#countClosely(block.values, offset, family.seriesAt(group, slot));
  }

  /** Apart from `observe`, so that what that does without labels is short. */
  #observeIn(value: number, labels: Labels | undefined, options: unknown): void {
    if (options !== undefined || this.family.exemplars.looks > 0) return this.record(value, labels, options);
    const slot = labels === undefined ? -1 : this.find(labels);
    if (slot >= 0) return this.add(this.group, slot, value);
    const location = this.locate(labels);
    if (location !== undefined) this.add(location.group, location.slot, value);
  }

  /** Counts `observed` in a series and its row. */
  #count(values: Float64Array, offset: number, series: NativeSeries): void {
    const table = series.tables[series.slot] as NativeTable;
    if (countObserved(table, this.family.index)) this.countRow(values, offset);
    else this.#countClosely(values, offset, series);
  }

  #countClosely(values: Float64Array, offset: number, series: NativeSeries): void {
    if (series.resetPending) this.family.resetInTime(series);
    this.countRow(values, offset);
    // A series that started anew goes on with the observation that was one bucket too many.
    if (series.count() && this.family.limit(series)) this.#countClosely(values, offset, series);
  }

  private countRow(values: Float64Array, offset: number): void {
    const value = observed[0] as number;
    if (this.sumColumn > 1) return this.count(values, offset, value);
    // What `count` comes to without bounds, short enough to be inlined.
    (values[offset] as number) += 1;
    (values[offset + 1] as number) += value;
    if (value < 0) this.family.observedNegative = true;
  }
}
