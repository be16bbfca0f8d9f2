// Up to 32 snapshots in a row, the unit in which history is compressed and dropped. All series share its time stamps;
// pages hold its numbers while it is open, sealed pages afterwards. Readers hold on to generations, so that nothing that
// happens after a `select` can change what it answers.
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import { GenerationHistograms } from '../histograms/generation-histograms.js';
import { type Page, type PageView, TICKS } from './page.js';
import type { SealedPage } from './sealed-page.js';
import type { SnapshotSeries } from './snapshot-table.js';

export class Generation {
  readonly number: number;
  readonly timestampsMs = new Float64Array(TICKS);
  readonly histograms = new GenerationHistograms<SnapshotSeries>();
  /** Whole snapshots; one that is still being written does not count. */
  count = 0;
  firstMs = Infinity;
  lastMs = -Infinity;
  /** Whether time went on with every snapshot. A clock that was set back breaks that. */
  ascending = true;
  /** By id of the page; undefined while the generation is open. */
  #sealed: readonly (SealedPage | undefined)[] | undefined;
  bytes = TICKS * 8 + 300;
  /** What the series take that began in it, without their numbers. */
  startedBytes = 0;

  constructor(number: number) {
    this.number = number;
  }

  /** Makes the snapshot that was just written a part of history. */
  commit(timestampMs: number): void {
    if (timestampMs <= this.lastMs) this.ascending = false;
    this.timestampsMs[this.count++] = timestampMs;
    this.firstMs = Math.min(this.firstMs, timestampMs);
    this.lastMs = Math.max(this.lastMs, timestampMs);
  }

  /** Notes a native histogram of the snapshot that is being written. Answers how many bytes that took. */
  putHistogram(series: SnapshotSeries, histogram: NativeHistogram): number {
    const bytes = this.histograms.put(series, this.count, histogram);
    this.bytes += bytes;
    return bytes;
  }

  /** Forgets the histograms of the snapshot that was being written. Answers how many bytes more or less that takes. */
  abandonHistograms(): number {
    const bytes = this.histograms.abandon(this.count);
    this.bytes += bytes;
    return bytes;
  }

  seal(pages: readonly (SealedPage | undefined)[]): void {
    this.#sealed = pages;
    this.bytes += pages.length * 8 + this.histograms.seal();
    for (const page of pages) this.bytes += page?.bytes ?? 0;
  }

  /** The snapshots within a range of time, both ends inclusive, as a mask. */
  ticksWithin(startMs: number, endMs: number): number {
    let mask = 0;
    for (let tick = 0; tick < this.count; tick++) {
      const at = this.timestampsMs[tick] as number;
      if (at >= startMs && at <= endMs) mask |= 1 << tick;
    }
    return mask;
  }

  /** What this generation has of a page's rows; undefined when that is nothing. */
  viewOf(page: Page): PageView | undefined {
    return this.#sealed === undefined ? page : this.#sealed[page.id];
  }
}
