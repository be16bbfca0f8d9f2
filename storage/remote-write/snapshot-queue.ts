// The snapshots that wait to be sent, oldest first, bounded by the memory that they take. Snapshots share arrays with each
// other, and what is shared counts once: else the limit would be reached long before the memory is.
import type { Snapshot } from '../../lib/model/family.js';
import type { NativeColumns } from '../../lib/model/native-histogram.js';

export interface QueuedSnapshot {
  readonly snapshot: Snapshot;
  readonly samples: number;
  /** How many of them have been dealt with: sent, or refused by the target. */
  done: number;
}

/** An entry with what it holds, which is found out once: families may take their time, or throw. */
interface HeldEntry {
  readonly entry: QueuedSnapshot;
  readonly blocks: number;
  readonly buffers: readonly ArrayBufferLike[];
}

/** What a snapshot costs besides its arrays, and each block. */
const SNAPSHOT_BYTES = 500;
const BLOCK_BYTES = 300;

export class SnapshotQueue {
  readonly #maxBytes: number;
  readonly #entries: HeldEntry[] = [];
  /** How many queued blocks hold an array's memory. */
  readonly #holders = new Map<ArrayBufferLike, number>();
  #bytes = 0;
  #isSending = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Samples that were not dealt with. */
  get samples(): number {
    return this.#entries.reduce((sum, { entry: { samples, done } }) => sum + samples - done, 0);
  }

  /**
   * Appends a snapshot and answers what had to go for it: the oldest ones, but for the one that is being sent, and the new
   * one itself where it is too large in any case.
   */
  push(entry: QueuedSnapshot): readonly QueuedSnapshot[] {
    const held = { entry, ...holdingsOf(entry.snapshot) };
    this.#entries.push(held);
    this.#account(held, 1);
    const dropped: QueuedSnapshot[] = [];
    const first = this.#isSending ? 1 : 0;
    while (this.#bytes > this.#maxBytes && this.#entries.length > first) {
      const [oldest] = this.#entries.splice(first, 1) as [HeldEntry];
      this.#account(oldest, -1);
      dropped.push(oldest.entry);
    }
    return dropped;
  }

  /** The oldest one, which stays until it is removed. */
  startSending(): QueuedSnapshot | undefined {
    const [oldest] = this.#entries;
    this.#isSending = oldest !== undefined;
    return oldest?.entry;
  }

  removeSent(): void {
    const sent = this.#entries.shift();
    this.#isSending = false;
    if (sent !== undefined) this.#account(sent, -1);
  }

  #account({ blocks, buffers }: HeldEntry, sign: 1 | -1): void {
    this.#bytes += sign * (SNAPSHOT_BYTES + blocks * BLOCK_BYTES);
    for (const buffer of buffers) this.#hold(buffer, sign);
  }

  #hold(buffer: ArrayBufferLike, sign: 1 | -1): void {
    const before = this.#holders.get(buffer) ?? 0;
    const after = before + sign;
    if (before === 0) this.#bytes += buffer.byteLength;
    if (after > 0) {
      this.#holders.set(buffer, after);
      return;
    }
    this.#holders.delete(buffer);
    this.#bytes -= buffer.byteLength;
  }
}

function holdingsOf({ families }: Snapshot): Pick<HeldEntry, 'blocks' | 'buffers'> {
  const buffers: ArrayBufferLike[] = [];
  let blocks = 0;
  for (const family of families) {
    for (const { labelIds, values, createdMs, timestampsMs, live, native } of family.blocks()) {
      blocks++;
      buffers.push(labelIds.buffer, values.buffer, createdMs.buffer);
      if (live !== undefined) buffers.push(live.buffer);
      if (timestampsMs !== undefined) buffers.push(timestampsMs.buffer);
      if (native !== undefined) buffers.push(...buffersOf(native));
    }
  }
  return { blocks, buffers };
}

function buffersOf({ schemas, zeroThresholds, zeroCounts, positive, negative }: NativeColumns): ArrayBufferLike[] {
  const sides = [positive, negative].flatMap(({ starts, indexes, counts }) => [starts, indexes, counts]);
  return [schemas, zeroThresholds, zeroCounts, ...sides].map(({ buffer }) => buffer);
}
