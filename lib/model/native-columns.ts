// From single native histograms to the columns that a block has: for whoever makes blocks by hand or out of what was stored.
import type { SparseHistogram } from './native-changes.js';
import type { NativeBucketColumns, NativeBuckets, NativeColumns } from './native-histogram.js';

/** Columns of histograms, one per row; of a row without one, the columns have no buckets. */
export function nativeColumnsOf(rows: readonly (SparseHistogram | undefined)[]): NativeColumns {
  return {
    schemas: Int8Array.from(rows, (row) => row?.schema ?? 0),
    zeroThresholds: Float64Array.from(rows, (row) => row?.zeroThreshold ?? 0),
    zeroCounts: Float64Array.from(rows, (row) => row?.zeroCount ?? 0),
    positive: bucketColumnsOf(rows.map((row) => row?.positive)),
    negative: bucketColumnsOf(rows.map((row) => row?.negative)),
  };
}

function bucketColumnsOf(rows: readonly (NativeBuckets | undefined)[]): NativeBucketColumns {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => {
    starts[r + 1] = (starts[r] as number) + (row?.indexes.length ?? 0);
  });
  const total = starts[rows.length] as number;
  const columns = { starts, indexes: new Int32Array(total), counts: new Float64Array(total) };
  rows.forEach((row, r) => {
    if (row === undefined) return;
    columns.indexes.set(row.indexes, starts[r]);
    columns.counts.set(row.counts, starts[r]);
  });
  return columns;
}
