// FanOutStorage keeps the storage contract; what it stored is read from its second storage.
import { FanOutStorage, MemoryStorage } from 'telltale/storage';
import { describeStorageContract } from 'telltale/storage/contract';
import { queryableSubject } from './queryable-subject.js';

describeStorageContract(
  'FanOutStorage',
  async () => {
    const memory = new MemoryStorage();
    return { ...queryableSubject(memory), storage: new FanOutStorage([new MemoryStorage(), memory]) };
  },
  {
    skip: {
      'answers queries with what was written, where it can be asked': 'queries go to the storages that it writes to',
      'answers when series ended, where it can be asked': 'queries go to the storages that it writes to',
      'answers samples of the times that they have of their own, where it can be asked':
        'queries go to the storages that it writes to',
      'answers native histograms as they were written, where it can be asked':
        'queries go to the storages that it writes to',
    },
  },
);
