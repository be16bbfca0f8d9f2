// Native histograms as columns: the form in which they are sent, and in which readers take them.
import type { NativeBucketColumns, NativeBuckets, NativeColumns, NativeHistogram } from '../model/native-histogram.js';

export function nativeColumnsOf(histograms: readonly Omit<NativeHistogram, 'count' | 'sum'>[]): NativeColumns {
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
