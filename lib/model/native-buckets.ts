// The buckets of one side of a native histogram, and what is done to all of them at once: added, scaled, joined for a lower
// resolution. Apart from histograms, because queries do this for millions of them: no map, and no object per bucket.

/** The buckets of one side of zero, by ascending index; none of them empty. */
export interface NativeBuckets {
  /** Bucket i of schema s holds magnitudes from above 2^((i - 1) · 2^-s) up to and with 2^(i · 2^-s). */
  readonly indexes: Int32Array;
  /** Observations in each bucket alone, not added up. */
  readonly counts: Float64Array;
}

export const NO_BUCKETS: NativeBuckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };

/** What is being made, until it is known how many buckets it has. It is never in use across an await. */
let roomForIndexes = new Int32Array(512);
let roomForCounts = new Float64Array(512);

/** The bucket of a magnitude after its schema was lowered by so many steps, each of which joins two buckets into one. */
export function coarserIndex(index: number, steps: number): number {
  return ((index - 1) >> steps) + 1;
}

/**
 * Buckets of equal schema added up, those of `b` `factor` times: -1 takes them away. Buckets that come to 0 are gone.
 *
 * Cost: a few ns per bucket and two arrays; one array where both have the same buckets.
 */
export function addBuckets(a: NativeBuckets, b: NativeBuckets, factor = 1): NativeBuckets {
  if (b.indexes.length === 0) return a;
  if (haveSameIndexes(a.indexes, b.indexes)) return addCounts(a, b, factor);
  makeRoom(a.indexes.length + b.indexes.length);
  let [i, j, to] = [0, 0, 0];
  while (i < a.indexes.length || j < b.indexes.length) {
    const left = i < a.indexes.length ? (a.indexes[i] as number) : Number.POSITIVE_INFINITY;
    const right = j < b.indexes.length ? (b.indexes[j] as number) : Number.POSITIVE_INFINITY;
    let count = 0;
    if (left <= right) count = a.counts[i++] as number;
    if (right <= left) count += factor * (b.counts[j++] as number);
    if (count === 0) continue;
    roomForIndexes[to] = left < right ? left : right;
    roomForCounts[to++] = count;
  }
  return takeFromRoom(to);
}

/** Every count times `factor`, then divided by `divisor`. Buckets that come to 0 are gone. */
export function scaleBuckets(buckets: NativeBuckets, factor: number, divisor = 1): NativeBuckets {
  const { indexes, counts } = buckets;
  if (counts.length === 0) return buckets;
  const scaled = new Float64Array(counts.length);
  let hasEmpty = false;
  for (let i = 0; i < counts.length; i++) {
    const count = ((counts[i] as number) * factor) / divisor;
    scaled[i] = count;
    if (count === 0) hasEmpty = true;
  }
  return hasEmpty ? withoutEmptyBuckets({ indexes, counts: scaled }) : { indexes, counts: scaled };
}

/** The same observations in the buckets of a schema that is lower by `steps`. */
export function coarserBuckets(buckets: NativeBuckets, steps: number): NativeBuckets {
  const { indexes, counts } = buckets;
  if (steps === 0) return buckets;
  makeRoom(indexes.length);
  let to = 0;
  for (let i = 0; i < indexes.length; i++) {
    const index = coarserIndex(indexes[i] as number, steps);
    if (to > 0 && roomForIndexes[to - 1] === index) {
      roomForCounts[to - 1] = (roomForCounts[to - 1] as number) + (counts[i] as number);
      continue;
    }
    roomForIndexes[to] = index;
    roomForCounts[to++] = counts[i] as number;
  }
  return withoutEmptyBuckets(takeFromRoom(to));
}

/** For buckets from elsewhere. */
export function withoutEmptyBuckets(buckets: NativeBuckets): NativeBuckets {
  const { indexes, counts } = buckets;
  if (!counts.includes(0)) return buckets;
  return { indexes: indexes.filter((_, i) => counts[i] !== 0), counts: counts.filter((count) => count !== 0) };
}

export function haveSameIndexes(a: Int32Array, b: Int32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function addCounts(a: NativeBuckets, b: NativeBuckets, factor: number): NativeBuckets {
  const counts = new Float64Array(a.counts.length);
  let hasEmpty = false;
  for (let i = 0; i < counts.length; i++) {
    const count = (a.counts[i] as number) + factor * (b.counts[i] as number);
    counts[i] = count;
    if (count === 0) hasEmpty = true;
  }
  return hasEmpty ? withoutEmptyBuckets({ indexes: a.indexes, counts }) : { indexes: a.indexes, counts };
}

function makeRoom(buckets: number): void {
  if (buckets <= roomForIndexes.length) return;
  roomForIndexes = new Int32Array(2 * buckets);
  roomForCounts = new Float64Array(2 * buckets);
}

function takeFromRoom(buckets: number): NativeBuckets {
  return { indexes: roomForIndexes.slice(0, buckets), counts: roomForCounts.slice(0, buckets) };
}
