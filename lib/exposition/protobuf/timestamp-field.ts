// Times as protobuf has them: a message of seconds and nanoseconds. Apart because every series has one, and most of what
// writing a counter costs would be spent here otherwise.
// Source: https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp
import { int64Bytes, varintBytes, writeInt64, writeVarint } from './wire.js';

const SECONDS = 0x08;
const NANOS = 0x10;

// Seconds of these years take five bytes, four of which are written at once: 1978 to 2038.
const FEWEST_USUAL_SECONDS = 2 ** 28;
const MOST_USUAL_SECONDS = 2 ** 31;

/** The times that a Date can have; whatever is beyond is none. */
const MOST_MS = 8.64e15;

/** How many bytes the field takes, its tag included; none where there is no time. */
export function timestampFieldBytes(ms: number): number {
  if (!(Math.abs(ms) <= MOST_MS)) return 0;
  const seconds = Math.floor(ms / 1000);
  const nanos = nanosOf(ms, seconds);
  const usual = seconds >= FEWEST_USUAL_SECONDS && seconds < MOST_USUAL_SECONDS;
  return 3 + (usual ? 5 : int64Bytes(seconds)) + (nanos === 0 ? 0 : 1 + varintBytes(nanos));
}

/** Writes the field with this tag, of whole milliseconds, and answers where it ends; there must be `timestampFieldBytes`. */
export function writeTimestampField(target: DataView, at: number, tag: number, ms: number): number {
  if (!(Math.abs(ms) <= MOST_MS)) return at;
  const seconds = Math.floor(ms / 1000);
  const nanos = nanosOf(ms, seconds);
  target.setUint8(at, tag);
  target.setUint8(at + 2, SECONDS);
  let position = writeSeconds(target, at + 3, seconds);
  if (nanos > 0) {
    target.setUint8(position, NANOS);
    position = writeNanos(target, position + 1, nanos);
  }
  target.setUint8(at + 1, position - at - 2);
  return position;
}

function nanosOf(ms: number, seconds: number): number {
  return Math.floor(ms - seconds * 1000) * 1_000_000;
}

function writeSeconds(target: DataView, at: number, seconds: number): number {
  if (!(seconds >= FEWEST_USUAL_SECONDS && seconds < MOST_USUAL_SECONDS)) return writeInt64(target, at, seconds);
  target.setUint32(at, lowestBytes(seconds) | 0x8080_8080, true);
  target.setUint8(at + 4, seconds >>> 28);
  return at + 5;
}

/** A millisecond has a million of them: at least three bytes, and mostly four or five. */
function writeNanos(target: DataView, at: number, nanos: number): number {
  if (nanos < 0x20_0000) return writeVarint(target, at, nanos);
  if (nanos < 0x1000_0000) {
    target.setUint32(at, lowestBytes(nanos) | 0x0080_8080, true);
    return at + 4;
  }
  target.setUint32(at, lowestBytes(nanos) | 0x8080_8080, true);
  target.setUint8(at + 4, nanos >>> 28);
  return at + 5;
}

/** The lowest 28 bits, seven in each byte. */
function lowestBytes(value: number): number {
  return (value & 0x7f) | ((value << 1) & 0x7f00) | ((value << 2) & 0x7f_0000) | ((value << 3) & 0x7f00_0000);
}
