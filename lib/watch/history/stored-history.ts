// Opens what a station or a FileStorage has left in a folder, to be asked and no more. Nothing in it is dropped for its age or its
// size, whatever the limits of the one that has written it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from 'neverthrow';
import { FileStorage } from '../../../storage/file/file-storage.js';
import { describe } from '../../errors.js';
import type { Queryable } from '../../model/storage.js';
import { JoinedQueryables } from '../../query/joined-queryables.js';

export interface StoredHistory {
  readonly queryable: Queryable;
  close(): Promise<void>;
}

/**
 * @param directory - Of one storage, or a station's, which has a folder for each target.
 * @returns The error as a sentence. Never rejects.
 */
export async function openStoredHistory(directory: string): Promise<Result<StoredHistory, string>> {
  const folders = await foldersOf(directory);
  if (folders.isErr()) return err(folders.error);
  const storages: FileStorage[] = [];
  const close = async () => {
    await Promise.all(storages.map((storage) => storage.close()));
  };
  for (const folder of folders.value) {
    const opened = await FileStorage.open({
      directory: folder,
      fsync: 'never',
      retentionSeconds: Number.POSITIVE_INFINITY,
      maxBytes: Number.POSITIVE_INFINITY,
    });
    if (opened.isErr()) {
      await close();
      return err(describe(opened.error));
    }
    storages.push(opened.value);
  }
  return ok({ queryable: new JoinedQueryables(storages.map((queryable) => ({ labels: {}, queryable }))), close });
}

async function foldersOf(directory: string): Promise<Result<readonly string[], string>> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const within = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
    return ok(within.length > 0 ? within : [directory]);
  } catch (cause) {
    return err(`The folder ${directory} cannot be read: ${(cause as Error).message}.`);
  }
}
