// Native histograms of one series, one behind the other, each as what changed since the one before. It grows at its end
// only, so that a reader can go on with what was there when it came.
import { mostChangeBytes, type SparseHistogram, writeChanges } from '../../../lib/model/native-changes.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import { CountRoom, NativeState } from '../../../lib/model/native-state.js';
import { ByteSink } from '../columns/byte-sink.js';
import { ByteSource } from '../columns/byte-source.js';

/** The log, its bytes and its place in a map, as V8 lays them out; and the histogram that it goes on from. */
const OBJECT_BYTES = 450;
const LAST_BYTES = 1000;
const BYTES_PER_BUCKET = 12;
/** How much room is made for what comes next. */
const MOST_SPARE_BYTES = 4096;
/** A count and a sum, nine bytes each. */
const MOST_ROW_BYTES = 18;

// Histograms are written and read one at a time and never across an await.
const sink = new ByteSink();
const source = new ByteSource();

/** The last histogram that was written, with what its row has. */
interface Last {
  readonly state: NativeState;
  count: number;
  sum: number;
}

export class HistogramLog {
  count = 0;
  #bytes = new Uint8Array(0);
  #length = 0;
  /** Where the last one begins. */
  #lastAt = 0;
  /** Undefined once it was taken back, and when nothing will follow. */
  #last: Last | undefined;

  /** No log grows by more than this when a histogram is appended, nor is a new one larger. */
  static mostBytes(histogram: NativeHistogram): number {
    const changes = mostChangeBytes(histogram) + MOST_ROW_BYTES;
    return OBJECT_BYTES + LAST_BYTES + MOST_SPARE_BYTES + changes + BYTES_PER_BUCKET * bucketsIn(histogram);
  }

  get bytes(): number {
    const last = this.#last === undefined ? 0 : LAST_BYTES + BYTES_PER_BUCKET * bucketsIn(this.#last.state);
    return OBJECT_BYTES + this.#bytes.byteLength + last;
  }

  /** The histogram may change afterwards. */
  append(histogram: NativeHistogram): void {
    const last = this.#last ?? this.#lastAgain();
    sink.reserve(mostChangeBytes(histogram) + MOST_ROW_BYTES);
    writeChanges(sink, histogram, last.state.isThere ? last.state : undefined);
    sink.number(histogram.count, last.count);
    sink.number(histogram.sum, last.sum);
    this.#lastAt = this.#length;
    this.#store();
    last.state.assign(histogram);
    last.count = histogram.count;
    last.sum = histogram.sum;
    this.#last = last;
    this.count++;
  }

  /** Takes the last one back, as it can be done once. */
  dropLast(): void {
    this.#length = this.#lastAt;
    this.#last = undefined;
    this.count--;
  }

  /** Lets go of what only appending needs. */
  seal(): void {
    this.#bytes = this.#bytes.slice(0, this.#length);
    this.#last = undefined;
  }

  /** Those that are wanted, of the first so many. */
  read(count: number, isWanted: (place: number) => boolean): NativeHistogram[] {
    const found: NativeHistogram[] = [];
    const room = new CountRoom();
    this.#replay(count, (last, place) => {
      if (isWanted(place)) found.push(last.state.copy(last, room));
    });
    return found;
  }

  #replay(count: number, visit: (last: Last, place: number) => void): Last {
    const last: Last = { state: new NativeState(), count: 0, sum: 0 };
    source.open(this.#bytes, 0);
    for (let place = 0; place < count; place++) {
      last.state.read(source);
      last.count = source.number(last.count);
      last.sum = source.number(last.sum);
      visit(last, place);
    }
    return last;
  }

  #lastAgain(): Last {
    return this.#replay(this.count, () => undefined);
  }

  #store(): void {
    const needed = this.#length + sink.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(needed + Math.min(MOST_SPARE_BYTES, needed >>> 1));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    sink.moveTo(this.#bytes, this.#length);
    this.#length = needed;
  }
}

/** Custom bounds among them. */
function bucketsIn({ positive, negative, customBounds }: SparseHistogram): number {
  return positive.indexes.length + negative.indexes.length + (customBounds?.length ?? 0);
}
