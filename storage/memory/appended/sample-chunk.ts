// Up to 128 samples of one appended series, with time stamps of their own: uncompressed while it fills, two compressed
// columns afterwards. Samples stay in the order in which they came, so that a reader can stop where it once began.
import { ByteSink } from '../columns/byte-sink.js';
import { ByteSource } from '../columns/byte-source.js';
import { decodeColumn, encodeColumn, MOST_NUMBERS, type NumberTarget } from '../columns/column-codec.js';

const FIRST_CAPACITY = 8;
/** The objects of a chunk, of its array and of its place in lists, as V8 lays them out. */
const OBJECT_BYTES = 500;
/** No chunk takes more. */
export const MOST_CHUNK_BYTES = OBJECT_BYTES + MOST_NUMBERS * 16;

// Chunks are compressed and read one at a time and never across an await.
const sink = new ByteSink();
const source = new ByteSource();
const timestamps: NumberTarget = { numbers: new Float64Array(MOST_NUMBERS), at: 0 };
const values: NumberTarget = { numbers: new Float64Array(MOST_NUMBERS), at: 0 };

export class SampleChunk {
  count = 0;
  firstMs = Infinity;
  lastMs = -Infinity;
  /** Time stamps and values in turn, because two arrays take 200 bytes more than one. Once sealed, the two columns. */
  #samples: Float64Array | Uint8Array = new Float64Array(2 * FIRST_CAPACITY);

  get isFull(): boolean {
    return this.count === MOST_NUMBERS;
  }

  get isSealed(): boolean {
    return this.#samples instanceof Uint8Array;
  }

  get bytes(): number {
    return OBJECT_BYTES + this.#samples.byteLength;
  }

  /** Not once the chunk is sealed. */
  append(timestampMs: number, value: number): void {
    if (2 * this.count === this.#samples.length) {
      const grown = new Float64Array(4 * this.count);
      grown.set(this.#samples);
      this.#samples = grown;
    }
    this.firstMs = Math.min(this.firstMs, timestampMs);
    this.lastMs = Math.max(this.lastMs, timestampMs);
    this.#samples[2 * this.count] = timestampMs;
    this.#samples[2 * this.count + 1] = value;
    this.count++;
  }

  /** Compresses the samples. */
  seal(): void {
    this.read();
    encodeColumn(timestamps.numbers, this.count, sink);
    encodeColumn(values.numbers, this.count, sink);
    this.#samples = sink.take();
  }

  /** All samples, in the order in which they came, at the front of arrays that the next reading overwrites. */
  read(): { readonly timestampsMs: Float64Array; readonly values: Float64Array } {
    timestamps.at = 0;
    values.at = 0;
    if (this.#samples instanceof Uint8Array) {
      source.open(this.#samples, 0);
      decodeColumn(source, this.count, timestamps);
      decodeColumn(source, this.count, values);
    } else {
      for (let i = 0; i < this.count; i++) {
        timestamps.numbers[i] = this.#samples[2 * i] as number;
        values.numbers[i] = this.#samples[2 * i + 1] as number;
      }
    }
    return { timestampsMs: timestamps.numbers, values: values.numbers };
  }
}
