// A native histogram that changes of `native-changes.ts` are applied to: what a reader of them holds, and what a writer
// holds of the last one that it has written.
import { type ChangeSource, Form, NO_BUCKETS, type SparseHistogram } from './native-changes.js';
import { LEAST_SCHEMA, MOST_SCHEMA, type NativeBuckets, type NativeHistogram } from './native-histogram.js';

/** What it shows changes with it; a copy stays as it is. */
export class NativeState implements SparseHistogram {
  /** Whether there is one. */
  isThere = false;
  schema = 0;
  zeroThreshold = 0;
  zeroCount = 0;
  readonly positive = new BucketState();
  readonly negative = new BucketState();

  /** Makes it what another one is. */
  assign({ schema, zeroThreshold, zeroCount, positive, negative }: SparseHistogram): void {
    this.isThere = true;
    this.schema = schema;
    this.zeroThreshold = zeroThreshold;
    this.zeroCount = zeroCount;
    this.positive.assign(positive);
    this.negative.assign(negative);
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
      this.isThere = true;
      this.schema = source.signed();
      this.zeroThreshold = source.number(0);
    } else if (form !== Form.changed) return false;
    if (!this.isThere || this.schema < LEAST_SCHEMA || this.schema > MOST_SCHEMA) return false;
    this.zeroCount = source.number(this.zeroCount);
    return this.positive.read(source) && this.negative.read(source);
  }

  /** There is none any more. */
  clear(): void {
    this.isThere = false;
    this.zeroCount = 0;
    this.positive.assign(NO_BUCKETS);
    this.negative.assign(NO_BUCKETS);
  }

  /** As it is now. Copies of which nothing changed in between share their arrays. */
  copy({ count, sum }: Pick<NativeHistogram, 'count' | 'sum'>): NativeHistogram {
    const { schema, zeroThreshold, zeroCount } = this;
    return {
      schema,
      zeroThreshold,
      zeroCount,
      count,
      sum,
      positive: this.positive.copy(),
      negative: this.negative.copy(),
    };
  }
}

/** Where the buckets of one side are put together: one after the other, so that one pair of arrays serves all. */
let mergedIndexes = new Int32Array(256);
let mergedCounts = new Float64Array(256);

class BucketState implements NativeBuckets {
  indexes = NO_BUCKETS.indexes;
  counts = NO_BUCKETS.counts;
  /** What was copied last, as long as it is right; the indexes are right for longer. */
  #copy: NativeBuckets | undefined = NO_BUCKETS;
  #copiedIndexes: Int32Array | undefined = NO_BUCKETS.indexes;

  assign({ indexes, counts }: NativeBuckets): void {
    this.#set(indexes, counts, indexes.length);
    this.#copy = undefined;
    this.#copiedIndexes = undefined;
  }

  read(source: ChangeSource): boolean {
    const changes = source.signed();
    if (changes < 0) return false;
    if (changes === 0) return true;
    const { indexes, counts } = this;
    let [index, from, to] = [0, 0, 0];
    let isOfOneLayout = true;
    for (let i = 0; i < changes; i++) {
      const distance = source.signed();
      index += distance;
      if ((i > 0 && distance <= 0) || index !== (index | 0)) return false;
      makeRoom(to + indexes.length - from + 1);
      while (from < indexes.length && (indexes[from] as number) < index) {
        mergedIndexes[to] = indexes[from] as number;
        mergedCounts[to++] = counts[from++] as number;
      }
      const isKnown = from < indexes.length && indexes[from] === index;
      const count = source.number(isKnown ? (counts[from++] as number) : 0);
      isOfOneLayout &&= isKnown === (count !== 0);
      if (count === 0) continue;
      mergedIndexes[to] = index;
      mergedCounts[to++] = count;
    }
    makeRoom(to + indexes.length - from);
    for (; from < indexes.length; from++, to++) {
      mergedIndexes[to] = indexes[from] as number;
      mergedCounts[to] = counts[from] as number;
    }
    this.#set(mergedIndexes, mergedCounts, to);
    this.#copy = undefined;
    if (!isOfOneLayout) this.#copiedIndexes = undefined;
    return true;
  }

  copy(): NativeBuckets {
    this.#copiedIndexes ??= this.indexes.slice();
    this.#copy ??= { indexes: this.#copiedIndexes, counts: this.counts.slice() };
    return this.#copy;
  }

  #set(indexes: Int32Array, counts: Float64Array, length: number): void {
    if (length === this.indexes.length) {
      this.indexes.set(length === indexes.length ? indexes : indexes.subarray(0, length));
      this.counts.set(length === counts.length ? counts : counts.subarray(0, length));
    } else {
      this.indexes = indexes.slice(0, length);
      this.counts = counts.slice(0, length);
    }
  }
}

function makeRoom(buckets: number): void {
  if (buckets <= mergedIndexes.length) return;
  const [indexes, counts] = [mergedIndexes, mergedCounts];
  mergedIndexes = new Int32Array(2 * buckets);
  mergedCounts = new Float64Array(2 * buckets);
  mergedIndexes.set(indexes);
  mergedCounts.set(counts);
}
