// Takes up totals where an earlier process left them: asks the storage once, when the collector is made, and adds what it
// answers to the metrics that exist by then and to those that are defined later.
import type { StorageError } from '../errors.js';
import type { LiveFamily } from '../instruments/live-family.js';
import { addStoredTotals } from '../instruments/stored-totals.js';
import type { MetricFamily } from '../model/family.js';
import type { MetricsStorage } from '../model/storage.js';
import { OWN_PREFIX } from './options.js';

export interface RestorationOptions {
  /** One that is guarded: every reading of the metrics waits for its answer. */
  readonly storage: Required<Pick<MetricsStorage, 'name' | 'restore'>>;
  /** All that exist when the storage has answered. */
  readonly families: () => Iterable<LiveFamily>;
  readonly tell: (error: StorageError) => void;
}

export class Restoration {
  /** Settles once it is known what there is to restore. Never rejects. */
  readonly done: Promise<void>;
  readonly #waiting = new Map<string, MetricFamily>();
  readonly #failed: (cause: unknown) => void;

  constructor(options: RestorationOptions) {
    const { storage, tell } = options;
    this.#failed = (cause) => tell({ kind: 'storage_failed', storage: storage.name, cause });
    this.done = this.#run(options);
  }

  /** Adds what is stored of a family that was just made. Never throws: what cannot be read is not restored, and told. */
  restore(family: LiveFamily): void {
    const { name } = family.descriptor;
    const stored = this.#waiting.get(name);
    if (stored === undefined) return;
    this.#waiting.delete(name);
    try {
      addStoredTotals(family, stored);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #run({ storage, families, tell }: RestorationOptions): Promise<void> {
    try {
      const answer = await storage.restore();
      if (answer.isErr()) return tell(answer.error);
      // The collector's own totals are of this process.
      for (const family of answer.value?.families ?? []) {
        if (!family.descriptor.name.startsWith(OWN_PREFIX)) this.#waiting.set(family.descriptor.name, family);
      }
      for (const family of families()) this.restore(family);
    } catch (cause) {
      this.#failed(cause);
    }
  }
}
