// A native histogram as the `Histogram` message of remote write, but for its time stamp. It has the fields of the exposition in
// other places. Nothing is said of resets: a receiver finds them by looking at the histogram before.
// Source: https://github.com/prometheus/prometheus/blob/main/prompb/types.proto
import { areWhole, type CountTags, countBytes, writeCount } from '../../lib/exposition/protobuf/counts.js';
import { hasWholeNativeCounts, NativeFields } from '../../lib/exposition/protobuf/native-fields.js';
import { writeDouble } from '../../lib/exposition/protobuf/wire.js';
import type { SeriesBlock } from '../../lib/model/family.js';
import type { NativeColumns } from '../../lib/model/native-histogram.js';

const COUNT: CountTags = { whole: 0x08, float: 0x11 };
const SUM = 0x19;
const SUM_BYTES = 9;
const NATIVE = new NativeFields({
  schema: 0x20,
  zeroThreshold: 0x29,
  zeroCount: { whole: 0x30, float: 0x39 },
  negative: { span: 0x42, delta: 0x48, count: 0x51 },
  positive: { span: 0x5a, delta: 0x60, count: 0x69 },
});

export class HistogramMessage {
  readonly bytes: number;
  readonly #native: NativeColumns;
  readonly #row: number;
  readonly #isWhole: boolean;
  readonly #count: number;
  readonly #sum: number;

  /** Of a block that has native histograms. */
  constructor({ values, width, native }: SeriesBlock, row: number) {
    const from = row * width;
    const sumAt = from + width - 1;
    this.#native = native as NativeColumns;
    this.#row = row;
    this.#isWhole = areWhole(values, from, sumAt) && hasWholeNativeCounts(this.#native, row);
    let count = 0;
    for (let at = from; at < sumAt; at++) count += values[at] as number;
    this.#count = count;
    this.#sum = values[sumAt] as number;
    this.bytes = countBytes(count, this.#isWhole) + SUM_BYTES + NATIVE.bytes(this.#native, row, this.#isWhole);
  }

  /** Answers where it ends. */
  write(target: DataView, at: number): number {
    const position = writeCount(target, at, COUNT, this.#count, this.#isWhole);
    target.setUint8(position, SUM);
    return NATIVE.write(target, writeDouble(target, position + 1, this.#sum), this.#native, this.#row, this.#isWhole);
  }
}
