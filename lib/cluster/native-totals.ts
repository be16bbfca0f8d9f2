// Arithmetic on native histograms that add up from many small parts: what one grew by, and adding that to a total without
// making anything new where its buckets are there already. Apart from the families, because it is numbers only.
import {
  addNativeHistograms,
  coarserIndex,
  LEAST_SCHEMA,
  type NativeBuckets,
  type NativeHistogram,
  nativeUpperBound,
  withSchema,
  withZeroThreshold,
} from '../model/native-histogram.js';

/** How far a total may grow before its resolution is lowered. */
export interface BucketLimits {
  readonly maxBuckets: number;
  readonly maxZeroThreshold: number;
}

/** Buckets that add up. Its arrays are its own. */
export type NativeTotal = Omit<NativeHistogram, 'count' | 'sum' | 'zeroCount'> & { zeroCount: number };

/** What a histogram grew by, at its resolution of now. The earlier one is of the same series, and holds no more than it. */
export function grownBy(now: NativeHistogram, then: NativeHistogram): NativeHistogram {
  // The zero bucket first: it was widened to a bound that the finer buckets of then have as well.
  const before = withSchema(withZeroThreshold(then, now.zeroThreshold), now.schema);
  return {
    ...now,
    zeroCount: now.zeroCount - before.zeroCount,
    count: now.count - then.count,
    sum: now.sum - then.sum,
    positive: grownBuckets(now.positive, before.positive),
    negative: grownBuckets(now.negative, before.negative),
  };
}

/** The total with more in it: the same object where it has all buckets that are needed, else one that is held to the limits. */
export function addedTo(total: NativeTotal | undefined, more: NativeHistogram, limits: BucketLimits): NativeTotal {
  if (total !== undefined && addInPlace(total, more)) return total;
  const before: NativeHistogram = { ...(total ?? { ...more, positive: NONE, negative: NONE, zeroCount: 0 }), ...EMPTY };
  return limited(addNativeHistograms(before, more), limits);
}

const EMPTY = { count: 0, sum: 0 };
const NONE: NativeBuckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };

/** As client_golang does it: widens the zero bucket as far as that may go, and then halves the resolution. */
function limited(histogram: NativeHistogram, { maxBuckets, maxZeroThreshold }: BucketLimits): NativeHistogram {
  let held = histogram;
  while (held.positive.indexes.length + held.negative.indexes.length > maxBuckets) {
    const { schema, zeroThreshold, positive, negative } = held;
    const nearest = Math.min(...[positive, negative].map(({ indexes }) => indexes[0] ?? Number.POSITIVE_INFINITY));
    const threshold = nativeUpperBound(schema, nearest);
    if (threshold <= maxZeroThreshold && threshold > zeroThreshold) held = withZeroThreshold(held, threshold);
    else if (schema > LEAST_SCHEMA) held = withSchema(held, schema - 1);
    else return held;
  }
  return held;
}

function grownBuckets(now: NativeBuckets, then: NativeBuckets): NativeBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  let at = 0;
  now.indexes.forEach((index, i) => {
    while ((then.indexes[at] ?? Number.POSITIVE_INFINITY) < index) at++;
    const grown = (now.counts[i] as number) - (then.indexes[at] === index ? (then.counts[at] as number) : 0);
    if (grown === 0) return;
    indexes.push(index);
    counts.push(grown);
  });
  return { indexes: Int32Array.from(indexes), counts: Float64Array.from(counts) };
}

/** Cost: a walk over the buckets of both, nothing allocated. Answers false, and has changed nothing, where a bucket is missing. */
function addInPlace(total: NativeTotal, more: NativeHistogram): boolean {
  const steps = more.schema - total.schema;
  if (steps < 0 || more.zeroThreshold !== total.zeroThreshold) return false;
  if (!hasAll(total.positive, more.positive, steps) || !hasAll(total.negative, more.negative, steps)) return false;
  addAll(total.positive, more.positive, steps);
  addAll(total.negative, more.negative, steps);
  total.zeroCount += more.zeroCount;
  return true;
}

function hasAll({ indexes }: NativeBuckets, more: NativeBuckets, steps: number): boolean {
  let at = 0;
  for (let i = 0; i < more.indexes.length; i++) {
    const index = coarserIndex(more.indexes[i] as number, steps);
    while (at < indexes.length && (indexes[at] as number) < index) at++;
    if (indexes[at] !== index) return false;
  }
  return true;
}

function addAll({ indexes, counts }: NativeBuckets, more: NativeBuckets, steps: number): void {
  let at = 0;
  for (let i = 0; i < more.indexes.length; i++) {
    const index = coarserIndex(more.indexes[i] as number, steps);
    while ((indexes[at] as number) < index) at++;
    (counts[at] as number) += more.counts[i] as number;
  }
}
