// Folders of their own for the tests of files, which are gone after each test, and storages in them that are closed before.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageError } from '../../../../lib/errors.js';
import type { LabelMatcher, SeriesData, TimeRange } from '../../../../lib/model/storage.js';
import type { FileStorageOptions } from '../../../../storage/file/file-options.js';
import { FileStorage } from '../../../../storage/file/file-storage.js';

export const EVER: TimeRange = { startMs: -Infinity, endMs: Infinity };

const folders: string[] = [];
const storages: FileStorage[] = [];

afterEach(async () => {
  for (const storage of storages.splice(0)) await storage.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-file-'));
  folders.push(folder);
  return folder;
}

export interface OpenedStorage {
  readonly storage: FileStorage;
  /** What `onError` was told. */
  readonly errors: StorageError[];
}

/** Opens a storage that keeps everything, unless told otherwise. */
export async function openStorage(
  options: Partial<FileStorageOptions> & { readonly directory: string },
): Promise<OpenedStorage> {
  const errors: StorageError[] = [];
  const onError = (error: StorageError) => errors.push(error);
  const opened = await FileStorage.open({ fsync: 'never', retentionSeconds: Infinity, onError, ...options });
  const storage = opened._unsafeUnwrap();
  storages.push(storage);
  return { storage, errors };
}

export async function selected(
  storage: FileStorage,
  matchers: readonly LabelMatcher[] = [],
  range: TimeRange = EVER,
): Promise<SeriesData[]> {
  const found = await storage.select(matchers, range);
  const all: SeriesData[] = [];
  for await (const series of found._unsafeUnwrap()) all.push(series);
  return all;
}

/** The samples of one series without labels, as [time stamp, value]. */
export async function samplesOf(storage: FileStorage, name: string): Promise<(readonly [number, number])[]> {
  const series = await selected(storage, [{ name: '__name__', operator: '=', value: name }]);
  return series.flatMap(({ timestampsMs, values }) =>
    Array.from(timestampsMs, (at, i) => [at, values[i] as number] as const),
  );
}
