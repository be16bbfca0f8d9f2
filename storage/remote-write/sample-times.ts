// Of which times the samples of a snapshot are sent, and which need not be sent because they were with the snapshot before. Apart from
// the writing of requests, which only asks.
import type { SeriesBlock, Snapshot } from '../../lib/model/family.js';
import { isNear, isTimed, ownTimeOf } from '../../lib/model/sample-times.js';

export class SampleTimes {
  readonly #snapshotMs: number;
  /** Blocks of the snapshot before with times of their own, by their arrays of label ids: the same array means the same series. */
  readonly #before = new Map<Int32Array, SeriesBlock>();

  constructor({ timestampMs, families }: Snapshot, previous: Snapshot | undefined) {
    this.#snapshotMs = timestampMs;
    if (previous === undefined || !families.some(({ blocks }) => [...blocks()].some(isTimed))) return;
    for (const { blocks } of previous.families) {
      for (const block of blocks()) if (isTimed(block)) this.#before.set(block.labelIds, block);
    }
  }

  /** The time of a row; `known` where it was sent before, `far` where it is no time that a target would take. */
  of(block: SeriesBlock, row: number): number | 'known' | 'far' {
    const ownMs = ownTimeOf(block, row);
    if (Number.isNaN(ownMs)) return this.#snapshotMs;
    if (!isNear(ownMs, this.#snapshotMs)) return 'far';
    const before = this.#before.get(block.labelIds);
    return before !== undefined && row < before.size && ownMs <= ownTimeOf(before, row) ? 'known' : ownMs;
  }
}
