// The storage that keeps history in files: for one machine that wants its metrics to survive a restart and a crash. This
// file is its public face; what it does stands in `file-store.ts`, how files look in docs/file-format.md.
import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow';
import type { StorageError } from '../../lib/errors.js';
import type { Snapshot } from '../../lib/model/family.js';
import { compileMatchers } from '../../lib/model/matchers.js';
import type {
  LabelMatcher,
  MetricsStorage,
  Queryable,
  SeriesData,
  StorageStatistics,
  TimeRange,
} from '../../lib/model/storage.js';
import { exportOpenMetrics } from './export/openmetrics-export.js';
import { type FileSettings, type FileStorageOptions, fileSettings } from './file-options.js';
import { FileStore, Unwritable } from './file-store.js';
import { FolderLock, Locked } from './lock/folder-lock.js';
import { lastSnapshot } from './reading/restored-snapshot.js';
import { Selection } from './reading/selection.js';
import { SegmentFolder } from './segments/folder.js';

/**
 * Keeps what it is given in a folder of segment files, for `retentionSeconds` and up to `maxBytes`. One process at a time may
 * have the folder.
 *
 * Durability: a snapshot that was answered is there after the process was killed at any moment; after a power failure or a
 * crash of the machine it is there as far as `fsync` says. A record that was not written to its end is cut off when the folder
 * is opened next. Anything else that is damaged is told to `onError` as `file_corrupt`; the rest stays readable.
 *
 * A write that fails leaves what was there; the next one tries again with a whole snapshot. A folder that was removed is made
 * again.
 *
 * Order: snapshots may come in any order. Of two with the same time stamp the one that came last is answered.
 * Samples that have a time of their own (`SeriesBlock.timestampsMs`) are kept at that time, each once; one that is more than an hour
 * before its snapshot or ten minutes ahead is none.
 *
 * Cost: a snapshot of 100 000 known series takes a few milliseconds of CPU, in portions of 1.5 ms, and 2 to 10 bytes per
 * number that changed; numbers that stay as they are cost nothing. Memory is that of the last snapshot's numbers.
 *
 * @example
 * const opened = await FileStorage.open({ directory: 'metrics', restore: true });
 * if (opened.isErr()) throw new Error(describe(opened.error));
 * const metrics = new MetricsCollector({ storage: opened.value });
 */
export class FileStorage implements MetricsStorage, Queryable {
  readonly name: string;
  readonly #store: FileStore;
  readonly #folder: SegmentFolder;
  readonly #settings: FileSettings;
  /** What the folder held when it was opened, until it was asked for and a newer one is written. */
  #restored: Snapshot | undefined;
  #wasRestored = false;
  /** Settles when everything that was begun is done. Never rejects. */
  #idle: Promise<unknown> = Promise.resolve();
  #closed: Promise<Result<void, StorageError>> | undefined;
  #syncTimer: NodeJS.Timeout | undefined;

  private constructor(settings: FileSettings, store: FileStore, folder: SegmentFolder) {
    this.name = settings.name;
    this.#settings = settings;
    this.#store = store;
    this.#folder = folder;
  }

  /**
   * Opens a folder, or makes one. Complete segments are not read, but for their ends.
   *
   * Errors: `file_locked` when another storage has the folder, of this or of another process (one that died with it is no
   * obstacle); `file_unwritable`. Throws a `MetricDefinitionError` (`invalid_option`) for options that make no sense.
   */
  static open(options: FileStorageOptions): ResultAsync<FileStorage, StorageError> {
    const settings = fileSettings(options);
    return new ResultAsync(FileStorage.#open(settings));
  }

  static async #open(settings: FileSettings): Promise<Result<FileStorage, StorageError>> {
    const folder = new SegmentFolder(settings.directory, settings.onError);
    let lock: FolderLock | undefined;
    try {
      await folder.make();
      lock = await FolderLock.take(settings.directory);
      await folder.load();
      const storage = new FileStorage(settings, new FileStore(settings, folder, lock), folder);
      if (settings.restore) storage.#restored = await lastSnapshot(folder);
      return ok(storage);
    } catch (cause) {
      await lock?.release();
      return err(failure(cause instanceof Locked ? cause : new Unwritable(settings.directory, cause), settings.name));
    }
  }

