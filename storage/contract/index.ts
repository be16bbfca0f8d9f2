// The entry point `telltale/storage/contract`: the suite that every storage passes, published so that users can run it
// against one of their own.
export {
  type ContractSubject,
  describeStorageContract,
  type MakeSubject,
  type StorageContractOptions,
  type StoredSample,
  type TestRunner,
} from './storage-contract.js';
