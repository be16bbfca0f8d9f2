// The histogram that counts into sparse buckets, and into those with fixed bounds where it has some besides. A class of its
// own, so that recording into classic histograms pays nothing for it.
import { nativeQuantile } from '../../model/native-quantile.js';
import type { OptionsArgument } from '../given-exemplar.js';
import { Histogram } from '../histogram.js';
import type { LabelArguments, Labels } from '../labels.js';
import type { Block, SeriesGroup } from '../series-group.js';
import type { NativeFamily } from './native-family.js';
import type { NativeSeries } from './native-series.js';

export class NativeHistogramInstrument<Name extends string = string> extends Histogram<Name> {
  declare readonly family: NativeFamily;
  /** Of the series recorded without further labels, where series do not expire. Private to the compiler only, as it is hot. */
  private series: NativeSeries | undefined;

  override observe(...args: [value: number, ...LabelArguments<Name, OptionsArgument>]): void;
  override observe(value: unknown, labels?: Labels, options?: unknown): void {
    if (!(typeof value === 'number' && value - value === 0)) return this.refuse(value);
    if (labels === undefined && options === undefined) {
      const { values, offset, series } = this;
      if (series !== undefined && offset < values.length) return this.countBoth(values, offset, series, value);
    }
    if (options !== undefined || this.family.exemplars.looks > 0) return this.record(value, labels, options);
    const slot = labels === undefined ? -1 : this.find(labels);
    if (slot >= 0) return this.add(this.group, slot, value);
    const location = this.locate(labels);
    if (location !== undefined) this.add(location.group, location.slot, value);
  }

  /** @internal */
  override observeElement(source: Float64Array, at: number): void {
    (this as NativeHistogramInstrument).observe(source[at] as number);
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
    this.countBoth(block.values, (slot & group.mask) * group.width, this.family.seriesAt(group, slot), value);
  }

  private countBoth(values: Float64Array, offset: number, series: NativeSeries, value: number): void {
    if (series.resetPending) this.family.resetInTime(series);
    this.count(values, offset, value);
    // A series that started anew goes on with the observation that was one bucket too many.
    if (series.add(value) && this.family.limit(series)) this.countBoth(values, offset, series, value);
  }
}
