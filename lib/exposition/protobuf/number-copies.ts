// Where the numbers of blocks are copied to. The copies of one exposition are used again for the next: a million series would be 8 MB
// of fresh buffers in each scrape, for which the engine collects all garbage in every second one and holds the loop for it.
import type { SeriesBlock } from '../../model/family.js';

/** How many numbers are kept for the next time: 8 MB. What is beyond is left to the engine. */
const MOST_KEPT = 2 ** 20;

const kept = new Map<number, Float64Array[]>();
let keptNumbers = 0;

/** A block that stays as it is until its numbers are given back. */
export function borrowCopy(block: SeriesBlock): SeriesBlock {
  const count = block.size * block.width;
  const values = take(2 ** Math.ceil(Math.log2(Math.max(1, count))));
  values.set(block.values.subarray(0, count));
  return { ...block, live: block.live?.slice(0, block.size), values };
}

/** Ends the use of a copy. One that is never given back is only garbage. */
export function giveBack({ values }: SeriesBlock): void {
  if (keptNumbers + values.length > MOST_KEPT) return;
  keptNumbers += values.length;
  const others = kept.get(values.length);
  if (others === undefined) kept.set(values.length, [values]);
  else others.push(values);
}

function take(length: number): Float64Array {
  const values = kept.get(length)?.pop();
  if (values === undefined) return new Float64Array(length);
  keptNumbers -= length;
  return values;
}
