// What a station or a FileStorage has left in a folder, to be asked and no more. Nothing in it is changed, and whoever writes there
// may go on.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from 'neverthrow';
import { FileHistory } from '../../../storage/file/file-history.js';
import { describe, type StorageError } from '../../errors.js';
import type { Queryable } from '../../model/storage.js';
import { JoinedQueryables } from '../../query/joined-queryables.js';

/**
 * @param directory - Of one storage, or a station's, which has a folder for each target.
 * @param onError - Hears of files that are damaged.
 * @returns The error as a sentence. Never rejects.
 */
export async function openStoredHistory(
  directory: string,
  onError: (error: StorageError) => void,
): Promise<Result<Queryable, string>> {
  const histories: FileHistory[] = [];
  for (const folder of [directory, ...(await foldersWithin(directory))]) {
    const opened = await FileHistory.open(folder, { onError });
    if (opened.isErr()) return err(describe(opened.error));
    if (!opened.value.isEmpty) histories.push(opened.value);
  }
  if (histories.length === 0) {
    return err(`There is no history in ${directory}. Give the folder of telltale watch --data, or of a FileStorage.`);
  }
  return ok(new JoinedQueryables(histories.map((queryable) => ({ labels: {}, queryable }))));
}

/** None where the folder itself cannot be read, which is told when it is opened. */
async function foldersWithin(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
}
