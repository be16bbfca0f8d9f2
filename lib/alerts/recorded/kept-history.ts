// What a RecordedHistory needs of where it is kept: what is recent in memory, sample by sample, and everything in a storage that
// takes snapshots.
import type { Snapshot } from '../../model/family.js';
import type { Queryable, TimeRange } from '../../model/storage.js';
import type { Appending } from '../evaluation/surroundings.js';

export interface KeptHistory extends Queryable {
  readonly memory: Appending;
  /** Whether memory has all that there is of a range. */
  isInMemory(range: TimeRange): boolean;
  /** Brings what memory has already to whoever takes snapshots. Never rejects. */
  handOn(snapshot: Snapshot): Promise<void>;
}
