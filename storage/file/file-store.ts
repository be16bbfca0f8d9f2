// What a FileStorage does, one thing at a time: takes a snapshot to the disk, and keeps the folder in order afterwards. It
// rejects with what went wrong; its public face makes Results of that. Whoever calls never lets two of its methods overlap.
import { isNative, type Snapshot } from '../../lib/model/family.js';
import { Pace } from '../../lib/model/pace.js';
import { isTimed } from '../../lib/model/sample-times.js';
import type { FileSettings } from './file-options.js';
import { FormatVersion } from './format/layout.js';
import { FolderLock, Locked } from './lock/folder-lock.js';
import type { SegmentFolder } from './segments/folder.js';
import { Housekeeping } from './segments/housekeeping.js';
import { SegmentWriter } from './segments/segment-writer.js';
import { SnapshotEncoder } from './writing/snapshot-encoder.js';

/** Thrown when a file cannot be written. */
export class Unwritable extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super('unwritable', { cause });
    this.file = file;
  }
}

export class FileStore {
  readonly #settings: FileSettings;
  readonly #folder: SegmentFolder;
  readonly #housekeeping: Housekeeping;
  readonly #encoder = new SnapshotEncoder();
  #lock: FolderLock;
  /** A segment begins with a whole snapshot: whoever takes the writer away resets the encoder as well. */
  #writer: SegmentWriter | undefined;
  /** The folder may be gone: it is made and taken anew before the next write. */
  #isAway = false;
  #bytesWritten = 0;

  constructor(settings: FileSettings, folder: SegmentFolder, lock: FolderLock) {
    this.#settings = settings;
    this.#folder = folder;
    this.#lock = lock;
    this.#housekeeping = new Housekeeping(folder, settings);
  }

  /** Bytes that reached the disk, also those of compaction. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Samples from before this time are over. */
  cutoffMs(): number {
    return this.#settings.clock.now() - this.#settings.retentionMs;
  }

  /** Answers how many samples were stored. Nothing of the snapshot stays when it rejects. */
  async write(snapshot: Snapshot): Promise<number> {
    const { timestampMs } = snapshot;
    if (!Number.isFinite(timestampMs) || timestampMs < this.cutoffMs()) return 0;
    if (this.#isAway) await this.#comeBack();
    const version = versionFor(snapshot);
    await this.#rotate(timestampMs, version);
    if (this.#writer !== undefined && !(await this.#writer.isInPlace())) {
      const { path } = this.#writer.segment;
      await this.#abandon();
      throw new Unwritable(path, new Error('the file was removed while it was written'));
    }
    const { payload, samples } = await this.#encoder.encode(snapshot, new Pace());
    try {
      await this.#append(payload, timestampMs, version);
    } catch (cause) {
      this.#encoder.reset();
      throw cause;
    }
    return samples;
  }

  /** Brings what was written to the disk. */
  async sync(): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    try {
      await writer.sync();
    } catch (cause) {
      // What the system could not write it may have forgotten: the next snapshot is a whole one, in another file.
      await this.#abandon();
      throw new Unwritable(writer.segment.path, cause);
    }
  }

  /** Deletes what is over and puts small segments together. */
  async keepOrder(): Promise<void> {
    if (this.#isAway) return;
    await this.#housekeeping.expire();
    this.#bytesWritten += await this.#housekeeping.compact(new Pace());
  }

  /** Completes the last segment and gives the folder back. */
  async close(): Promise<void> {
    try {
      if (this.#settings.fsync !== 'never') await this.sync();
    } finally {
      await this.#seal();
      await this.#lock.release();
    }
  }

  async #append(payload: Uint8Array, timestampMs: number, version: number): Promise<void> {
    const writer = this.#writer ?? (await this.#begin(version));
    try {
      const bytes = await writer.append(payload);
      if (this.#settings.fsync === 'always') await writer.sync();
      writer.commit(bytes, timestampMs);
      this.#bytesWritten += bytes;
    } catch (cause) {
      try {
        await writer.cutBack();
      } catch {
        await this.#abandon();
      }
      throw new Unwritable(writer.segment.path, cause);
    }
  }

  async #begin(version: number): Promise<SegmentWriter> {
    let writer: SegmentWriter;
    try {
      writer = await SegmentWriter.create(this.#folder.directory, { number: this.#folder.nextNumber(), version });
    } catch (cause) {
      this.#isAway = true;
      throw new Unwritable(this.#folder.directory, cause);
    }
    if (this.#settings.fsync !== 'never') await this.#folder.sync();
    this.#writer = writer;
    this.#folder.begin(writer.segment);
    return writer;
  }

  /** Completes the segment when it has grown or aged enough, or may not hold what comes next. */
  async #rotate(timestampMs: number, version: number): Promise<void> {
    if (this.#writer === undefined) return;
    const { bytes, summary, version: ownVersion } = this.#writer.segment;
    const spansMs = Math.max(timestampMs, summary.lastMs) - Math.min(timestampMs, summary.firstMs);
    if (bytes >= this.#settings.segmentBytes || spansMs >= this.#settings.segmentMs || ownVersion < version) {
      await this.#seal();
    }
  }

  async #seal(): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    this.#encoder.reset();
    // Without its last record a segment is only slower to open.
    await writer.seal({ sync: this.#settings.fsync !== 'never' }).catch(() => undefined);
    this.#folder.complete();
    if (writer.segment.summary.records === 0) await this.#folder.discard(writer.segment);
  }

  /** Gives up the segment that is being written, as it is. */
  async #abandon(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    this.#isAway = true;
    this.#encoder.reset();
    await writer?.close();
    this.#folder.complete();
  }

  /** Makes the folder and takes the lock again where they are gone, and looks at what is left of the files. */
  async #comeBack(): Promise<void> {
    try {
      await this.#folder.make();
      if (!(await this.#lock.isHeld())) this.#lock = await FolderLock.take(this.#folder.directory);
      await this.#folder.load();
    } catch (cause) {
      throw cause instanceof Locked ? cause : new Unwritable(this.#folder.directory, cause);
    }
    this.#isAway = false;
  }
}

function versionFor({ families }: Snapshot): number {
  if (families.some(({ blocks }) => [...blocks()].some(isTimed))) return FormatVersion.times;
  const hasHistograms = families.some(({ descriptor }) => isNative(descriptor));
  return hasHistograms ? FormatVersion.histograms : FormatVersion.numbers;
}
