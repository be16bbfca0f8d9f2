// How protobuf writes numbers and labels. It is done by hand, because the hot loops copy prepared bytes and no protobuf
// library can: what it would do here are these few lines. Expositions and remote write share them, since the labels of
// both are the same message.
// Source: https://protobuf.dev/programming-guides/encoding/
import { copyBytes, writeUtf8 } from '../bytes.js';

/** The tag of field 1 whose content has a length, and of field 2: the name and the value of a label. */
export const FIRST_FIELD = 0x0a;
export const SECOND_FIELD = 0x12;

/**
 * Up to here bytes are copied as doubles. Longer labels have a length whose bytes can look like a NaN, which the engine may
 * change in copying; text never does.
 */
export const MOST_COPIED_AS_DOUBLES = 16_000;

// Which NaN it is decides what it means, and the engine may choose any when it writes one: its bits are written as integers.
// Source: https://pkg.go.dev/github.com/prometheus/prometheus/model/value
const NAN_LOW = 0x0000_0001;
const NAN_HIGH = 0x7ff8_0000;

/** How many bytes a whole number from 0 to 2⁵³ takes as a varint. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  let bytes = 3;
  for (let limit = 0x20_0000; value >= limit; limit *= 0x80) bytes++;
  return bytes;
}

/** Writes a whole number from 0 to 2⁵³ as a varint and answers where it ends. */
export function writeVarint(target: DataView, at: number, value: number): number {
  if (value < 0x80) {
    target.setUint8(at, value);
    return at + 1;
  }
  if (value < 0x4000) {
    target.setUint16(at, (value & 0x7f) | 0x80 | ((value << 1) & 0x7f00), true);
    return at + 2;
  }
  return writeLongVarint(target, at, value);
}

function writeLongVarint(target: DataView, at: number, value: number): number {
  let position = at;
  let large = value;
  // Bits can only be taken from what fits an integer.
  for (; large >= 0x8000_0000; large = Math.floor(large / 0x80)) target.setUint8(position++, (large % 0x80) | 0x80);
  let rest = large | 0;
  for (; rest >= 0x80; rest >>>= 7) target.setUint8(position++, (rest & 0x7f) | 0x80);
  target.setUint8(position, rest);
  return position + 1;
}

/** How many bytes an int64 takes: a negative one has all ten. */
export function int64Bytes(value: number): number {
  return value < 0 ? 10 : varintBytes(value);
}

/** Writes a whole number from -2⁵³ to 2⁵³ as an int64 and answers where it ends. */
export function writeInt64(target: DataView, at: number, value: number): number {
  if (value >= 0) return writeVarint(target, at, value);
  let rest = BigInt.asUintN(64, BigInt(value));
  let position = at;
  for (; rest >= 0x80n; rest >>= 7n) target.setUint8(position++, Number(rest & 0x7fn) | 0x80);
  target.setUint8(position, Number(rest));
  return position + 1;
}

/** A signed number as sint32 and sint64 have it, so that those near zero are short. Exact up to ±2⁵². */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Writes a double and answers where it ends. */
export function writeDouble(target: DataView, at: number, value: number): number {
  if (Number.isNaN(value)) {
    target.setUint32(at, NAN_LOW, true);
    target.setUint32(at + 4, NAN_HIGH, true);
  } else {
    target.setFloat64(at, value, true);
  }
  return at + 8;
}

/** Writes a text as the field with this tag, and answers where it ends. */
export function writeText(target: DataView, at: number, tag: number, text: string): number {
  target.setUint8(at, tag);
  return writeUtf8(target, writeVarint(target, at + 1, Buffer.byteLength(text)), text);
}

/** Copies bytes as they are and answers where they end. */
export function writeBytes(target: DataView, at: number, bytes: DataView): number {
  new Uint8Array(target.buffer, target.byteOffset).set(new Uint8Array(bytes.buffer), at);
  return at + bytes.byteLength;
}

/** How many bytes a label takes: field 1 of a message, its name and its value within. */
export function labelPairBytes(name: string, value: string): number {
  const inner = pairContentBytes(Buffer.byteLength(name), Buffer.byteLength(value));
  return 1 + varintBytes(inner) + inner;
}

/** Writes a label and answers where it ends; there must be `labelPairBytes`. */
export function writeLabelPair(target: DataView, at: number, name: string, value: string): number {
  target.setUint8(at, FIRST_FIELD);
  const content = pairContentBytes(Buffer.byteLength(name), Buffer.byteLength(value));
  const position = writeText(target, writeVarint(target, at + 1, content), FIRST_FIELD, name);
  return writeText(target, position, SECOND_FIELD, value);
}

function pairContentBytes(nameBytes: number, valueBytes: number): number {
  return 2 + varintBytes(nameBytes) + nameBytes + varintBytes(valueBytes) + valueBytes;
}

/** Copies `length` bytes and up to seven more, which whatever is written next overwrites. As fast as `copyBytes`. */
export function copyPiece(target: DataView, at: number, source: DataView, from: number, length: number): void {
  if (length <= MOST_COPIED_AS_DOUBLES) {
    copyBytes(target, at, source, from, length);
  } else {
    const bytes = new Uint8Array(source.buffer, source.byteOffset + from, length);
    new Uint8Array(target.buffer, target.byteOffset).set(bytes, at);
  }
}
