// A native histogram that changes of `native-changes.ts` are applied to: what a reader of them holds, and what a writer
// holds of the last one that it has written.
import { type NativeBuckets, NO_BUCKETS } from './native-buckets.js';
import { type ChangeSource, Form, HINT_UNIT, RESET_HINTS, type SparseHistogram } from './native-changes.js';
import {
  CUSTOM_BOUNDS_SCHEMA,
  haveSameBounds,
  LEAST_SCHEMA,
  MOST_SCHEMA,
  type NativeHistogram,
  type ResetHint,
} from './native-histogram.js';

/** More custom bounds are a damage of what is read. */
export const MOST_BOUNDS = 65_536;

/** What it shows changes with it; a copy stays as it is. */
export class NativeState implements SparseHistogram {
  /** Whether there is one. */
  isThere = false;
  schema = 0;
  zeroThreshold = 0;
  zeroCount = 0;
  /** Replaced, never changed, so that copies can share it. */
  customBounds: Float64Array | undefined;
  resetHint: ResetHint | undefined;
  readonly positive = new BucketState();
  readonly negative = new BucketState();

  /** Makes it what another one is. */
  assign(histogram: SparseHistogram): void {
    this.isThere = true;
    this.schema = histogram.schema;
    this.zeroThreshold = histogram.zeroThreshold;
    this.zeroCount = histogram.zeroCount;
    if (!haveSameBounds(this, histogram)) this.customBounds = histogram.customBounds?.slice();
    this.resetHint = histogram.resetHint === 'unknown' ? undefined : histogram.resetHint;
    this.positive.assign(histogram.positive);
    this.negative.assign(histogram.negative);
  }

  /** Applies what `writeChanges` wrote. Answers false where that makes no sense, and then is good for nothing. */
  read(source: ChangeSource): boolean {
    const form = source.u8();
    if (form === Form.same) return this.isThere;
    if (form === Form.none) {
      this.clear();
      return true;
    }
    if (form === Form.anew) {
      this.clear();
      this.isThere = this.#readLayout(source);
    } else if (form !== Form.changed) return false;
    if (!this.isThere) return false;
    this.zeroCount = source.number(this.zeroCount);
    return this.positive.read(source) && this.negative.read(source);
  }

  /** There is none any more. */
  clear(): void {
    this.isThere = false;
    this.zeroCount = 0;
    this.customBounds = undefined;
    this.resetHint = undefined;
    this.positive.assign(NO_BUCKETS);
    this.negative.assign(NO_BUCKETS);
  }

  /** As it is now. Copies of which nothing changed in between share their arrays. */
  copy({ count, sum }: Pick<NativeHistogram, 'count' | 'sum'>, room: CountRoom): NativeHistogram {
    const { schema, zeroThreshold, zeroCount, customBounds, resetHint } = this;
    const [positive, negative] = [this.positive.copy(room), this.negative.copy(room)];
    const copy = { schema, zeroThreshold, zeroCount, count, sum, positive, negative };
    if (customBounds === undefined && resetHint === undefined) return copy;
    return { ...copy, ...(customBounds && { customBounds }), ...(resetHint && { resetHint }) };
  }

  /** Answers whether there are such histograms. */
  #readLayout(source: ChangeSource): boolean {
    const code = source.signed();
    const hint = Math.floor((code + HINT_UNIT / 2) / HINT_UNIT);
    this.schema = code - hint * HINT_UNIT;
    this.resetHint = hint === 0 ? undefined : RESET_HINTS[hint];
    this.zeroThreshold = source.number(0);
    if (RESET_HINTS[hint] === undefined) return false;
    if (this.schema !== CUSTOM_BOUNDS_SCHEMA) return this.schema >= LEAST_SCHEMA && this.schema <= MOST_SCHEMA;
    const length = source.signed();
    if (!(length >= 0 && length <= MOST_BOUNDS)) return false;
    this.customBounds = new Float64Array(length);
    for (let i = 0; i < length; i++)
      this.customBounds[i] = source.number(i === 0 ? 0 : (this.customBounds[i - 1] as number));
    return true;
  }
}

/** At most so many counts in one array, so that one histogram that somebody keeps does not keep many others. */
const MOST_TOGETHER = 4096;

/** Where copies have their counts from: parts of longer arrays, because an array of its own takes longer than its content. */
export class CountRoom {
  #room = new Float64Array(0);
  #at = 0;

  copyOf(counts: Float64Array): Float64Array {
    const { length } = counts;
    if (this.#at + length > this.#room.length) {
      this.#room = new Float64Array(Math.max(length, Math.min(MOST_TOGETHER, 4 * length, 2 * this.#room.length)));
      this.#at = 0;
    }
    const copy = this.#room.subarray(this.#at, this.#at + length);
    copy.set(counts);
    this.#at += length;
    return copy;
  }
}

/** A change of which buckets there are: where in their order, which, and its count; 0 for one that goes. */
interface Edit {
  readonly at: number;
  readonly index: number;
  readonly count: number;
}

class BucketState implements NativeBuckets {
  indexes = NO_BUCKETS.indexes;
  counts = NO_BUCKETS.counts;
  /** What was copied last, as long as it is right; the indexes are right for longer. */
  #copy: NativeBuckets | undefined = NO_BUCKETS;
  #copiedIndexes: Int32Array | undefined = NO_BUCKETS.indexes;

  assign({ indexes, counts }: NativeBuckets): void {
    if (indexes.length === this.indexes.length) {
      this.indexes.set(indexes);
      this.counts.set(counts);
    } else {
      this.indexes = indexes.slice();
      this.counts = counts.slice();
    }
    this.#copy = undefined;
    this.#copiedIndexes = undefined;
  }

  read(source: ChangeSource): boolean {
    const changes = source.signed();
    if (changes <= 0) return changes === 0;
    const { indexes, counts } = this;
    const edits: Edit[] = [];
    let index = 0;
    let at = 0;
    for (let i = 0; i < changes; i++) {
      const distance = source.signed();
      index += distance;
      if ((i > 0 && distance <= 0) || index !== (index | 0)) return false;
      while (at < indexes.length && (indexes[at] as number) < index) at++;
      const isKnown = at < indexes.length && indexes[at] === index;
      const count = source.number(isKnown ? (counts[at] as number) : 0);
      if (isKnown === (count !== 0)) {
        if (isKnown) counts[at++] = count;
        continue;
      }
      edits.push({ at, index, count });
      if (isKnown) at++;
    }
    this.#copy = undefined;
    if (edits.length > 0) this.#edit(edits);
    return true;
  }

  copy(room: CountRoom): NativeBuckets {
    this.#copiedIndexes ??= this.indexes.slice();
    this.#copy ??= { indexes: this.#copiedIndexes, counts: room.copyOf(this.counts) };
    return this.#copy;
  }

  #edit(edits: readonly Edit[]): void {
    const gone = edits.filter(({ count }) => count === 0).length;
    const length = this.indexes.length + edits.length - 2 * gone;
    const indexes = new Int32Array(length);
    const counts = new Float64Array(length);
    let from = 0;
    let to = 0;
    const keepUntil = (end: number): void => {
      for (; from < end; from++, to++) {
        indexes[to] = this.indexes[from] as number;
        counts[to] = this.counts[from] as number;
      }
    };
    for (const { at, index, count } of edits) {
      keepUntil(at);
      if (count === 0) from++;
      else {
        indexes[to] = index;
        counts[to++] = count;
      }
    }
    keepUntil(this.indexes.length);
    this.indexes = indexes;
    this.counts = counts;
    this.#copiedIndexes = undefined;
  }
}
