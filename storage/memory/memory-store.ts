// What a MemoryStorage holds: the two histories under one budget, and when which of their samples go. The decisions about
// retention and room stand here; the histories carry them out.
import type { Snapshot } from '../../lib/model/family.js';
import type { Labels } from '../../lib/model/label-set.js';
import type { NativeHistogram } from '../../lib/model/native-histogram.js';
import { Pace } from '../../lib/model/pace.js';
import type { TimeRange } from '../../lib/model/storage.js';
import { AppendedHistory } from './appended/appended-history.js';
import { Budget } from './budget.js';
import { isHistogram } from './histograms/histogram-check.js';
import type { MemorySettings } from './memory-options.js';
import type { Histories } from './selection.js';
import { SnapshotHistory } from './snapshots/snapshot-history.js';
import { SnapshotWriter } from './snapshots/snapshot-writer.js';

/** Appended samples are looked through for old ones this often per retention. */
const EXPIRIES_PER_RETENTION = 16;
/** The share of the series that must have vanished for it to be worth giving up history for their room. */
const STALE_SHARE = 1 / 8;
/** With fewer snapshots than this, giving up history for histograms would leave hardly any. */
const FEWEST_GIVEN_UP = 8;
/** The share of the budget that is kept free for new series, and that the new series of a generation may take, while many vanish. */
const SPARE_SHARE = 1 / 8;

/** What a `MemoryStorage` holds at the moment. */
export interface MemoryUsage {
  /** Series as queries see them: a histogram counts once per bucket, and once each for its sum and its count. */
  readonly seriesCount: number;
  /** An account kept by the storage itself, not a measurement; within a fifth of what V8 takes, which varies from run to run. */
  readonly bytes: number;
  /** Between which times there are samples; undefined when there are none. Milliseconds since the epoch. */
  readonly timeRange: TimeRange | undefined;
  /** Samples that were not stored, because the series that `maxBytes` allows were all in use. */
  readonly refusedSamples: number;
}

export class MemoryStore implements Histories {
  readonly snapshots: SnapshotHistory;
  readonly appended: AppendedHistory;
  readonly #settings: MemorySettings;
  readonly #budget: Budget;
  /** A generation takes no more than this much time, so that what is dropped together is of about one age. */
  readonly #spanMs: number;
  readonly #madeMs: number;
  #nextExpiryMs = -Infinity;
  #refusedSamples = 0;
  #lastRefusedMs = -Infinity;
  /** Series were refused, or are there, in the last snapshot. */
  #refusedLast = false;
  #refusedHistogramsLast = false;
  #seriesInLast = 0;

