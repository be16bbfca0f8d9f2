// A native histogram as what changed since the one before. From one collection to the next few of its buckets change, so
// that this takes a fraction of what the histogram would. Storages bring the bytes; what is in them is the same everywhere.
import { type NativeBuckets, NO_BUCKETS } from './native-buckets.js';
import { CUSTOM_BOUNDS_SCHEMA, haveSameBounds, type NativeHistogram, type ResetHint } from './native-histogram.js';

/** What of a native histogram is not in its row. */
export interface SparseHistogram extends Omit<NativeHistogram, 'count' | 'sum' | 'customBounds' | 'resetHint'> {
  readonly customBounds?: Float64Array | undefined;
  readonly resetHint?: ResetHint | undefined;
}

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
  /** What follows is all there is: schema and reset hint, zero bucket, custom bounds, buckets. */
  anew: 2,
  /** There is no histogram any more. */
  none: 3,
} as const;

/** What is known of resets is written with the schema, `HINT_UNIT` times its place here: a change of it is rare. */
export const RESET_HINTS: readonly ResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];
export const HINT_UNIT = 1024;

const NO_BOUNDS = new Float64Array(0);
const NOTHING = { zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS };

/** What writing so many buckets takes at most, whatever they were before. The sink's numbers may take nine bytes. */
export function mostChangeBytes({ positive, negative, customBounds = NO_BOUNDS }: SparseHistogram): number {
  // There are never more of before than of now: else the histogram is written anew.
  return 40 + 9 * customBounds.length + 28 * (positive.indexes.length + negative.indexes.length);
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
  const base = goesOn ? before : NOTHING;
  positive.find(base.positive, after.positive);
  negative.find(base.negative, after.negative);
  if (goesOn && base.zeroCount === after.zeroCount && positive.size + negative.size === 0) {
    sink.u8(Form.same);
    return;
  }
  sink.u8(goesOn ? Form.changed : Form.anew);
  if (!goesOn) writeLayout(sink, after);
  sink.number(after.zeroCount, base.zeroCount);
  positive.write(sink);
  negative.write(sink);
}

function writeLayout(sink: ChangeSink, { schema, zeroThreshold, customBounds, resetHint }: SparseHistogram): void {
  sink.signed(schema + HINT_UNIT * RESET_HINTS.indexOf(resetHint ?? 'unknown'));
  sink.number(zeroThreshold, 0);
  if (schema !== CUSTOM_BOUNDS_SCHEMA) return;
  const bounds = customBounds ?? NO_BOUNDS;
  sink.signed(bounds.length);
  bounds.forEach((bound, i) => {
    sink.number(bound, i === 0 ? 0 : (bounds[i - 1] as number));
  });
}

/** Whether what was written is that nothing changed. */
export function isNoChange(written: Uint8Array): boolean {
  return written[0] === Form.same;
}

/** Whether writing anew what is now is not the shorter way in any case. */
function isContinued(before: SparseHistogram, after: SparseHistogram): boolean {
  return (
    before.schema === after.schema &&
    before.zeroThreshold === after.zeroThreshold &&
    (before.resetHint ?? 'unknown') === (after.resetHint ?? 'unknown') &&
    haveSameBounds(before, after) &&
    before.positive.indexes.length <= after.positive.indexes.length &&
    before.negative.indexes.length <= after.negative.indexes.length
  );
}

/** The buckets in which two histograms differ. An empty bucket is the same as none. */
class Changes {
  size = 0;
  #indexes = new Int32Array(64);
  #counts = new Float64Array(64);
  #before = new Float64Array(64);

  find(before: NativeBuckets, after: NativeBuckets): void {
    const { indexes, counts } = after;
    const { indexes: indexesBefore, counts: countsBefore } = before;
    let a = 0;
    let b = 0;
    this.size = 0;
    while (a < indexes.length && b < indexesBefore.length) {
      const index = indexes[a] as number;
      const indexBefore = indexesBefore[b] as number;
      if (index === indexBefore) this.#note(index, counts[a++] as number, countsBefore[b++] as number);
      else if (index < indexBefore) this.#note(index, counts[a++] as number, 0);
      else this.#note(indexBefore, 0, countsBefore[b++] as number);
    }
    for (; a < indexes.length; a++) this.#note(indexes[a] as number, counts[a] as number, 0);
    for (; b < indexesBefore.length; b++) this.#note(indexesBefore[b] as number, 0, countsBefore[b] as number);
  }

  /** How many, then for each the distance to the one before (of the first: to 0) and its count. */
  write(sink: ChangeSink): void {
    sink.signed(this.size);
    let last = 0;
    for (let i = 0; i < this.size; i++) {
      const index = this.#indexes[i] as number;
      sink.signed(index - last);
      sink.number(this.#counts[i] as number, this.#before[i] as number);
      last = index;
    }
  }

  #note(index: number, count: number, before: number): void {
    if (count === before) return;
    if (this.size === this.#indexes.length) this.#grow();
    this.#indexes[this.size] = index;
    this.#counts[this.size] = count;
    this.#before[this.size++] = before;
  }

  #grow(): void {
    const { size } = this;
    const [indexes, counts, before] = [this.#indexes, this.#counts, this.#before];
    this.#indexes = new Int32Array(2 * size);
    this.#counts = new Float64Array(2 * size);
    this.#before = new Float64Array(2 * size);
    this.#indexes.set(indexes);
    this.#counts.set(counts);
    this.#before.set(before);
  }
}

// One histogram is written at a time, so that one pair serves all.
const positive = new Changes();
const negative = new Changes();
