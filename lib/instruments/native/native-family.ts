// The family of a native histogram: the rows of a classic one, and sparse buckets per series beside them. It also keeps
// their number in bounds, in the ways and the order that client_golang has for it.
import type { SeriesBlock } from '../../model/family.js';
import {
  addNativeHistograms,
  type NativeBucketColumns,
  type NativeColumns,
  type NativeHistogram,
} from '../../model/native-histogram.js';
import { CoarseClock } from '../coarse-clock.js';
import type { RecordingContext } from '../context.js';
import { LiveFamily, type LiveFamilyOptions } from '../live-family.js';
import type { SeriesGroup } from '../series-group.js';
import { type NativeIndex, nativeIndex } from './native-index.js';
import type { NativeLimits } from './native-options.js';
import { NativeSeries } from './native-series.js';
import type { NativeTable } from './native-table.js';
import { SpreadExemplars } from './spread-exemplars.js';

/** Reading the buckets of a series takes about a microsecond, so that readers pause after this many. */
const MOST_ROWS = 256;
/** Time may be this share of the age at which series are reset out of date; see `CoarseClock`. */
const TIME_ERROR = 0.01;

/** What there is per series of a group, by slot. The tables are beside because recordings need nothing else. */
interface SeriesLists {
  readonly series: (NativeSeries | undefined)[];
  readonly tables: (NativeTable | undefined)[];
  /** What series counted before they started anew while somebody reads their totals from outside. */
  readonly carried: (NativeHistogram | undefined)[];
}

/** Of all families together, because a family may be read with the groups of another one. */
const listsByGroup = new WeakMap<SeriesGroup, SeriesLists>();

export class NativeFamily extends LiveFamily {
  // What recordings read is hidden by the compiler only.
  readonly index: NativeIndex;
  readonly #limits: NativeLimits;
  readonly #clock: CoarseClock;
  /** Series that are to start anew once they are old enough. */
  readonly #pending = new Set<NativeSeries>();
  /** Of the main group, which most recordings go to. */
  private readonly mainLists: SeriesLists;

  constructor(context: RecordingContext, options: LiveFamilyOptions & { readonly native: NativeLimits }) {
    const { descriptor, native } = options;
    const isAlone = descriptor.type === 'histogram' && descriptor.upperBounds.length === 0;
    // Beside fixed bounds, each of their buckets keeps its exemplar as in any histogram.
    const newExemplars = isAlone ? () => new SpreadExemplars(native) : undefined;
    super(context, { ...options, mostRows: MOST_ROWS, newExemplars });
    this.#limits = options.native;
    this.index = nativeIndex(options.native.schema);
    this.#clock = new CoarseClock(context.clock, options.native.minResetSeconds * TIME_ERROR);
    this.mainLists = this.#listsOf(this.mainGroup);
  }

  /** The sparse buckets of a series. */
  seriesAt(group: SeriesGroup, slot: number): NativeSeries {
    return this.#listsOf(group).series[slot] as NativeSeries;
  }

  /** Only the table of a series, which is replaced by larger ones. */
  tableAt(group: SeriesGroup, slot: number): NativeTable {
    const lists = group === this.mainGroup ? this.mainLists : this.#listsOf(group);
    return lists.tables[slot] as NativeTable;
  }

  /** What a series counted before it last started anew, where that was kept. */
  carriedAt(group: SeriesGroup, slot: number): NativeHistogram | undefined {
    return this.#listsOf(group).carried[slot];
  }

  /** How many buckets a series may have, and how wide the one around zero. */
  get bucketLimits(): Pick<NativeLimits, 'maxBuckets' | 'maxZeroThreshold'> {
    const { maxBuckets, maxZeroThreshold } = this.#limits;
    return { maxBuckets, maxZeroThreshold };
  }

  /** A series at this moment. */
  read(group: SeriesGroup, slot: number): NativeHistogram {
    const series = this.seriesAt(group, slot);
    if (series.resetPending) this.resetIfDue(series, this.context.clock.monotonic());
    return readAll(series);
  }

  /**
   * Sees to it that a series with one bucket too many has fewer. Answers whether it started anew, so that its last observation
   * has to be counted again.
   */
  limit(series: NativeSeries): boolean {
    const { maxZeroThreshold, minResetSeconds } = this.#limits;
    if (minResetSeconds !== Number.POSITIVE_INFINITY && !series.resetPending) {
      series.awaitReset();
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
      yield { ...block, native: columnsOf(this.#listsOf(group).series, block, firstSlot) };
    }
  }

  protected override started(group: SeriesGroup, slot: number): void {
    const lists = this.#listsOf(group);
    const series = new NativeSeries({ group, slot, tables: lists.tables }, this.index, this.#limits);
    series.clear(this.#now());
    lists.series[slot] = series;
    lists.carried[slot] = undefined;
  }

  protected override startAnew(group: SeriesGroup, slot: number): void {
    const series = this.seriesAt(group, slot);
    if (this.context.memory.isWatched) {
      const { carried } = this.#listsOf(group);
      const before = readAll(series);
      carried[slot] = carried[slot] === undefined ? before : addNativeHistograms(carried[slot], before);
    }
    super.startAnew(group, slot);
    series.clear(this.#now());
    this.#pending.delete(series);
  }

  protected override drop(group: SeriesGroup, slot: number): void {
    super.drop(group, slot);
    const series: NativeSeries | undefined = this.seriesAt(group, slot);
    if (series !== undefined) this.#pending.delete(series);
  }

  protected override released(group: SeriesGroup, slot: number): void {
    const lists = this.#listsOf(group);
    this.#pending.delete(lists.series[slot] as NativeSeries);
    lists.series[slot] = undefined;
    lists.tables[slot] = undefined;
    lists.carried[slot] = undefined;
  }

  #listsOf(group: SeriesGroup): SeriesLists {
    let lists = listsByGroup.get(group);
    if (lists === undefined) {
      lists = { series: [], tables: [], carried: [] };
      listsByGroup.set(group, lists);
    }
    return lists;
  }

  /** Monotonic seconds, where anybody will ask how old a series is. */
  #now(): number {
    return this.#limits.minResetSeconds === Number.POSITIVE_INFINITY ? 0 : this.context.clock.monotonic();
  }
}

/** A series as it is, with the totals in its row. */
function readAll(series: NativeSeries): NativeHistogram {
  const row = series.group.rowOf(series.slot);
  const count = row.subarray(0, -1).reduce((total, observations) => total + observations, 0);
  return series.read(count, row[row.length - 1] as number);
}

/** The buckets of a block's series as columns, made anew so that whoever reads them may keep them. */
function columnsOf(list: SeriesLists['series'], { size, live }: SeriesBlock, firstSlot: number): NativeColumns {
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
