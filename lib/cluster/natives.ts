// Native histograms, told and added up. Their buckets are sparse and may change their resolution, so that they are sent as
// they are and added as histograms, where classic ones are numbers in place.
import type { NativeFamily } from '../instruments/native/native-family.js';
import { NATIVE_DEFAULTS } from '../instruments/native/native-options.js';
import { SpreadExemplars } from '../instruments/native/spread-exemplars.js';
import type { SeriesExemplars } from '../instruments/series-exemplars.js';
import type { Block, SeriesGroup } from '../instruments/series-group.js';
import type { SeriesBlock } from '../model/family.js';
import {
  addNativeHistograms,
  type NativeBucketColumns,
  type NativeBuckets,
  type NativeColumns,
  type NativeHistogram,
  nativeHistogramAt,
} from '../model/native-histogram.js';
import type { Pace } from '../model/pace.js';
import { MergedFamily } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import { type NativeNews, type Place, runsOf } from './protocol.js';
import { NOWHERE, type SourceBlock, type SourceNative } from './source-block.js';

/** All histograms of one block, in runs of rows. Cost: some microseconds a series. */
export function* nativesOf(family: NativeFamily, group: SeriesGroup, place: Place): Generator<NativeNews> {
  for (const rows of runsOf(group.blocks[place.block] as Block)) yield newsOf(family, group, { ...place, rows });
}

function newsOf(
  family: NativeFamily,
  group: SeriesGroup,
  { rows, ...place }: Place & { readonly rows: readonly number[] },
): NativeNews {
  const histograms = rows.map((row) => family.read(group, (place.block << group.shift) | row));
  const values = new Float64Array(rows.length * group.width);
  rows.forEach((row, i) => {
    values.set(group.rowOf((place.block << group.shift) | row), i * group.width);
  });
  return { ...place, rows: Int32Array.from(rows), width: group.width, values, native: columnsOf(histograms) };
}

/** A row of what was told. */
export function nativeAt({ width, values, native }: NativeNews, row: number): SourceNative | undefined {
  const histogram = nativeHistogramAt({ width, values, native }, row);
  return histogram && { histogram, numbers: values.subarray(row * width, (row + 1) * width) };
}

export class MergedNative extends MergedFamily {
  /** Of workers that are gone, and of series that started anew, by slot. */
  readonly #retained = new WeakMap<MergedGroup, (SourceNative | undefined)[]>();
  readonly #merged = new WeakMap<SeriesGroup, (NativeHistogram | undefined)[]>();

  override async merge(pace: Pace): Promise<void> {
    const totals = new Map<MergedGroup, (SourceNative | undefined)[]>();
    for (const group of this.groups()) totals.set(group, [...this.#retainedOf(group)]);
    for (const block of [...this.sources]) {
      for (const [row, native] of block.natives.entries()) {
        const place = block.slots[row] as number;
        if (place === NOWHERE || native === undefined) continue;
        const { group, slot } = this.targetOf(block, place);
        const list = totals.get(group);
        if (list !== undefined) list[slot] = added(list[slot], native);
        if (pace.look()) await pace.pause();
      }
    }
    for (const [{ series }, list] of totals) {
      this.#merged.set(
        series,
        list.map((total) => total?.histogram),
      );
      for (const slot of [...series.slots()]) this.#show(series.rowOf(slot), list[slot]?.numbers);
    }
  }

  override settle(block: SourceBlock, row: number): void {
    const place = block.slots[row] as number;
    const native = block.natives[row];
    if (place === NOWHERE || native === undefined) return;
    const { group, slot } = this.targetOf(block, place);
    const retained = this.#retainedOf(group);
    retained[slot] = added(retained[slot], native);
  }

  override *blocks(): Generator<SeriesBlock> {
    for (const group of this.groups()) {
      for (const { block, firstSlot } of group.series.walk()) {
        const merged = this.#merged.get(group.series) ?? [];
        const rows = Array.from({ length: block.size }, (_, row) => merged[firstSlot + row] ?? EMPTY);
        yield { ...block, native: columnsOf(rows) };
      }
    }
  }

  /** As in a worker: without fixed bounds, a few that are spread over the values. */
  protected override newExemplars(): SeriesExemplars {
    const { descriptor } = this;
    const isAlone = descriptor.type === 'histogram' && descriptor.upperBounds.length === 0;
    return isAlone ? new SpreadExemplars(NATIVE_DEFAULTS) : super.newExemplars();
  }

  protected override drop(group: MergedGroup, slot: number): void {
    super.drop(group, slot);
    this.#retainedOf(group)[slot] = undefined;
  }

  /** Counts are whole numbers and add up exactly; a sum that only seems to fall, by a rounding, stays. */
  #show(row: Float64Array, numbers: Float64Array | undefined): void {
    if (numbers === undefined) return;
    const last = row.length - 1;
    const sum = row[last] as number;
    row.set(numbers);
    if (!this.observedNegative && sum > (row[last] as number)) row[last] = sum;
  }

  #retainedOf(group: MergedGroup): (SourceNative | undefined)[] {
    let list = this.#retained.get(group);
    if (list === undefined) {
      list = [];
      this.#retained.set(group, list);
    }
    return list;
  }
}

const NO_BUCKETS: NativeBuckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };
const EMPTY: NativeHistogram = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 0,
  sum: 0,
  positive: NO_BUCKETS,
  negative: NO_BUCKETS,
};

function added(a: SourceNative | undefined, b: SourceNative): SourceNative {
  if (a === undefined) return b;
  return {
    histogram: addNativeHistograms(a.histogram, b.histogram),
    numbers: a.numbers.map((number, i) => number + (b.numbers[i] as number)),
  };
}

function columnsOf(histograms: readonly NativeHistogram[]): NativeColumns {
  return {
    schemas: Int8Array.from(histograms, ({ schema }) => schema),
    zeroThresholds: Float64Array.from(histograms, ({ zeroThreshold }) => zeroThreshold),
    zeroCounts: Float64Array.from(histograms, ({ zeroCount }) => zeroCount),
    positive: bucketColumnsOf(histograms.map(({ positive }) => positive)),
    negative: bucketColumnsOf(histograms.map(({ negative }) => negative)),
  };
}

function bucketColumnsOf(lists: readonly NativeBuckets[]): NativeBucketColumns {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach(({ indexes }, row) => {
    starts[row + 1] = (starts[row] as number) + indexes.length;
  });
  const total = starts[lists.length] as number;
  const [indexes, counts] = [new Int32Array(total), new Float64Array(total)];
  lists.forEach((list, row) => {
    indexes.set(list.indexes, starts[row]);
    counts.set(list.counts, starts[row]);
  });
  return { starts, indexes, counts };
}
