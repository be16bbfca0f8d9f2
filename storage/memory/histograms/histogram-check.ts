// Whether what somebody appends is a native histogram at all: what is kept is kept as differences, which only make sense of
// buckets that are in order.
import { RESET_HINTS } from '../../../lib/model/native-changes.js';
import {
  CUSTOM_BOUNDS_SCHEMA,
  LEAST_SCHEMA,
  MOST_SCHEMA,
  type NativeBuckets,
  type NativeHistogram,
} from '../../../lib/model/native-histogram.js';
import { MOST_BOUNDS } from '../../../lib/model/native-state.js';

export function isHistogram(given: unknown): given is NativeHistogram {
  if (typeof given !== 'object' || given === null) return false;
  const { zeroThreshold, zeroCount, count, sum, positive, negative, resetHint } = given as Partial<NativeHistogram>;
  return (
    hasLayout(given as Partial<NativeHistogram>) &&
    [zeroThreshold, zeroCount, count, sum].every((value) => typeof value === 'number') &&
    (resetHint === undefined || RESET_HINTS.includes(resetHint)) &&
    areBuckets(positive) &&
    areBuckets(negative)
  );
}

/** Exponential bounds, or custom ones. */
function hasLayout({ schema, customBounds }: Partial<NativeHistogram>): boolean {
  if (schema !== CUSTOM_BOUNDS_SCHEMA) {
    return Number.isInteger(schema) && (schema as number) >= LEAST_SCHEMA && (schema as number) <= MOST_SCHEMA;
  }
  if (!(customBounds instanceof Float64Array) || customBounds.length > MOST_BOUNDS) return false;
  let last = Number.NEGATIVE_INFINITY;
  for (const bound of customBounds) {
    if (!(bound > last && bound < Number.POSITIVE_INFINITY)) return false;
    last = bound;
  }
  return true;
}

function areBuckets(buckets: NativeBuckets | undefined): boolean {
  const { indexes, counts } = buckets ?? {};
  if (!(indexes instanceof Int32Array && counts instanceof Float64Array && indexes.length === counts.length)) {
    return false;
  }
  for (let i = 1; i < indexes.length; i++) if ((indexes[i] as number) <= (indexes[i - 1] as number)) return false;
  return true;
}
