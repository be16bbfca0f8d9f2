// The family of a native histogram: the rows of a classic one, and sparse buckets per series beside them. It also keeps
// their number in bounds, in the ways and the order that client_golang has for it.
import type { SeriesBlock } from '../../model/family.js';
import type { NativeBucketColumns, NativeColumns, NativeHistogram } from '../../model/native-histogram.js';
import { CoarseClock } from '../coarse-clock.js';
import type { RecordingContext } from '../context.js';
import { LiveFamily, type LiveFamilyOptions } from '../live-family.js';
import type { SeriesGroup } from '../series-group.js';
import { type NativeIndex, nativeIndex } from './native-index.js';
import type { NativeLimits } from './native-options.js';
import { NativeSeries } from './native-series.js';
import { SpreadExemplars } from './spread-exemplars.js';

/** Reading the buckets of a series takes about a microsecond, so that readers pause after this many. */
const MOST_ROWS = 256;
/** Time may be this share of the age at which series are reset out of date; see `CoarseClock`. */
const TIME_ERROR = 0.01;

type SeriesList = (NativeSeries | undefined)[];

export class NativeFamily extends LiveFamily {
  readonly #limits: NativeLimits;
  readonly #index: NativeIndex;
  readonly #clock: CoarseClock;
  readonly #lists = new WeakMap<SeriesGroup, SeriesList>();
  /** Series that are to start anew once they are old enough. */
  readonly #pending = new Set<NativeSeries>();
  /** Of the main group, which most recordings go to. Hot, and so private to the compiler only. */
  private mainList: SeriesList | undefined;

  constructor(context: RecordingContext, options: LiveFamilyOptions & { readonly native: NativeLimits }) {
    const { descriptor, native } = options;
    const isAlone = descriptor.type === 'histogram' && descriptor.upperBounds.length === 0;
    // Beside fixed bounds, each of their buckets keeps its exemplar as in any histogram.
    const newExemplars = isAlone ? () => new SpreadExemplars(native) : undefined;
    super(context, { ...options, mostRows: MOST_ROWS, newExemplars });
    this.#limits = options.native;
    this.#index = nativeIndex(options.native.schema);
    this.#clock = new CoarseClock(context.clock, options.native.minResetSeconds * TIME_ERROR);
  }

  /** The sparse buckets of a series. */
  seriesAt(group: SeriesGroup, slot: number): NativeSeries {
    const list = group === this.mainGroup ? this.mainList : this.#lists.get(group);
    return (list as SeriesList)[slot] as NativeSeries;
  }

  /** A series at this moment. */
  read(group: SeriesGroup, slot: number): NativeHistogram {
    const series = this.seriesAt(group, slot);
    if (series.resetPending) this.resetIfDue(series, this.context.clock.monotonic());
    const row = group.rowOf(slot);
    const count = row.subarray(0, -1).reduce((total, observations) => total + observations, 0);
    return series.read(count, row[row.length - 1] as number);
  }

  /**
   * Sees to it that a series which got a new bucket has not too many. Answers whether it started anew, so that its last
   * observation has to be counted again.
   */
  limit(series: NativeSeries): boolean {
    const { maxBuckets, maxZeroThreshold, minResetSeconds } = this.#limits;
    if (series.bucketCount <= maxBuckets) return false;
    if (minResetSeconds !== Number.POSITIVE_INFINITY && !series.resetPending) {
      series.resetPending = true;
      this.#pending.add(series);
      if (this.resetIfDue(series, this.context.clock.monotonic())) return true;
    }
    if (!series.widenZeroBucket(maxZeroThreshold)) series.halveResolution();
    return false;
  }

  /** For recordings in a series whose reset is pending: looks at the time, but not every time anew. */
  resetInTime(series: NativeSeries): void {
    const clock = this.#clock;
    this.resetIfDue(series, clock.expired ? clock.refresh() : clock.time);
  }

  /** Has a series whose reset is pending start anew if it is old enough. */
  resetIfDue(series: NativeSeries, now: number): boolean {
    if (now - series.resetAt < this.#limits.minResetSeconds) return false;
    this.startAnew(series.group, series.slot);
    return true;
  }

  /** Adds what an earlier process counted; beyond the limit, at a lower resolution. */
  merge(group: SeriesGroup, slot: number, stored: NativeHistogram): void {
    const series = this.seriesAt(group, slot);
    const { maxBuckets, maxZeroThreshold } = this.#limits;
    series.merge(stored);
    while (series.bucketCount > maxBuckets) {
      if (!series.widenZeroBucket(maxZeroThreshold) && !series.halveResolution()) return;
    }
  }

  override expire(): void {
    super.expire();
    const now = this.#pending.size === 0 ? 0 : this.context.clock.monotonic();
    for (const series of this.#pending) this.resetIfDue(series, now);
  }

  override *blocks(): Generator<SeriesBlock> {
    for (const { group, block, firstSlot } of this.walk()) {
      yield { ...block, native: columnsOf(this.#listOf(group), block, firstSlot) };
    }
  }

  protected override started(group: SeriesGroup, slot: number): void {
    const series = new NativeSeries({ group, slot }, this.#index, this.#limits);
    series.clear(this.#now());
    this.#listOf(group)[slot] = series;
  }

  protected override startAnew(group: SeriesGroup, slot: number): void {
    super.startAnew(group, slot);
    const series = this.seriesAt(group, slot);
    series.clear(this.#now());
    this.#pending.delete(series);
  }

  protected override drop(group: SeriesGroup, slot: number): void {
    super.drop(group, slot);
    this.#pending.delete(this.seriesAt(group, slot));
    this.#listOf(group)[slot] = undefined;
  }

  #listOf(group: SeriesGroup): SeriesList {
    const list = this.#lists.get(group) ?? [];
    this.#lists.set(group, list);
    if (group === this.mainGroup) this.mainList = list;
    return list;
  }

  /** Monotonic seconds, where anybody will ask how old a series is. */
  #now(): number {
    return this.#limits.minResetSeconds === Number.POSITIVE_INFINITY ? 0 : this.context.clock.monotonic();
  }
}

/** The buckets of a block's series as columns, made anew so that whoever reads them may keep them. */
function columnsOf(list: SeriesList, { size, live }: SeriesBlock, firstSlot: number): NativeColumns {
  const rows = Array.from({ length: size }, (_, row) => (live?.[row] === 0 ? undefined : list[firstSlot + row]));
  const positive = emptyColumns(rows.map((series) => series?.positiveCount ?? 0));
  const negative = emptyColumns(rows.map((series) => series?.negativeCount ?? 0));
  const columns = {
    schemas: new Int8Array(size),
    zeroThresholds: new Float64Array(size),
    zeroCounts: new Float64Array(size),
    positive,
    negative,
  };
  rows.forEach((series, row) => {
    if (series === undefined) return;
    columns.schemas[row] = series.schema;
    columns.zeroThresholds[row] = series.zeroThreshold;
    columns.zeroCounts[row] = series.zeroCount;
    series.copyTo(positive, negative, row);
  });
  return columns;
}

/** Columns for so many buckets per row, all still 0. */
function emptyColumns(counts: readonly number[]): NativeBucketColumns {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, row) => {
    starts[row + 1] = (starts[row] as number) + count;
  });
  const total = starts[counts.length] as number;
  return { starts, indexes: new Int32Array(total), counts: new Float64Array(total) };
}
