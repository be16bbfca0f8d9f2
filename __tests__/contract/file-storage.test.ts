// FileStorage keeps the storage contract, in real folders.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStorage } from 'telltale/storage';
import { describeStorageContract } from 'telltale/storage/contract';
import { queryableSubject } from './queryable-subject.js';

describeStorageContract('FileStorage', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-contract-'));
  const opened = await FileStorage.open({ directory });
  return queryableSubject(opened._unsafeUnwrap(), () => rm(directory, { recursive: true, force: true }));
});
