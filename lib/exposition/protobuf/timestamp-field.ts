// Times as protobuf has them: a message of seconds and nanoseconds. Apart because every series has one, and most of what
// writing a counter costs would be spent here otherwise.
// Source: https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp
import { int64Bytes, writeInt64, writeVarint } from './wire.js';

const SECONDS = 0x08;
const NANOS = 0x10;

// From 1978 to 2038 seconds take five bytes.
const FEWEST_USUAL_MS = 2 ** 28 * 1000;
const MOST_USUAL_MS = 2 ** 31 * 1000;

/** The times that a Date can have; whatever is beyond is none. */
const MOST_MS = 8.64e15;

// What a number of milliseconds is in nanoseconds: the bytes of the varint, the first four of them as one integer.
const NANOS_BYTES = new Uint8Array(1000);
const NANOS_LOW = new Int32Array(1000);
const NANOS_HIGH = new Uint8Array(1000);
for (let ms = 1; ms < 1000; ms += 1) {
  const view = new DataView(new ArrayBuffer(8));
  NANOS_BYTES[ms] = writeVarint(view, 0, ms * 1_000_000);
  NANOS_LOW[ms] = view.getInt32(0, true);
  NANOS_HIGH[ms] = view.getUint8(4);
}

/**
 * The field of a usual time, made once for all series that began at it. It is copied as two doubles: whatever the time,
 * their bytes are no NaN, which the engine may change in copying.
 */
export class TimestampField {
  /** No field is longer. */
  static readonly ROOM = 16;
  readonly doubles = new Float64Array(2);
  readonly #words = new Int32Array(this.doubles.buffer);

  /** Makes the field of an entry of `times` and answers how many bytes it takes; -1 where the time is not usual. */
  make(tag: number, times: Float64Array, row: number): number {
    const ms = times[row]!;
    if (!(ms >= FEWEST_USUAL_MS && ms < MOST_USUAL_MS)) return -1;
    const whole = Math.floor(ms / 1000);
    const seconds = whole | 0;
    const rest = (ms - whole * 1000) | 0;
    const low = lowestBytes(seconds) | 0x8080_8080;
    const nanos = NANOS_LOW[rest]!;
    const bytes = rest === 0 ? 8 : 9 + NANOS_BYTES[rest]!;
    const words = this.#words;
    words[0] = tag | ((bytes - 2) << 8) | (SECONDS << 16) | (low << 24);
    words[1] = (low >>> 8) | ((seconds >>> 28) << 24);
    words[2] = NANOS | (nanos << 8);
    words[3] = (nanos >>> 24) | (NANOS_HIGH[rest]! << 8);
    return bytes;
  }
}

/** How many bytes the field takes, its tag included; none where there is no time. */
export function timestampFieldBytes(ms: number): number {
  if (!(Math.abs(ms) <= MOST_MS)) return 0;
  const seconds = Math.floor(ms / 1000);
  const nanos = NANOS_BYTES[Math.floor(ms - seconds * 1000)]!;
  return 3 + int64Bytes(seconds) + (nanos === 0 ? 0 : 1 + nanos);
}

/** Writes the field with this tag, of whole milliseconds, and answers where it ends; there must be `timestampFieldBytes`. */
export function writeTimestampField(target: DataView, at: number, tag: number, ms: number): number {
  if (!(Math.abs(ms) <= MOST_MS)) return at;
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.floor(ms - seconds * 1000) * 1_000_000;
  target.setUint8(at, tag);
  target.setUint8(at + 2, SECONDS);
  let position = writeInt64(target, at + 3, seconds);
  if (nanos > 0) {
    target.setUint8(position, NANOS);
    position = writeVarint(target, position + 1, nanos);
  }
  target.setUint8(at + 1, position - at - 2);
  return position;
}

/** The field of series that mostly began at the time of the one before, so that it is made once for all of those. */
export class RepeatedTimestamp {
  readonly #tag: number;
  readonly #field = new TimestampField();
  #ms = Number.NaN;
  #bytes = 0;
  #isUsual = false;

  constructor(tag: number) {
    this.#tag = tag;
  }

  /** How many bytes the field of an entry of `times` takes; none where there is no time. */
  bytes(times: Float64Array, row: number): number {
    if (times[row] !== this.#ms) this.#make(times, row);
    return this.#bytes;
  }

  /** Writes the field and answers where it ends. There must be `TimestampField.ROOM`; what is more than the field is overwritten. */
  write(target: DataView, at: number, times: Float64Array, row: number): number {
    if (times[row] !== this.#ms) this.#make(times, row);
    if (!this.#isUsual) return writeTimestampField(target, at, this.#tag, times[row]!);
    const { doubles } = this.#field;
    target.setFloat64(at, doubles[0]!, true);
    target.setFloat64(at + 8, doubles[1]!, true);
    return at + this.#bytes;
  }

  #make(times: Float64Array, row: number): void {
    const bytes = this.#field.make(this.#tag, times, row);
    this.#ms = times[row]!;
    this.#isUsual = bytes >= 0;
    this.#bytes = this.#isUsual ? bytes : timestampFieldBytes(this.#ms);
  }
}

/** The lowest 28 bits, seven in each byte. */
function lowestBytes(value: number): number {
  return (value & 0x7f) | ((value << 1) & 0x7f00) | ((value << 2) & 0x7f_0000) | ((value << 3) & 0x7f00_0000);
}
