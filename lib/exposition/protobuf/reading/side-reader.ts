// The sparse buckets of a native histogram on one side of zero: runs of neighbours, and counts or how they differ.
import { FIXED64, LENGTH, VARINT, WireFault, type WireReader } from './wire-reader.js';

/** Buckets by ascending index, none of them empty. */
export interface SparseSide {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}

const SPAN = { offset: 1, length: 2 } as const;
/** The octaves of doubles. */
const LEAST_OCTAVE = -1074;
const MOST_OCTAVE = 1024;

export class SideReader {
  /** Offset and length, by turns. */
  readonly #spans: number[] = [];
  readonly #counts: number[] = [];
  #last = 0;

  clear(): void {
    this.#spans.length = 0;
    this.#counts.length = 0;
    this.#last = 0;
  }

  get hasSpans(): boolean {
    return this.#spans.length > 0;
  }

  /** @throws WireFault */
  readSpan(wire: WireReader): void {
    wire.expect(LENGTH);
    const { end } = wire;
    wire.end = wire.content();
    let [offset, length] = [0, 0];
    while (wire.next()) {
      if (wire.field === SPAN.offset && wire.kind === VARINT) offset = wire.zigzag();
      else if (wire.field === SPAN.length && wire.kind === VARINT) length = wire.varint();
      else wire.skip();
    }
    wire.end = end;
    this.#spans.push(offset, length);
  }

  /** One of them, or several in one field. */
  readDeltas(wire: WireReader): void {
    const to = this.#packedEnd(wire, VARINT);
    do {
      this.#last += wire.zigzag();
      this.#counts.push(this.#last);
    } while (wire.at < to);
  }

  readCounts(wire: WireReader): void {
    const to = this.#packedEnd(wire, FIXED64);
    do this.#counts.push(wire.double());
    while (wire.at < to);
  }

  /**
   * @param at - Where the histogram ends, to be named in faults.
   * @throws WireFault
   */
  buckets(schema: number, at: number): SparseSide {
    const [least, most] = [Math.ceil(LEAST_OCTAVE * 2 ** schema), Math.ceil(MOST_OCTAVE * 2 ** schema) + 1];
    const indexes: number[] = [];
    const counts: number[] = [];
    let [index, bucket] = [0, 0];
    for (let span = 0; span < this.#spans.length; span += 2) {
      const [offset, length] = [this.#spans[span] as number, this.#spans[span + 1] as number];
      if (span > 0 && offset < 0) throw new WireFault('Spans of buckets ascend.', at);
      if (bucket + length > this.#counts.length) throw new WireFault('Spans have more buckets than there are.', at);
      index += offset;
      for (let i = 0; i < length; i++, index++, bucket++) {
        const count = this.#counts[bucket] as number;
        if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) throw new WireFault('A count is never negative.', at);
        if (index < least || index > most) throw new WireFault('A bucket is beyond all numbers.', at);
        if (count === 0) continue;
        indexes.push(index);
        counts.push(count);
      }
    }
    if (bucket !== this.#counts.length) throw new WireFault('Spans have fewer buckets than there are.', at);
    return { indexes: Int32Array.from(indexes), counts: Float64Array.from(counts) };
  }

  #packedEnd(wire: WireReader, kind: number): number {
    if (wire.kind === kind) return wire.at;
    wire.expect(LENGTH);
    const to = wire.content();
    if (to === wire.at) throw new WireFault('A list of counts is empty.', to);
    return to;
  }
}
