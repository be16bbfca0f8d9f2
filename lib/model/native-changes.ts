// A native histogram as what changed since the one before. From one collection to the next few of its buckets change, so
// that this takes a fraction of what the histogram would. Storages bring the bytes; what is in them is the same everywhere.
import type { NativeBuckets, NativeHistogram } from './native-histogram.js';

/** What of a native histogram is not in its row. */
export type SparseHistogram = Omit<NativeHistogram, 'count' | 'sum'>;

/** Where changes are written to. */
export interface ChangeSink {
  u8(value: number): void;
  /** A whole number. */
  signed(value: number): void;
  /** Any number, short where its difference to the one before is whole and small. */
  number(value: number, before: number): void;
}

/** Reads what a `ChangeSink` of the same kind wrote. */
export interface ChangeSource {
  u8(): number;
  signed(): number;
  number(before: number): number;
}

/** The byte that changes begin with. */
export const Form = {
  /** All is as it was. */
  same: 0,
  /** The zero bucket and some others changed. */
  changed: 1,
  /** What follows is all there is: schema, zero bucket, buckets. */
  anew: 2,
  /** There is no histogram any more. */
  none: 3,
} as const;

export const NO_BUCKETS: NativeBuckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };
const NOTHING = { zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS };

/** What writing so many buckets takes at most, whatever they were before. The sink's numbers may take nine bytes. */
export function mostChangeBytes({ positive, negative }: SparseHistogram): number {
  // There are never more of before than of now: else the histogram is written anew.
  return 32 + 28 * (positive.indexes.length + negative.indexes.length);
}

/** Writes what makes `after` of `before`. */
export function writeChanges(
  sink: ChangeSink,
  after: SparseHistogram | undefined,
  before: SparseHistogram | undefined,
): void {
  if (after === undefined) {
    sink.u8(Form.none);
    return;
  }
  const goesOn = before !== undefined && isContinued(before, after);
  if (goesOn && isSame(before, after)) {
    sink.u8(Form.same);
    return;
  }
  sink.u8(goesOn ? Form.changed : Form.anew);
  if (!goesOn) {
    sink.signed(after.schema);
    sink.number(after.zeroThreshold, 0);
  }
  const base = goesOn ? before : NOTHING;
  sink.number(after.zeroCount, base.zeroCount);
  writeBuckets(sink, after.positive, base.positive);
  writeBuckets(sink, after.negative, base.negative);
}

/** Whether writing anew what is now is not the shorter way in any case. */
function isContinued(before: SparseHistogram, after: SparseHistogram): boolean {
  return (
    before.schema === after.schema &&
    before.zeroThreshold === after.zeroThreshold &&
    before.positive.indexes.length <= after.positive.indexes.length &&
    before.negative.indexes.length <= after.negative.indexes.length
  );
}

function isSame(before: SparseHistogram, after: SparseHistogram): boolean {
  return (
    before.zeroCount === after.zeroCount &&
    findChanges(before.positive, after.positive) === 0 &&
    findChanges(before.negative, after.negative) === 0
  );
}

/** Buckets that are not as before, found by `findChanges`: one histogram is written at a time. */
const changed: { index: number; count: number; before: number }[] = [];

/** Puts the buckets that differ to the front of `changed` and answers how many they are. An empty bucket is none. */
function findChanges(before: NativeBuckets, after: NativeBuckets): number {
  let found = 0;
  let a = 0;
  let b = 0;
  while (a < after.indexes.length || b < before.indexes.length) {
    const ofAfter = a < after.indexes.length ? (after.indexes[a] as number) : Infinity;
    const ofBefore = b < before.indexes.length ? (before.indexes[b] as number) : Infinity;
    const index = Math.min(ofAfter, ofBefore);
    const count = index === ofAfter ? (after.counts[a++] as number) : 0;
    const countBefore = index === ofBefore ? (before.counts[b++] as number) : 0;
    if (count === countBefore) continue;
    if (found === changed.length) changed.push({ index: 0, count: 0, before: 0 });
    const entry = changed[found++] as (typeof changed)[number];
    entry.index = index;
    entry.count = count;
    entry.before = countBefore;
  }
  return found;
}

/** How many, then for each the distance to the one before (of the first: to 0) and its count. */
function writeBuckets(sink: ChangeSink, after: NativeBuckets, before: NativeBuckets): void {
  const found = findChanges(before, after);
  sink.signed(found);
  let last = 0;
  for (let i = 0; i < found; i++) {
    const { index, count, before: countBefore } = changed[i] as (typeof changed)[number];
    sink.signed(index - last);
    sink.number(count, countBefore);
    last = index;
  }
}
