// The families and groups of one worker, and which of its blocks of series are which merged ones.
import type { MergedFamily } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import type { GroupNews } from './protocol.js';
import { NOWHERE, type SourceBlock } from './source-block.js';

export interface SourceFamily {
  /** Undefined where the family conflicts with another worker's. */
  readonly merged: MergedFamily | undefined;
  readonly groups: SourceGroup[];
}

export interface SourceGroup {
  readonly family: SourceFamily;
  readonly merged: MergedGroup | undefined;
  readonly news: GroupNews;
  /** Label values that all of its series carry besides. */
  readonly suffix: readonly string[];
  readonly blocks: SourceBlock[];
}

/** A report that contradicts what was said before. */
export class BrokenReport extends Error {}

/** What is known of the series at a place of a worker's group. */
export function rowAt(
  group: SourceGroup | undefined,
  slot: number,
): { readonly block: SourceBlock | undefined; readonly row: number; readonly place: number } {
  const capacity = group?.news.capacity ?? 1;
  const block = group?.blocks[Math.floor(slot / capacity)];
  const row = slot % capacity;
  return { block, row, place: block?.slots[row] ?? NOWHERE };
}
