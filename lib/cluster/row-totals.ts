// What the numbers of a row come to from the very start: with what they were before the series started anew.
import type { Block, SeriesGroup } from '../instruments/series-group.js';

export function totalsOf(group: SeriesGroup, slot: number): Float64Array {
  const totals = group.rowOf(slot).slice();
  const { carried } = group.blocks[slot >> group.shift] as Block;
  const from = (slot & group.mask) * group.width;
  if (carried !== undefined)
    for (let i = 0; i < totals.length; i++) (totals[i] as number) += carried[from + i] as number;
  return totals;
}

/** The observations of a histogram's row: all numbers but the last one, which is their sum. Allocates nothing. */
export function countOf(group: SeriesGroup, slot: number): number {
  const { values, carried } = group.blocks[slot >> group.shift] as Block;
  const from = (slot & group.mask) * group.width;
  let count = 0;
  for (let i = from; i < from + group.width - 1; i++) count += (values[i] as number) + (carried?.[i] ?? 0);
  return count;
}
