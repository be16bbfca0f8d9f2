// What a storage brings to be held to the contract, and what a rule of the contract is.
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
   * labels that it adds itself. Waits where the target needs a moment to show what was written.
   */
  read(name: string): Promise<readonly StoredSample[]>;
  /** Ends what was started for it. The storage is closed by then. */
  dispose(): Promise<void>;
}

/** Runs against a subject of its own, with time stamps from `startMs` on. */
export type Rule = (subject: ContractSubject, startMs: number) => Promise<void>;