  /**
   * Stores a snapshot and answers how many samples were stored: none of one that is older than the retention. Snapshots are
   * stored one after the other, and a snapshot is answered by queries as a whole or not at all.
   *
   * Errors: `file_unwritable` when the disk is full, the folder was removed or may not be written; `storage_closed`;
   * `storage_failed` when the snapshot's own families throw. Nothing of the snapshot stays then.
   */
  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    if (this.#closed !== undefined) return errAsync(this.#closedError());
    const written = this.#enqueue(() => this.#store.write(snapshot));
    const stored = written.then((result) => {
      if (result.isErr()) return result;
      if (this.#wasRestored) this.#restored = undefined;
      this.#syncLater();
      return result;
    });
    void this.#enqueue(() => this.#store.keepOrder()).then((result) => this.#tell(result));
    return new ResultAsync(stored);
  }

  /**
   * Finds the series that fulfil all matchers and have samples in the range. What it answers is settled when it is called:
   * snapshots stored later are not in it, and none are missing because they were dropped meanwhile. Files are read when the
   * answer is iterated, and held open until then; damage that is met on the way is told to `onError` and left out.
   *
   * Errors: `invalid_matcher`; `storage_closed`.
   *
   * Cost: proportional to what the segments of the range hold, about 1 s per GB; what can match is decoded besides, at about
   * 10 ns a sample. Memory: 128 MB of samples at most, and one snapshot of the families that can match. Where there is more to
   * answer, the segments are read several times.
   */
  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<AsyncIterable<SeriesData>, StorageError> {
    if (this.#closed !== undefined) return errAsync(this.#closedError());
    const predicates = compileMatchers(matchers);
    if (predicates.isErr()) return errAsync(predicates.error);
    return new ResultAsync(
      Promise.resolve(ok(new Selection(this.#folder, { predicates: predicates.value, range: this.#kept(range) }))),
    );
  }

  /**
   * The last snapshot that the folder held when it was opened, with the time at which each series started; undefined when there
   * was none, or when it was not opened with `restore: true`.
   */
  restore(): ResultAsync<Snapshot | undefined, StorageError> {
    this.#wasRestored = true;
    return new ResultAsync(Promise.resolve(ok(this.#restored)));
  }

  /**
   * Writes the history of a range as OpenMetrics text with time stamps, in pieces that each end with a line, for
   * `promtool tsdb create-blocks-from openmetrics`. What it writes is settled when it is first asked for a piece. Damage that
   * is met on the way is told to `onError` and left out. Read it to its end or leave the loop.
   *
   * Names are those of OpenMetrics: a counter's samples end in `_total`, and bounds are written as `1.0`. Native
   * histograms, which the format does not have, show as classic ones.
   *
   * @example
   * await pipeline(storage.exportOpenMetrics({ startMs: 0, endMs: Date.now() }), createWriteStream('history.om'));
   * // # TYPE orders counter
   * // orders_total{shop="north"} 5 1700000000.123
   * // # EOF
   */
  exportOpenMetrics(range: TimeRange): AsyncIterable<Uint8Array> {
    return exportOpenMetrics(this.#folder, this.#kept(range));
  }

  /** How many bytes reached the disk, those of compaction included. */
  statistics(): readonly StorageStatistics[] {
    return [{ storage: this.name, bytes: this.#store.bytesWritten }];
  }

  /**
   * Completes the last segment once the writes so far are done, brings it to the disk and gives the folder back. Answers to
   * earlier queries can still be read.
   *
   * Errors: `file_unwritable` when not everything could be brought to the disk.
   */
  close(): ResultAsync<void, StorageError> {
    clearTimeout(this.#syncTimer);
    this.#closed ??= this.#enqueue(() => this.#store.close());
    return new ResultAsync(this.#closed);
  }

  #kept({ startMs, endMs }: TimeRange): TimeRange {
    return { startMs: Math.max(startMs, this.#store.cutoffMs()), endMs };
  }

  /** One thing after the other. */
  #enqueue<T>(work: () => Promise<T>): Promise<Result<T, StorageError>> {
    const done = this.#idle.then(work).then(
      (value) => ok<T, StorageError>(value),
      (cause: unknown) => err<T, StorageError>(failure(cause, this.name)),
    );
    this.#idle = done;
    return done;
  }

  #syncLater(): void {
    const { fsync } = this.#settings;
    if (typeof fsync === 'string' || this.#syncTimer !== undefined || this.#closed !== undefined) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      void this.#enqueue(() => this.#store.sync()).then((result) => this.#tell(result));
    }, fsync.everySeconds * 1000);
    this.#syncTimer.unref();
  }

  #tell(result: Result<unknown, StorageError>): void {
    if (result.isErr()) this.#folder.report(result.error);
  }

  #closedError(): StorageError {
    return { kind: 'storage_closed', storage: this.name };
  }
}

function failure(cause: unknown, storage: string): StorageError {
  if (cause instanceof Locked) return { kind: 'file_locked', file: cause.file, pid: cause.pid };
  if (cause instanceof Unwritable) return { kind: 'file_unwritable', file: cause.file, cause: cause.cause };
  return { kind: 'storage_failed', storage, cause };
}
