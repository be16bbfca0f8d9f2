// When samples were taken: with their snapshot, or at a time of their own that whoever exposed them gave. A part of the model
// because every storage has to go by the same rule.
import type { SeriesBlock } from './family.js';
import type { TimeRange } from './storage.js';

/** Samples may be so much older than their snapshot, or newer; Prometheus draws its lines there as well. */
const MOST_BEHIND_MS = 3_600_000;
const MOST_AHEAD_MS = 600_000;

/** Whether some rows of a block have times of their own. */
export function isTimed({ timestampsMs }: SeriesBlock): boolean {
  return timestampsMs !== undefined;
}

/** The time that whoever exposed a row gave for it; NaN where that is the one of the snapshot. */
export function ownTimeOf({ timestampsMs }: SeriesBlock, row: number): number {
  return timestampsMs === undefined ? Number.NaN : (timestampsMs[row] as number);
}

/** Whether a row is to be stored, as one of a time that is its own or NaN: what is far from its snapshot is some mistake. */
export function isNear(ownMs: number, snapshotMs: number): boolean {
  return !(ownMs < snapshotMs - MOST_BEHIND_MS || ownMs > snapshotMs + MOST_AHEAD_MS);
}

/** When the snapshots were taken that may have samples of a range. */
export function rangeOfSnapshots({ startMs, endMs }: TimeRange): TimeRange {
  return { startMs: startMs - MOST_AHEAD_MS, endMs: endMs + MOST_BEHIND_MS };
}
