// Turns live families into an immutable snapshot: numbers are copied block by block, label sets are shared, and the
// thread is given up between blocks, so that a million series never hold the event loop.
import { setImmediate } from 'node:timers/promises';
import type { MetricFamily, SeriesBlock, Snapshot } from './family.js';

/** How long to copy before others get a turn. */
const BUDGET_MS = 0.5;

/** Copies families as they are, each series as it is at one moment. */
export async function takeSnapshot(families: Iterable<MetricFamily>, timestampMs: number): Promise<Snapshot> {
  const copies: MetricFamily[] = [];
  let startedAt = performance.now();
  for (const family of families) {
    const blocks: SeriesBlock[] = [];
    for (const block of family.blocks()) {
      blocks.push(copyBlock(block));
      if (performance.now() - startedAt > BUDGET_MS) {
        await setImmediate();
        startedAt = performance.now();
      }
    }
    const { descriptor, observedNegative } = family;
    if (blocks.length > 0) copies.push({ descriptor, observedNegative, blocks: () => blocks });
  }
  return { timestampMs, families: copies };
}

/** A block that stays as it is. Label ids and start times are never changed once they were handed out; the rest is. */
export function copyBlock(block: SeriesBlock): SeriesBlock {
  return {
    ...block,
    live: block.live?.slice(0, block.size),
    values: block.values.slice(0, block.size * block.width),
  };
}

/** Whether a block has anything but gaps. */
export function hasSeries({ size, live }: SeriesBlock): boolean {
  return live === undefined ? size > 0 : live.subarray(0, size).includes(1);
}
