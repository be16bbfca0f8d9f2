// What a FileStorage has written to a folder, for whoever wants to ask and no more: nothing in the folder is changed, and another
// process may be writing there.
import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow';
import type { StorageError } from '../../lib/errors.js';
import { compileMatchers } from '../../lib/model/matchers.js';
import type { LabelMatcher, Queryable, SeriesData, TimeRange } from '../../lib/model/storage.js';
import { Selection } from './reading/selection.js';
import { SegmentFolder } from './segments/folder.js';

export interface FileHistoryOptions {
  /** Hears of damage, once per place. What it throws is dropped. */
  readonly onError?: (error: StorageError) => void;
}

/**
 * The history in a folder as it was when it was opened, whatever its age. Open it again to see what was written since.
 *
 * @example
 * const history = (await FileHistory.open('metrics'))._unsafeUnwrap();
 * const answer = await new QueryEngine(history).range('rate(orders_total[5m])', { start, end, step: 60 });
 */
export class FileHistory implements Queryable {
  readonly #folder: SegmentFolder;

  private constructor(folder: SegmentFolder) {
    this.#folder = folder;
  }

  /** Whether there is anything to ask. */
  get isEmpty(): boolean {
    return this.#folder.all.length === 0;
  }

  /** Errors: `file_unreadable` for a folder that is not there or may not be read. */
  static open(
    directory: string,
    { onError = () => undefined }: FileHistoryOptions = {},
  ): ResultAsync<FileHistory, StorageError> {
    return new ResultAsync(FileHistory.#open(new SegmentFolder(directory, onError, 'read')));
  }

  static async #open(folder: SegmentFolder): Promise<Result<FileHistory, StorageError>> {
    try {
      await folder.load();
      return ok(new FileHistory(folder));
    } catch (cause) {
      return err({ kind: 'file_unreadable', file: folder.directory, cause });
    }
  }

  /**
   * Finds the series that fulfil all matchers and have samples in the range, as a `FileStorage` does. Files that the writer has
   * removed meanwhile are told to `onError` and left out.
   *
   * Errors: `invalid_matcher`.
   */
  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<AsyncIterable<SeriesData>, StorageError> {
    const predicates = compileMatchers(matchers);
    if (predicates.isErr()) return errAsync(predicates.error);
    return new ResultAsync(Promise.resolve(ok(new Selection(this.#folder, { predicates: predicates.value, range }))));
  }
}
