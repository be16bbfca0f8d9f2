// One histogram of a protobuf exposition: its classic buckets as a row of the model, and its sparse ones where it is native.
// Source: https://prometheus.io/docs/specs/native_histograms/#protobuf
import type { SparseHistogram } from '../../../model/native-changes.js';
import { LEAST_SCHEMA, MOST_SCHEMA } from '../../../model/native-histogram.js';
import { SideReader, type SparseSide } from './side-reader.js';
import { timestampOf } from './timestamp-reader.js';
import { FIXED64, LENGTH, VARINT, WireFault, type WireReader } from './wire-reader.js';

const FIELD = {
  count: 1,
  sum: 2,
  bucket: 3,
  floatCount: 4,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  floatZeroCount: 8,
  negativeSpan: 9,
  negativeDelta: 10,
  negativeCount: 11,
  positiveSpan: 12,
  positiveDelta: 13,
  positiveCount: 14,
  created: 15,
} as const;
const BUCKET = { count: 1, bound: 2, floatCount: 4 } as const;

export class HistogramReader {
  bounds: number[] = [];
  row: number[] = [];
  native: SparseHistogram | undefined;
  createdMs = Number.NaN;
  readonly #wire: WireReader;
  readonly #positive = new SideReader();
  readonly #negative = new SideReader();
  #count = 0;
  #sum = 0;
  #schema = 0;
  #zeroThreshold = 0;
  #zeroCount = 0;
  /** Bound and cumulative count, by turns. */
  #buckets: number[] = [];

  constructor(wire: WireReader) {
    this.#wire = wire;
  }

  /**
   * Reads the message that the reader is in.
   *
   * @throws WireFault
   */
  read(): void {
    const wire = this.#wire;
    [this.#count, this.#sum, this.#schema, this.#zeroThreshold, this.#zeroCount] = [0, 0, 0, 0, 0];
    this.createdMs = Number.NaN;
    this.#buckets = [];
    this.#positive.clear();
    this.#negative.clear();
    while (wire.next()) this.#readField();
    this.#assembleRow();
    this.native = this.#isNative() ? this.#assembleNative() : undefined;
  }

  #readField(): void {
    const wire = this.#wire;
    switch (wire.field) {
      case FIELD.count:
        this.#count = wholeOf(wire, this.#count);
        break;
      case FIELD.floatCount:
        this.#count = floatOf(wire, this.#count);
        break;
      case FIELD.sum:
        this.#sum = floatOf(wire, 0);
        break;
      case FIELD.bucket:
        this.#readBucket();
        break;
      case FIELD.schema:
        wire.expect(VARINT);
        this.#schema = wire.zigzag();
        break;
      case FIELD.created:
        this.createdMs = timestampOf(wire);
        break;
      default:
        this.#readSparseField();
    }
  }

  #readSparseField(): void {
    const wire = this.#wire;
    switch (wire.field) {
      case FIELD.zeroThreshold:
        this.#zeroThreshold = floatOf(wire, 0);
        break;
      case FIELD.zeroCount:
        this.#zeroCount = wholeOf(wire, this.#zeroCount);
        break;
      case FIELD.floatZeroCount:
        this.#zeroCount = floatOf(wire, this.#zeroCount);
        break;
      case FIELD.negativeSpan:
        this.#negative.readSpan(wire);
        break;
      case FIELD.negativeDelta:
        this.#negative.readDeltas(wire);
        break;
      case FIELD.negativeCount:
        this.#negative.readCounts(wire);
        break;
      case FIELD.positiveSpan:
        this.#positive.readSpan(wire);
        break;
      case FIELD.positiveDelta:
        this.#positive.readDeltas(wire);
        break;
      case FIELD.positiveCount:
        this.#positive.readCounts(wire);
        break;
      default:
        wire.skip();
    }
  }

  #readBucket(): void {
    const wire = this.#wire;
    wire.expect(LENGTH);
    const { end } = wire;
    wire.end = wire.content();
    let [count, bound] = [0, 0];
    while (wire.next()) {
      if (wire.field === BUCKET.count) count = wholeOf(wire, count);
      else if (wire.field === BUCKET.floatCount) count = floatOf(wire, count);
      else if (wire.field === BUCKET.bound) bound = floatOf(wire, 0);
      else wire.skip();
    }
    wire.end = end;
    this.#buckets.push(bound, count);
  }

  #assembleRow(): void {
    const { end } = this.#wire;
    const isCount = this.#count >= 0 && this.#count < Number.POSITIVE_INFINITY;
    if (!isCount) throw new WireFault('A count is neither negative nor infinite nor NaN.', end);
    const bounds: number[] = [];
    const row: number[] = [];
    let [least, below] = [Number.NEGATIVE_INFINITY, 0];
    for (let at = 0; at < this.#buckets.length; at += 2) {
      const [bound, count] = [this.#buckets[at] as number, this.#buckets[at + 1] as number];
      if (!(bound > least)) throw new WireFault('Buckets come by ascending bounds.', end);
      if (!(count >= below && count <= this.#count)) {
        throw new WireFault('Buckets add up: none has less than the one of a smaller bound.', end);
      }
      least = bound;
      if (bound === Number.POSITIVE_INFINITY) continue;
      bounds.push(bound);
      row.push(count - below);
      below = count;
    }
    row.push(this.#count - below, this.#sum);
    this.bounds = bounds;
    this.row = row;
  }

  /** One that is empty is told from a classic one by a span without buckets, or by its zero bucket. */
  #isNative(): boolean {
    return this.#positive.hasSpans || this.#negative.hasSpans || this.#zeroThreshold > 0 || this.#zeroCount > 0;
  }

  #assembleNative(): SparseHistogram {
    const { end } = this.#wire;
    const schema = this.#schema;
    if (!(schema >= LEAST_SCHEMA && schema <= MOST_SCHEMA)) throw new WireFault('There is no such schema.', end);
    const hasZero = this.#zeroThreshold >= 0 && this.#zeroThreshold < Number.POSITIVE_INFINITY && this.#zeroCount >= 0;
    if (!hasZero) throw new WireFault('A zero bucket has a finite width and a count.', end);
    const [positive, negative] = [this.#positive.buckets(schema, end), this.#negative.buckets(schema, end)];
    const total = this.#zeroCount + totalOf(positive) + totalOf(negative);
    // What is NaN is counted, and in no bucket. Counts that are no whole numbers need not add up to the last digit.
    if (!(total <= this.#count * (1 + 1e-9)))
      throw new WireFault('The buckets have more observations than the count says.', end);
    return { schema, zeroThreshold: this.#zeroThreshold, zeroCount: this.#zeroCount, positive, negative };
  }
}

function totalOf({ counts }: SparseSide): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function wholeOf(wire: WireReader, before: number): number {
  wire.expect(VARINT);
  const count = wire.varint();
  // A float count of the same thing says it if it says anything.
  return count === 0 ? before : count;
}

function floatOf(wire: WireReader, before: number): number {
  wire.expect(FIXED64);
  const count = wire.double();
  return count === 0 ? before : count;
}
