// One column of numbers (a series over some time) as few bytes, without loss of a bit. What metrics are made of decides
// the three forms: numbers that stay, whole numbers that go on by steps, and the doubles that are neither.
//
// | form | for | bytes, n numbers |
// |---|---|---|
// | repeated | all alike: idle counters, empty buckets | 1, and the number (none for 0) |
// | steps | integers, and decimals that are integers / 10^k: counters, sizes, times in µs | 2 + two numbers + n × the bits of (largest − smallest step) |
// | xor | anything else: sums of durations, ratios, NaN | 13 + n × the bits in which neighbours differ |
//
// Bit widths are fixed per column: codes of variable length save little on columns this short, and cost several times as
// much to read. Measured, in ns a number: 2 to 17 to write, 1 to 12 to read.
import type { ByteSink } from './byte-sink.js';
import type { ByteSource } from './byte-source.js';
import { HIGH, LOW, number, words } from './number-words.js';

/** No column has more numbers than this. */
export const MOST_NUMBERS = 128;
const MOST_COLUMN_BYTES = 32 + MOST_NUMBERS * 8;

const REPEATED_ZERO = 0;
const REPEATED_INTEGER = 1;
const REPEATED = 2;
const XOR = 3;
/** Plus the place of the scale in `SCALES`. */
const STEPS = 4;

const SCALES = [1, 10, 100, 1e3, 1e6, 1e9];
/** Up to here the difference of two integers, doubled for its sign, is exact. */
const MOST_INTEGER = 2 ** 51;

// Columns are coded one at a time and never across an await, so that one set of buffers serves them all.
const integers = new Float64Array(MOST_NUMBERS);
const lowWords = new Uint32Array(MOST_NUMBERS);
const highWords = new Uint32Array(MOST_NUMBERS);

/** Where decoded numbers go: from place `at` on, which moves on with them. */
export interface NumberTarget {
  numbers: Float64Array;
  at: number;
}

/** Appends the first `count` numbers (1 to `MOST_NUMBERS`) as a column. */
export function encodeColumn(values: Float64Array, count: number, sink: ByteSink): void {
  sink.reserve(MOST_COLUMN_BYTES);
  if (isRepeated(values, count)) encodeRepeated(values[0] as number, sink);
  else if (!encodeSteps(values, count, sink)) encodeXor(values, count, sink);
}

/** Reads the column of `count` numbers that begins where the source stands. */
export function decodeColumn(source: ByteSource, count: number, target: NumberTarget): void {
  const form = source.u8();
  if (form === XOR) decodeXor(source, count, target);
  else if (form >= STEPS) decodeSteps(source, count, { target, scale: SCALES[form - STEPS] as number });
  else {
    const value = form === REPEATED_ZERO ? 0 : form === REPEATED_INTEGER ? source.signed() : source.f64();
    target.numbers.fill(value, target.at, target.at + count);
    target.at += count;
  }
}

/** NaN counts as unlike itself, because NaNs differ in their bits: Prometheus marks the end of a series by one of them. */
function isRepeated(values: Float64Array, count: number): boolean {
  const first = values[0] as number;
  for (let i = 1; i < count; i++) {
    const value = values[i] as number;
    if (value !== first || (value === 0 && !Object.is(value, first))) return false;
  }
  return !Number.isNaN(first);
}

function encodeRepeated(value: number, sink: ByteSink): void {
  if (Object.is(value, 0)) sink.u8(REPEATED_ZERO);
  else if (isInteger(value)) {
    sink.u8(REPEATED_INTEGER);
    sink.signed(value);
  } else {
    sink.u8(REPEATED);
    sink.f64(value);
  }
}

function isInteger(value: number): boolean {
  return Math.abs(value) <= MOST_INTEGER && Math.round(value) === value && !Object.is(value, -0);
}

/** Finds the smallest scale at which all numbers are integers, and writes their steps; false when there is none. */
function encodeSteps(values: Float64Array, count: number, sink: ByteSink): boolean {
  for (let s = 0; s < SCALES.length; s++) {
    const scale = SCALES[s] as number;
    let i = 0;
    for (; i < count; i++) {
      const value = values[i] as number;
      const integer = Math.round(value * scale);
      // The decoder divides likewise, so that equality here is equality there.
      if (!isInteger(integer) || integer / scale !== value) break;
      integers[i] = integer;
    }
    if (i === count) return writeSteps(count, STEPS + s, sink);
  }
  return false;
}

