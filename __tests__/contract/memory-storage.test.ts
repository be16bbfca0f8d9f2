// MemoryStorage keeps the storage contract.
import { MemoryStorage } from 'telltale';
import { describeStorageContract } from 'telltale/storage/contract';
import { queryableSubject } from './queryable-subject.js';

describeStorageContract('MemoryStorage', async () => queryableSubject(new MemoryStorage()));
