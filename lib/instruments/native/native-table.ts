// How the buckets of one series lie in memory, and the way of an observation into them: pages of neighbouring buckets in a
// small open-addressed table, so that memory follows the buckets in use and not the range between them.
import { type NativeIndex, observed } from './native-index.js';

/**
 * One array, so that an observation touches few cache lines: a head, the key of the page in each place, and then the counts of
 * the pages. Places follow from the low bits of a page's key: neighbours, which most are, never collide. It is a plain array of
 * doubles, because over thousands of series the header and the far-off memory of a typed array cost more than all the rest.
 */
export type NativeTable = number[];

/** The key of the bucket that the zero threshold is in; infinity has every observation looked at more closely. */
export const ZERO_KEY = 0;
/** By how many steps the schema is below that of the index. */
export const SHIFT = 1;
/** One less than the number of places. */
export const MASK = 2;
export const ZERO_THRESHOLD = 3;
export const ZERO_COUNT = 4;
export const RESET_AT = 5;
export const HEAD = 6;

export const FEWEST_PLACES = 2;
const PAGE_BITS = 3;
export const PAGE = 1 << PAGE_BITS;
/** The key of bucket 1. Indexes are within -275000 and 263000; no page has the key 0, which marks an empty place. */
const FIRST_KEY = 2 ** 20;

/** A positive bucket's key; a negative one's is its complement, and so below 0. */
export function keyOf(index: number, negative: boolean): number {
  const raised = index - 1 + FIRST_KEY;
  return negative ? ~raised : raised;
}

/** The index of the bucket that a key stands for, of either side. */
export const indexOf = (key: number): number => (key < 0 ? ~key : key) - FIRST_KEY + 1;

/** The page that a bucket is on, and the first bucket of a page. */
export const pageOf = (key: number): number => key >> PAGE_BITS;
export const firstKeyOf = (page: number): number => page << PAGE_BITS;

/** All zeros. Of fractions first, because an array of integers would be changed into one of doubles later. */
export function newTable(places: number): NativeTable {
  const table = Array.from({ length: HEAD + places + places * PAGE }, () => 0.5).fill(0);
  table[MASK] = places - 1;
  return table;
}

/** Where a page is, or would be. */
export function placeOf(table: NativeTable, page: number): number {
  const mask = table[MASK] as number;
  let place = page & mask;
  while (table[HEAD + place] !== page && table[HEAD + place] !== 0) place = (place + 1) & mask;
  return place;
}

/** Where the count of a bucket is whose page has a place. */
export function countAt(table: NativeTable, key: number): number {
  return HEAD + (table[MASK] as number) + 1 + placeOf(table, pageOf(key)) * PAGE + (key & (PAGE - 1));
}

/** The key of the bucket that `observed` is in. */
export function observedKey(table: NativeTable, index: NativeIndex): number {
  const raised = raisedKey(table, index);
  return (observed[0] as number) < 0 ? ~raised : raised;
}

/** That of the positive bucket of the same magnitude. */
export function raisedKey(table: NativeTable, index: NativeIndex): number {
  return ((index.findObserved() - 1) >> ((table[SHIFT] as number) | 0)) + FIRST_KEY;
}

/**
 * Counts `observed` if that is all there is to do; false, and nothing done, where it may be in the zero bucket, is the first
 * in its bucket or is NaN. Cost: 5 ns, no allocation.
 */
export function countObserved(table: NativeTable, index: NativeIndex): boolean {
  const raised = raisedKey(table, index);
  if (raised <= (table[ZERO_KEY] as number)) return false;
  const key = (observed[0] as number) < 0 ? ~raised : raised;
  const page = key >> PAGE_BITS;
  const mask = (table[MASK] as number) | 0;
  let place = page & mask;
  // Read twice and not kept, because a number that is carried round a loop is put into a box of its own.
  while (table[HEAD + place] !== page) {
    if (table[HEAD + place] === 0) return false;
    place = (place + 1) & mask;
  }
  const at = HEAD + mask + 1 + place * PAGE + (key & (PAGE - 1));
  const count = table[at] as number;
  if (count === 0) return false;
  table[at] = count + 1;
  return true;
}
