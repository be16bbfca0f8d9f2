// Whether what somebody appends is a native histogram at all: what is kept is kept as differences, which only make sense of
// buckets that are in order.
import {
  LEAST_SCHEMA,
  MOST_SCHEMA,
  type NativeBuckets,
  type NativeHistogram,
} from '../../../lib/model/native-histogram.js';

export function isHistogram(given: unknown): given is NativeHistogram {
  if (typeof given !== 'object' || given === null) return false;
  const { schema, zeroThreshold, zeroCount, count, sum, positive, negative } = given as Partial<NativeHistogram>;
  return (
    Number.isInteger(schema) &&
    (schema as number) >= LEAST_SCHEMA &&
    (schema as number) <= MOST_SCHEMA &&
    [zeroThreshold, zeroCount, count, sum].every((value) => typeof value === 'number') &&
    areBuckets(positive) &&
    areBuckets(negative)
  );
}

function areBuckets(buckets: NativeBuckets | undefined): boolean {
  const { indexes, counts } = buckets ?? {};
  if (!(indexes instanceof Int32Array && counts instanceof Float64Array && indexes.length === counts.length)) {
    return false;
  }
  for (let i = 1; i < indexes.length; i++) if ((indexes[i] as number) <= (indexes[i - 1] as number)) return false;
  return true;
}
