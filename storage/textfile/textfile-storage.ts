// The storage for node_exporter's textfile collector: one file of classic text that always holds the latest snapshot as a
// whole. For jobs that end before anyone could scrape them, on machines where a node_exporter runs anyway.
import { dirname } from 'node:path';
import { errAsync, ResultAsync } from 'neverthrow';
import type { StorageError } from '../../lib/errors.js';
import { encodeFamilies } from '../../lib/exposition/index.js';
import type { Snapshot } from '../../lib/model/family.js';
import { countSamples } from '../../lib/model/samples.js';
import type { MetricsStorage, StorageStatistics } from '../../lib/model/storage.js';
import { makeFolder } from '../disk/make-folder.js';
import { removeLeftovers, replaceFile, Unwritable } from './replace-file.js';
import { type TextfileStorageOptions, textfileSettings } from './textfile-options.js';

/**
 * Writes each snapshot to one `.prom` file, in the classic text format and without time stamps, as node_exporter wants it. The
 * file is replaced as a whole: who reads it sees a snapshot or the one before, never a part. It stays when the storage is
 * closed, so that what a job recorded is seen after its end.
 *
 * It is no history: it cannot be queried, and knows nothing after a restart.
 *
 * Source: https://github.com/prometheus/node_exporter#textfile-collector
 *
 * @example
 * const storage = new TextfileStorage({ file: '/var/lib/node_exporter/backup.prom' });
 * await storage.write(await metrics.snapshot());
 * // # TYPE backup_duration_seconds gauge
 * // backup_duration_seconds 12.5
 */
export class TextfileStorage implements MetricsStorage {
  readonly name: string;
  readonly #settings: Required<TextfileStorageOptions>;
  /** Settles when all writes so far are done. Never rejects. */
  #idle: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #isClean = false;
  #bytesWritten = 0;

  /** Throws a `MetricDefinitionError` (`invalid_option`) for options that make no sense. */
  constructor(options: TextfileStorageOptions) {
    this.#settings = textfileSettings(options);
    this.name = this.#settings.name;
  }

  /**
   * Replaces the file, one write after the other, and answers how many samples are in it. The folder is made if there is none.
   *
   * Errors: `file_unwritable`, and the file is as it was before; `storage_closed`; `storage_failed` when the snapshot's own
   * families throw.
   */
  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    if (this.#isClosed) return errAsync({ kind: 'storage_closed', storage: this.name });
    const written = this.#idle.then(() => this.#write(snapshot));
    this.#idle = written.catch(() => undefined);
    return ResultAsync.fromPromise(written, (cause) => this.#failure(cause));
  }

  statistics(): readonly StorageStatistics[] {
    return [{ storage: this.name, bytes: this.#bytesWritten }];
  }

  /** Waits for the writes so far. The file stays. */
  close(): ResultAsync<void, StorageError> {
    this.#isClosed = true;
    return ResultAsync.fromSafePromise(this.#idle.then(() => undefined));
  }

  async #write(snapshot: Snapshot): Promise<number> {
    const { file, escaping } = this.#settings;
    const samples = countSamples(snapshot);
    try {
      await makeFolder(dirname(file));
    } catch (cause) {
      throw new Unwritable(file, cause);
    }
    if (!this.#isClean)
      await removeLeftovers(file, (left, cause) => this.#tell({ kind: 'file_unwritable', file: left, cause }));
    this.#isClean = true;
    const pieces = encodeFamilies(snapshot.families, { format: 'prometheus', escaping });
    this.#bytesWritten += await replaceFile(this.#settings, pieces);
    return samples;
  }

  #tell(error: StorageError): void {
    try {
      this.#settings.onError(error);
    } catch {
      // What listens to errors must not make some.
    }
  }

  #failure(cause: unknown): StorageError {
    if (cause instanceof Unwritable) return { kind: 'file_unwritable', file: cause.file, cause: cause.cause };
    return { kind: 'storage_failed', storage: this.name, cause };
  }
}