  constructor(settings: MemorySettings) {
    this.#settings = settings;
    this.#madeMs = settings.clock.now();
    this.#spanMs = settings.retentionMs / 2;
    this.#budget = new Budget(settings.maxBytes);
    this.snapshots = new SnapshotHistory(this.#budget);
    this.appended = new AppendedHistory(this.#budget);
  }

  /** Samples from before this time are over. */
  cutoffMs(): number {
    return this.#settings.clock.now() - this.#settings.retentionMs;
  }

  /** From when on it has every sample that came. */
  completeSinceMs(): number {
    const missingMs = Math.max(this.#budget.droppedMs, this.#lastRefusedMs);
    return Math.max(this.#madeMs, this.cutoffMs(), missingMs + 1);
  }

  async write(snapshot: Snapshot): Promise<number> {
    const cutoffMs = this.cutoffMs();
    const { timestampMs } = snapshot;
    if (!Number.isFinite(timestampMs) || timestampMs < cutoffMs) return 0;
    const pace = new Pace();
    this.#expireAppended();
    await this.#ageSnapshots(cutoffMs, pace);
    const written = await new SnapshotWriter(this.snapshots, this.appended, pace).write(snapshot);
    const { stored, refused, series, refusedHistograms } = written;
    this.#noteRefused(refused, timestampMs);
    this.#refusedLast = refused > 0;
    this.#refusedHistogramsLast = refusedHistograms > 0;
    this.#seriesInLast = series;
    this.#budget.makeRoom(0);
    return stored;
  }

  append(labels: Labels, timestampMs: number, value: number): boolean {
    if (!Number.isFinite(timestampMs) || typeof value !== 'number') return false;
    this.#expireAppended();
    if (timestampMs < this.cutoffMs()) return false;
    return this.#counted(this.appended.append(labels, timestampMs, value), timestampMs);
  }

  appendHistogram(labels: Labels, timestampMs: number, histogram: NativeHistogram): boolean {
    if (!Number.isFinite(timestampMs) || !isHistogram(histogram)) return false;
    this.#expireAppended();
    if (timestampMs < this.cutoffMs()) return false;
    return this.#counted(this.appended.append(labels, timestampMs, histogram), timestampMs);
  }

  appendEnd(labels: Labels, timestampMs: number): boolean {
    if (!Number.isFinite(timestampMs) || timestampMs < this.cutoffMs()) return false;
    return this.appended.appendEnd(labels, timestampMs) === 'stored';
  }

  #counted(outcome: ReturnType<AppendedHistory['append']>, timestampMs: number): boolean {
    if (outcome === 'refused') this.#noteRefused(1, timestampMs);
    return outcome === 'stored';
  }

  #noteRefused(samples: number, timestampMs: number): void {
    this.#refusedSamples += samples;
    if (samples > 0) this.#lastRefusedMs = Math.max(this.#lastRefusedMs, timestampMs);
  }

  usage(): MemoryUsage {
    let seriesCount = 0;
    for (const table of this.snapshots.tables) seriesCount += table.size * table.kinds.length;
    for (const table of this.appended.tables) seriesCount += table.size;
    return {
      seriesCount,
      bytes: this.#budget.used,
      timeRange: this.#timeRange(),
      refusedSamples: this.#refusedSamples,
    };
  }

  async #ageSnapshots(cutoffMs: number, pace: Pace): Promise<void> {
    const { snapshots } = this;
    const spare = this.#settings.maxBytes * SPARE_SHARE;
    const [isTurningOver, isOpenGivenUp] = [this.#isTurningOver, this.#isOpenGivenUp];
    const isOpenLarge = isTurningOver && snapshots.open.startedBytes > spare;
    const isOpenOver = snapshots.isOpenFull(this.#spanMs) || snapshots.isOpenOver(cutoffMs);
    if (isOpenOver || isOpenLarge || isOpenGivenUp) await snapshots.seal(pace);
    snapshots.expire(cutoffMs);
    await snapshots.sweep(pace);
    if (!isTurningOver && !isOpenGivenUp) return;
    // One generation after the other: what goes with it, the labels of series that have vanished, is most of the room.
    while (this.#budget.used > this.#settings.maxBytes - spare && this.#budget.dropOldest())
      await snapshots.sweep(pace);
  }

  /** Whether many series are gone from the snapshots, so that dropping history makes room for others. */
  get #isTurningOver(): boolean {
    const { seriesCount } = this.snapshots;
    return seriesCount - this.#seriesInLast > seriesCount * STALE_SHARE;
  }

  /**
   * New series or histograms found no room, so that all that is left is the open generation. If many of its series are gone
   * from the snapshots, or it is histograms that fill it, its history is given up: newer data counts for more than older.
   */
  get #isOpenGivenUp(): boolean {
    if (!this.#refusedLast) return false;
    return this.#isTurningOver || (this.#refusedHistogramsLast && this.snapshots.open.count >= FEWEST_GIVEN_UP);
  }

  #expireAppended(): void {
    const now = this.#settings.clock.now();
    const everyMs = this.#settings.retentionMs / EXPIRIES_PER_RETENTION;
    // Further ahead than one wait: the clock was set back, and nothing would go until it has caught up.
    if (now < this.#nextExpiryMs && !(this.#nextExpiryMs - now > everyMs)) return;
    this.#nextExpiryMs = now + everyMs;
    this.appended.expire(now - this.#settings.retentionMs);
  }

  #timeRange(): TimeRange | undefined {
    const cutoffMs = this.cutoffMs();
    let startMs = Infinity;
    let endMs = -Infinity;
    for (const { timestampsMs, count } of this.snapshots.generations()) {
      for (const at of timestampsMs.subarray(0, count)) {
        if (at >= cutoffMs) startMs = Math.min(startMs, at);
        endMs = Math.max(endMs, at);
      }
    }
    for (const { firstMs, lastMs } of this.appended.chunks()) {
      if (lastMs >= cutoffMs) startMs = Math.min(startMs, Math.max(firstMs, cutoffMs));
      endMs = Math.max(endMs, lastMs);
    }
    return startMs <= endMs ? { startMs, endMs } : undefined;
  }
}
