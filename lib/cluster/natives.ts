// Native histograms of all workers together. What workers tell is what theirs grew by, so that it is added once, when it
// comes: there is nothing to do for a reading, and nothing to keep of a worker that is gone.
import { NATIVE_DEFAULTS } from '../instruments/native/native-options.js';
import { SpreadExemplars } from '../instruments/native/spread-exemplars.js';
import type { SeriesExemplars } from '../instruments/series-exemplars.js';
import type { SeriesGroup } from '../instruments/series-group.js';
import type { SeriesBlock } from '../model/family.js';
import type { NativeHistogram } from '../model/native-histogram.js';
import { MergedFamily, type MergedFamilyOptions } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import { nativeColumnsOf } from './native-columns.js';
import { addedTo, type BucketLimits, type NativeTotal } from './native-totals.js';
import type { SourceBlock } from './source-block.js';

/** Reading the buckets of a series takes about a microsecond, so that readers pause after this many. */
const MOST_ROWS = 256;

export class MergedNative extends MergedFamily {
  readonly #limits: BucketLimits;
  /** By slot. */
  readonly #totals = new WeakMap<SeriesGroup, (NativeTotal | undefined)[]>();

  constructor(options: MergedFamilyOptions, limits: BucketLimits = NATIVE_DEFAULTS) {
    super(options);
    this.#limits = limits;
  }

  /**
   * Takes up what a series of a worker grew by; `numbers` are those that a classic histogram has.
   *
   * Cost: half a microsecond, more where a bucket is the first of its kind.
   */
  add(source: SourceBlock, place: number, more: NativeHistogram, numbers: Float64Array): void {
    const { group, slot } = this.targetOf(source, place);
    const totals = this.#totalsOf(group.series);
    totals[slot] = addedTo(totals[slot], more, this.#limits);
    const row = group.series.rowOf(slot);
    for (let i = 0; i < row.length; i++) {
      const grown = numbers[i] as number;
      // Only the sum may fall: that of a histogram which saw negative values.
      if (grown > 0 || i === row.length - 1) (row[i] as number) += grown;
    }
  }

  override async merge(): Promise<void> {}

  override settle(): void {}

  override *blocks(): Generator<SeriesBlock> {
    for (const { series } of this.groups()) {
      const totals = this.#totalsOf(series);
      for (const { block, firstSlot } of series.walk()) {
        const rows = Array.from({ length: block.size }, (_, row) => totals[firstSlot + row] ?? EMPTY);
        yield { ...block, native: nativeColumnsOf(rows) };
      }
    }
  }

  protected override get mostRows(): number {
    return MOST_ROWS;
  }

  /** As in a worker: without fixed bounds, a few that are spread over the values. */
  protected override newExemplars(): SeriesExemplars {
    const { descriptor } = this;
    const isAlone = descriptor.type === 'histogram' && descriptor.upperBounds.length === 0;
    return isAlone ? new SpreadExemplars(NATIVE_DEFAULTS) : super.newExemplars();
  }

  protected override drop(group: MergedGroup, slot: number): void {
    super.drop(group, slot);
    this.#totalsOf(group.series)[slot] = undefined;
  }

  #totalsOf(series: SeriesGroup): (NativeTotal | undefined)[] {
    let totals = this.#totals.get(series);
    if (totals === undefined) {
      totals = [];
      this.#totals.set(series, totals);
    }
    return totals;
  }
}

const EMPTY: NativeTotal = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  positive: { indexes: new Int32Array(0), counts: new Float64Array(0) },
  negative: { indexes: new Int32Array(0), counts: new Float64Array(0) },
};
