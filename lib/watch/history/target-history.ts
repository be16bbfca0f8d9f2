// Where the samples of one target go, or those of rules. Each target has storages of its own: to a storage a snapshot is everything that there is, so
// that a series which is missing has ended. That is just what a scrape says of its target, and nothing of the others.
import { join } from 'node:path';
import { ok, type ResultAsync, safeTry } from 'neverthrow';
import { FileStorage } from '../../../storage/file/file-storage.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { RemoteWriteStorage } from '../../../storage/remote-write/remote-write-storage.js';
import type { KeptHistory } from '../../alerts/recorded/kept-history.js';
import type { Clock } from '../../clock.js';
import type { StorageError } from '../../errors.js';
import type { Snapshot } from '../../model/family.js';
import type { LabelMatcher, MetricsStorage, SeriesData, TimeRange } from '../../model/storage.js';

export interface HistoryOptions {
  /** How long samples stay in memory. */
  readonly memorySeconds: number;
  readonly memoryBytes: number;
  /** Holds a folder for each history; without it, what is older than the memory's samples is gone. */
  readonly directory: string | undefined;
  readonly fileBytes: number;
  readonly remoteWriteUrl: string | undefined;
  readonly remoteQueueBytes: number;
  readonly clock: Clock;
  readonly onError: (error: StorageError) => void;
}

type Selected = Iterable<SeriesData> | AsyncIterable<SeriesData>;

export class TargetHistory implements KeptHistory {
  readonly memory: MemoryStorage;
  readonly #options: HistoryOptions;
  readonly #file: FileStorage | undefined;
  readonly #remote: MetricsStorage | undefined;

  private constructor(options: HistoryOptions, file: FileStorage | undefined) {
    const { memorySeconds, memoryBytes, clock, remoteWriteUrl, remoteQueueBytes, onError } = options;
    this.#options = options;
    this.#file = file;
    this.memory = new MemoryStorage({ retentionSeconds: memorySeconds, maxBytes: memoryBytes, clock });
    if (remoteWriteUrl !== undefined) {
      this.#remote = new RemoteWriteStorage({
        url: remoteWriteUrl,
        maxQueueBytes: remoteQueueBytes,
        escaping: 'underscores',
        onError,
        clock,
      });
    }
  }

  /**
   * @param folder - Its name within the directory.
   * @returns `file_locked` or `file_unwritable`, as `FileStorage.open` does.
   * @throws MetricDefinitionError for a remote-write address that makes no sense.
   */
  static open(folder: string, options: HistoryOptions): ResultAsync<TargetHistory, StorageError> {
    return safeTry(async function* () {
      const { directory, clock, fileBytes, onError } = options;
      if (directory === undefined) return ok(new TargetHistory(options, undefined));
      const file = yield* FileStorage.open({ directory: join(directory, folder), clock, maxBytes: fileBytes, onError });
      return ok(new TargetHistory(options, file));
    });
  }

  /** Resolves when everybody has it, or has told why not. */
  async write(snapshot: Snapshot): Promise<void> {
    await this.#writeTo([this.memory, this.#file, this.#remote], snapshot);
  }

  /** The same for what memory has already. */
  async handOn(snapshot: Snapshot): Promise<void> {
    await this.#writeTo([this.#file, this.#remote], snapshot);
  }

  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<Selected, StorageError> {
    const { memory } = this;
    return (this.isInMemory(range) ? memory : (this.#file ?? memory)).select(matchers, range);
  }

  /** Brings to disk and to the network what is on its way. */
  async close(): Promise<void> {
    const closed = [this.memory, this.#file, this.#remote].map(async (storage) => {
      const result = await storage?.close();
      if (result?.isErr()) this.#options.onError(result.error);
    });
    await Promise.all(closed);
  }

  async #writeTo(storages: readonly (MetricsStorage | undefined)[], snapshot: Snapshot): Promise<void> {
    const written = storages.map(async (storage) => {
      const result = await storage?.write(snapshot);
      if (result?.isErr()) this.#options.onError(result.error);
    });
    await Promise.all(written);
  }

  /** Whether memory has all that there is of a range. */
  isInMemory({ startMs }: TimeRange): boolean {
    return this.#file === undefined || startMs >= this.memory.completeSinceMs();
  }
}
