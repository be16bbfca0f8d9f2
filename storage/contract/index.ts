// The entry point `telltale/storage/contract`: the suite that every storage passes, published so that users can run it
// against one of their own.
export type { ContractSubject, StoredSample } from './contract-subject.js';
export {
  describeStorageContract,
  type MakeSubject,
  type StorageContractOptions,
  type TestRunner,
} from './storage-contract.js';
