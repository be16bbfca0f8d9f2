// Native histograms of one appended series, in the order in which they came, with time stamps of their own: the counterpart
// of `SampleChunk` for samples that are no numbers.
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import { HistogramLog } from '../histograms/histogram-log.js';

const MOST_HISTOGRAMS = 128;
const FIRST_CAPACITY = 8;
/** The chunk, its time stamps and its place in lists, as V8 lays them out. */
const OBJECT_BYTES = 400;

export class HistogramChunk {
  count = 0;
  firstMs = Infinity;
  lastMs = -Infinity;
  readonly #log = new HistogramLog();
  #timestampsMs = new Float64Array(FIRST_CAPACITY);
  #isSealed = false;

  /** No chunk grows by more than this when a histogram is appended, nor is a new one larger. */
  static mostBytes(histogram: NativeHistogram): number {
    return OBJECT_BYTES + MOST_HISTOGRAMS * 8 + HistogramLog.mostBytes(histogram);
  }

  get isFull(): boolean {
    return this.count === MOST_HISTOGRAMS;
  }

  get isSealed(): boolean {
    return this.#isSealed;
  }

  get bytes(): number {
    return OBJECT_BYTES + this.#timestampsMs.byteLength + this.#log.bytes;
  }

  /** Not once the chunk is sealed. */
  append(timestampMs: number, histogram: NativeHistogram): void {
    if (this.count === this.#timestampsMs.length) {
      const grown = new Float64Array(2 * this.count);
      grown.set(this.#timestampsMs);
      this.#timestampsMs = grown;
    }
    this.firstMs = Math.min(this.firstMs, timestampMs);
    this.lastMs = Math.max(this.lastMs, timestampMs);
    this.#log.append(histogram);
    this.#timestampsMs[this.count++] = timestampMs;
  }

  seal(): void {
    this.#isSealed = true;
    this.#log.seal();
  }

  timestampMsOf(place: number): number {
    return this.#timestampsMs[place] as number;
  }

  /** Those that are wanted, of the first so many. */
  read(count: number, isWanted: (place: number) => boolean): NativeHistogram[] {
    return this.#log.read(count, isWanted);
  }
}
