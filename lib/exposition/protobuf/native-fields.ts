// The fields that make a histogram a native one: its resolution, its zero bucket and its sparse buckets, as runs of
// neighbours and how much each count differs from the one before.
// Source: https://prometheus.io/docs/specs/native_histograms/#protobuf
import type { NativeBucketColumns, NativeColumns } from '../../model/native-histogram.js';
import { areWhole, type CountTags, countBytes, writeCount } from './counts.js';
import { varintBytes, writeDouble, writeVarint, zigzag } from './wire.js';

/** The fields of the buckets on one side of zero. */
interface SideTags {
  readonly span: number;
  readonly delta: number;
  readonly count: number;
}

/** The tags of all fields, each of one byte. */
export interface NativeTags {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: CountTags;
  readonly negative: SideTags;
  readonly positive: SideTags;
}

const SPAN_OFFSET = 0x08;
const SPAN_LENGTH = 0x10;
/** A span with nothing in it; without any, a histogram that is empty would be taken for a classic one. */
const NO_SPAN_BYTES = 6;

export function hasWholeNativeCounts({ zeroCounts, positive, negative }: NativeColumns, row: number): boolean {
  return (
    areWhole(zeroCounts, row, row + 1) &&
    areWhole(positive.counts, positive.starts[row]!, positive.starts[row + 1]!) &&
    areWhole(negative.counts, negative.starts[row]!, negative.starts[row + 1]!)
  );
}

/** Writes the fields into messages that differ in their tags only. */
export class NativeFields {
  readonly #tags: NativeTags;

  constructor(tags: NativeTags) {
    this.#tags = tags;
  }

  bytes(native: NativeColumns, row: number, whole: boolean): number {
    const { schemas, zeroCounts, positive, negative } = native;
    const own = 1 + varintBytes(zigzag(schemas[row]!)) + 9 + countBytes(zeroCounts[row]!, whole);
    const buckets = sideBytes(negative, row, whole) + sideBytes(positive, row, whole);
    return own + (buckets === 0 ? NO_SPAN_BYTES : buckets);
  }

  write(target: DataView, at: number, native: NativeColumns, row: number, whole: boolean): number {
    const tags = this.#tags;
    const { schemas, zeroThresholds, zeroCounts, positive, negative } = native;
    target.setUint8(at, tags.schema);
    let position = writeVarint(target, at + 1, zigzag(schemas[row]!));
    target.setUint8(position, tags.zeroThreshold);
    position = writeDouble(target, position + 1, zeroThresholds[row]!);
    position = writeCount(target, position, tags.zeroCount, zeroCounts[row]!, whole);
    const buckets = position;
    position = writeSide(target, position, tags.negative, bucketsOf(negative, row), whole);
    position = writeSide(target, position, tags.positive, bucketsOf(positive, row), whole);
    return position > buckets ? position : writeSpan(target, position, tags.positive.span, 0, 0);
  }
}

/** One row's part of the columns. */
interface Buckets {
  readonly columns: NativeBucketColumns;
  readonly from: number;
  readonly to: number;
}

function bucketsOf(columns: NativeBucketColumns, row: number): Buckets {
  return { columns, from: columns.starts[row]!, to: columns.starts[row + 1]! };
}

function sideBytes(columns: NativeBucketColumns, row: number, whole: boolean): number {
  const { indexes, counts, starts } = columns;
  const to = starts[row + 1]!;
  let bytes = 0;
  let next = 0;
  let before = 0;
  for (let at = starts[row]!; at < to; ) {
    const end = spanEnd(indexes, at, to);
    bytes += 2 + spanContentBytes(zigzag(indexes[at]! - next), end - at);
    next = indexes[end - 1]! + 1;
    if (!whole) bytes += 9 * (end - at);
    for (; at < end; at += 1) {
      if (whole) bytes += deltaBytes(counts[at]! - before);
      before = counts[at]!;
    }
  }
  return bytes;
}

/** Whether the difference of two counts takes one byte, as most do: buckets that are neighbours are about as full. */
function isShort(delta: number): boolean {
  return delta >= -64 && delta < 64;
}

function deltaBytes(delta: number): number {
  return isShort(delta) ? 2 : 1 + varintBytes(zigzag(delta));
}

function writeSide(target: DataView, at: number, tags: SideTags, buckets: Buckets, whole: boolean): number {
  const { columns, from, to } = buckets;
  const { indexes, counts } = columns;
  let position = at;
  let next = 0;
  for (let start = from; start < to; ) {
    const end = spanEnd(indexes, start, to);
    position = writeSpan(target, position, tags.span, zigzag(indexes[start]! - next), end - start);
    next = indexes[end - 1]! + 1;
    start = end;
  }
  if (whole) return writeDeltas(target, position, tags.delta, buckets);
  for (let bucket = from; bucket < to; bucket += 1) {
    target.setUint8(position, tags.count);
    position = writeDouble(target, position + 1, counts[bucket]!);
  }
  return position;
}

/** Tag and number are one store where they fit two bytes: this is most of what a native histogram costs. */
function writeDeltas(target: DataView, at: number, tag: number, { columns, from, to }: Buckets): number {
  const { counts } = columns;
  let position = at;
  let before = 0;
  for (let bucket = from; bucket < to; bucket += 1) {
    const count = counts[bucket]!;
    const delta = count - before;
    before = count;
    if (isShort(delta)) {
      const small = delta | 0;
      target.setUint16(position, tag | (((small << 1) ^ (small >> 31)) << 8), true);
      position += 2;
    } else {
      target.setUint8(position, tag);
      position = writeVarint(target, position + 1, zigzag(delta));
    }
  }
  return position;
}

/** Where the run of neighbours ends that begins at `start`. */
function spanEnd(indexes: Int32Array, start: number, to: number): number {
  let end = start + 1;
  while (end < to && indexes[end] === indexes[end - 1]! + 1) end += 1;
  return end;
}

function spanContentBytes(offset: number, length: number): number {
  return 2 + varintBytes(offset) + varintBytes(length);
}

function writeSpan(target: DataView, at: number, tag: number, offset: number, length: number): number {
  target.setUint8(at, tag);
  target.setUint8(at + 1, spanContentBytes(offset, length));
  target.setUint8(at + 2, SPAN_OFFSET);
  const position = writeVarint(target, at + 3, offset);
  target.setUint8(position, SPAN_LENGTH);
  return writeVarint(target, position + 1, length);
}
