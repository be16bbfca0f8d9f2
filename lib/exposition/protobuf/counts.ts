// Numbers of observations, and what they add up to. Histograms have two fields for each: one for whole numbers, which every instrument counts in, and
// one for all others, which may be read from elsewhere. A series uses one kind throughout.
import { varintBytes, writeDouble, writeVarint } from './wire.js';

/** Up to here the difference of two counts is exact, and still is when it is written. */
const MOST_WHOLE = 2 ** 52;

/** The tags of the two fields of a count. */
export interface CountTags {
  readonly whole: number;
  readonly float: number;
}

/** Whether these counts can be written as whole numbers, their sum included. */
export function areWhole(counts: Float64Array, from: number, to: number): boolean {
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    const count = counts[at]!;
    if (!(count >= 0 && count === Math.floor(count))) return false;
    sum += count;
  }
  return sum <= MOST_WHOLE;
}

/** How many bytes a count takes, its tag included. */
export function countBytes(count: number, whole: boolean): number {
  return 1 + (whole ? varintBytes(count) : 8);
}

/** Writes a count with its tag, and answers where it ends. */
export function writeCount(target: DataView, at: number, tags: CountTags, count: number, whole: boolean): number {
  target.setUint8(at, whole ? tags.whole : tags.float);
  return whole ? writeVarint(target, at + 1, count) : writeDouble(target, at + 1, count);
}

/** How many bytes a sum takes, its tag included; none where it is NaN, because nobody told it. */
export function sumBytes(sum: number): number {
  return Number.isNaN(sum) ? 0 : 9;
}

/** Writes a sum with its tag, and answers where it ends. */
export function writeSum(target: DataView, at: number, tag: number, sum: number): number {
  if (Number.isNaN(sum)) return at;
  target.setUint8(at, tag);
  return writeDouble(target, at + 1, sum);
}