function writeSteps(count: number, form: number, sink: ByteSink): boolean {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 1; i < count; i++) {
    const step = (integers[i] as number) - (integers[i - 1] as number);
    if (step < least) least = step;
    if (step > most) most = step;
  }
  if (most - least > 0xffffffff) return false;
  const width = bitWidth(most - least);
  sink.u8(form);
  sink.u8(width);
  sink.signed(integers[0] as number);
  sink.signed(least);
  for (let i = 1; i < count; i++) lowWords[i - 1] = (integers[i] as number) - (integers[i - 1] as number) - least;
  sink.packed(lowWords, count - 1, width);
  return true;
}

function decodeSteps(
  source: ByteSource,
  count: number,
  { target, scale }: { readonly target: NumberTarget; readonly scale: number },
): void {
  const { numbers } = target;
  const width = source.u8();
  let integer = source.signed();
  const least = source.signed();
  source.packed(lowWords, count - 1, width);
  const start = target.at;
  const end = start + count;
  numbers[start] = integer;
  for (let at = start + 1, i = 0; at < end; at++, i++) {
    integer += least + (lowWords[i] as number);
    numbers[at] = integer;
  }
  // By a loop of its own, because most columns are whole numbers and a division takes as long as all the rest.
  if (scale !== 1) for (let at = start; at < end; at++) numbers[at] = (numbers[at] as number) / scale;
  target.at = end;
}

/** Writes the bits in which each number differs from the one before, without the outer bits in which none does. */
function encodeXor(values: Float64Array, count: number, sink: ByteSink): void {
  number[0] = values[0] as number;
  let low = words[LOW] as number;
  let high = words[HIGH] as number;
  let lowUnion = 0;
  let highUnion = 0;
  for (let i = 1; i < count; i++) {
    number[0] = values[i] as number;
    lowUnion |= lowWords[i - 1] = (words[LOW] as number) ^ low;
    highUnion |= highWords[i - 1] = (words[HIGH] as number) ^ high;
    low = words[LOW] as number;
    high = words[HIGH] as number;
  }
  sink.u8(XOR);
  sink.f64(values[0] as number);
  writeDifferences(lowWords, { count: count - 1, union: lowUnion }, sink);
  writeDifferences(highWords, { count: count - 1, union: highUnion }, sink);
}

function writeDifferences(
  differences: Uint32Array,
  { count, union }: { readonly count: number; readonly union: number },
  sink: ByteSink,
): void {
  const shift = union === 0 ? 0 : bitWidth(union & -union) - 1;
  const width = bitWidth(union >>> shift);
  for (let i = 0; i < count; i++) differences[i] = (differences[i] as number) >>> shift;
  sink.u8(shift);
  sink.u8(width);
  sink.packed(differences, count, width);
}

function decodeXor(source: ByteSource, count: number, target: NumberTarget): void {
  const { numbers } = target;
  const first = source.f64();
  const lowShift = readDifferences(source, count - 1, lowWords);
  const highShift = readDifferences(source, count - 1, highWords);
  number[0] = first;
  let low = words[LOW] as number;
  let high = words[HIGH] as number;
  let at = target.at;
  numbers[at++] = first;
  for (let i = 0; i < count - 1; i++) {
    low ^= (lowWords[i] as number) << lowShift;
    high ^= (highWords[i] as number) << highShift;
    words[LOW] = low;
    words[HIGH] = high;
    numbers[at++] = number[0] as number;
  }
  target.at = at;
}

/** Reads the differences and answers by how many bits they are to be shifted. */
function readDifferences(source: ByteSource, count: number, into: Uint32Array): number {
  const shift = source.u8();
  const width = source.u8();
  source.packed(into, count, width);
  return shift;
}

/** How many bits an unsigned 32-bit number needs. */
function bitWidth(word: number): number {
  return 32 - Math.clz32(word);
}
