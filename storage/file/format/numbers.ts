// How a number stands in a record: as the difference to the one before where that is a whole number, which counters and
// bucket counts nearly always have, else as it is. Reading gives back the same number, -0 and NaN included.
import type { ByteWriter } from './byte-writer.js';

/** Up to here a difference and its zigzag form are exact and no longer than the number itself. */
const MOST_DIFFERENCE = 2 ** 46;

/** `ByteReader.number` reads it. */
export function writeNumber(target: ByteWriter, value: number, before: number): void {
  const difference = value - before;
  if (
    Number.isInteger(difference) &&
    Math.abs(difference) <= MOST_DIFFERENCE &&
    Object.is(before + difference, value)
  ) {
    target.varint(difference < 0 ? -2 * difference : 2 * difference + 1);
    return;
  }
  target.u8(0);
  target.f64(value);
}

/** Whether writing the second after the first can be left out. */
export function isSameNumber(a: number, b: number): boolean {
  return a === b ? a !== 0 || 1 / a === 1 / b : Number.isNaN(a) && Number.isNaN(b);
}
