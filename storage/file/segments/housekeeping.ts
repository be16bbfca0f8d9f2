// Keeps the folder within its limits: whole segments go when they are too old or too many, and small ones, of which every
// restart leaves one, are put together. Nothing here loses a sample that the limits still allow.

import type { Pace } from '../../../lib/model/pace.js';
import type { FileSettings } from '../file-options.js';
import { compact } from './compaction.js';
import type { SegmentFolder } from './folder.js';
import type { Segment } from './segment.js';

/** So many small segments in a row are put together: often enough to keep the list short, seldom enough to copy little. */
const FEWEST_TOGETHER = 8;
/** A segment is small up to this share of what one may grow to. */
const SMALL_SHARE = 1 / 2;

export class Housekeeping {
  readonly #folder: SegmentFolder;
  readonly #settings: FileSettings;
  /** The state of the list that was last looked through for small segments. */
  #looked = -1;

  constructor(folder: SegmentFolder, settings: FileSettings) {
    this.#folder = folder;
    this.#settings = settings;
  }

  /** Drops what is too old and what is too much. Answers the bytes that this freed. */
  async expire(): Promise<void> {
    const { retentionMs, maxBytes, clock } = this.#settings;
    const cutoffMs = clock.now() - retentionMs;
    for (const segment of this.#folder.segments) {
      if (segment.summary.lastMs < cutoffMs) await this.#drop(segment);
    }
    // The newest stays, whatever it takes: there would be nothing left.
    while (this.#folder.bytes > maxBytes && this.#folder.all.length > 1) {
      await this.#drop(this.#folder.segments[0] as Segment);
    }
  }

  /** Puts one run of small segments together, if there is one. Answers how many bytes were written. */
  async compact(pace: Pace): Promise<number> {
    if (this.#looked === this.#folder.revision) return 0;
    const run = this.#smallOnes();
    const bytes = run.length < FEWEST_TOGETHER ? 0 : await compact(this.#folder, run, pace);
    // Where there is another run, it is found after the next write.
    if (bytes === 0) this.#looked = this.#folder.revision;
    return bytes;
  }

  /** The first run of neighbours that are small, fit into one segment and do not span more time than one should. */
  #smallOnes(): readonly Segment[] {
    const { segmentBytes, segmentMs } = this.#settings;
    let run: Segment[] = [];
    let bytes = 0;
    for (const segment of this.#folder.segments) {
      const isSmall = segment.bytes <= segmentBytes * SMALL_SHARE && !segment.isDamaged;
      const spansMs = segment.summary.lastMs - (run[0] ?? segment).summary.firstMs;
      if (isSmall && bytes + segment.bytes <= segmentBytes && spansMs <= segmentMs) {
        run.push(segment);
        bytes += segment.bytes;
        continue;
      }
      if (run.length >= FEWEST_TOGETHER) return run;
      run = isSmall ? [segment] : [];
      bytes = isSmall ? segment.bytes : 0;
    }
    return run;
  }

  async #drop(segment: Segment): Promise<void> {
    this.#folder.replace([segment]);
    await this.#folder.discard(segment);
  }
}
