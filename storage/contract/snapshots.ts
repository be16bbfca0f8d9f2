// Snapshots made by hand, for the contract: what a collector would hand to a storage, without a collector, so that every
// number in them is known.
import { type FamilyDescriptor, isNative, type MetricFamily, rowWidth, type Snapshot } from '../../lib/model/family.js';
import { nativeColumnsOf } from '../../lib/model/native-columns.js';
import type { NativeHistogram } from '../../lib/model/native-histogram.js';

/** One series: the values of its labels, in the order of the family's label names, and its numbers. */
export interface SeriesGiven {
  readonly labels: readonly string[];
  readonly row: readonly number[];
  /** Of a native histogram, whose row is its count and its sum. */
  readonly histogram?: NativeHistogram;
  /** A time of its own, instead of the snapshot's. */
  readonly timestampMs?: number;
}

export interface FamilyGiven {
  readonly descriptor: FamilyDescriptor;
  readonly labelNames: readonly string[];
  readonly series: readonly SeriesGiven[];
}

const described = { description: 'Written by the storage contract', unit: '' };

export function counterOf(name: string, labelNames: readonly string[], series: readonly SeriesGiven[]): FamilyGiven {
  return { descriptor: { ...described, name, type: 'counter' }, labelNames, series };
}

export function gaugeOf(name: string, labelNames: readonly string[], series: readonly SeriesGiven[]): FamilyGiven {
  return { descriptor: { ...described, name, type: 'gauge' }, labelNames, series };
}

/** A histogram with the bounds 0.1 and 1; a row is three counts and the sum. */
export function histogramOf(name: string, row: readonly [number, number, number, number]): FamilyGiven {
  const descriptor: FamilyDescriptor = { ...described, name, type: 'histogram', upperBounds: [0.1, 1] };
  return { descriptor, labelNames: [], series: [{ labels: [], row }] };
}

/** Native histograms without bounds, by the values of their label `id`. */
export function nativeHistogramOf(name: string, histograms: Readonly<Record<string, NativeHistogram>>): FamilyGiven {
  const descriptor: FamilyDescriptor = { ...described, name, type: 'histogram', upperBounds: [], native: true };
  const series = Object.entries(histograms).map(([id, histogram]): SeriesGiven => {
    return { labels: [id], row: [histogram.count, histogram.sum], histogram };
  });
  return { descriptor, labelNames: ['id'], series };
}

/** A summary with the median; a row is the median, the sum and the count. */
export function summaryOf(name: string, row: readonly [number, number, number]): FamilyGiven {
  const descriptor: FamilyDescriptor = { ...described, name, type: 'summary', quantiles: [0.5] };
  return { descriptor, labelNames: [], series: [{ labels: [], row }] };
}

export function snapshotOf(timestampMs: number, families: readonly FamilyGiven[]): Snapshot {
  return { timestampMs, families: families.map((family) => familyOf(family, timestampMs)) };
}

function familyOf({ descriptor, labelNames, series }: FamilyGiven, createdMs: number): MetricFamily {
  const ids = labelNames.map(() => new Map<string, number>());
  const labelIds = Int32Array.from(
    series.flatMap(({ labels }) =>
      labels.map((value, column) => {
        const known = ids[column] as Map<string, number>;
        if (!known.has(value)) known.set(value, known.size);
        return known.get(value) as number;
      }),
    ),
  );
  const block = {
    size: series.length,
    live: undefined,
    dictionaries: labelNames.map((name, column) => ({
      name,
      values: [...(ids[column] as Map<string, number>).keys()],
    })),
    labelIds,
    constantLabels: [],
    width: rowWidth(descriptor),
    values: Float64Array.from(series.flatMap(({ row }) => row)),
    createdMs: new Float64Array(series.length).fill(createdMs),
    ...(series.some(({ timestampMs }) => timestampMs !== undefined) && {
      timestampsMs: Float64Array.from(series, ({ timestampMs }) => timestampMs ?? Number.NaN),
    }),
    ...(isNative(descriptor) ? { native: nativeColumnsOf(series.map(({ histogram }) => histogram)) } : {}),
  };
  return { descriptor, observedNegative: false, blocks: () => [block] };
}
