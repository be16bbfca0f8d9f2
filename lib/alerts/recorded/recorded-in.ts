// Keeps what rules record in a storage of its own: for services whose alerts have to survive a restart.
import type { ResultAsync } from 'neverthrow';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { type Clock, systemClock } from '../../clock.js';
import type { StorageError } from '../../errors.js';
import type { Snapshot } from '../../model/family.js';
import type { LabelMatcher, MetricsStorage, Queryable, SeriesData, TimeRange } from '../../model/storage.js';
import type { KeptHistory } from './kept-history.js';
import { RecordedHistory } from './recorded-history.js';

type Selected = Iterable<SeriesData> | AsyncIterable<SeriesData>;

export interface RecordedOptions {
  readonly clock?: Clock;
  /** Hears of snapshots that the storage did not take. */
  readonly onError?: (error: StorageError) => void;
}

/** As far as most rules look back; older samples are read from the storage. */
const MEMORY_SECONDS = 3600;

/**
 * Keeps what rules record in a storage that can be asked, such as a `FileStorage`, so that alerts and recorded series survive a
 * restart. Give it one of its own: to a storage a snapshot is everything that there is, and the collector's would end the
 * rules' series. Half a second may pass before a sample is written; histograms that rules record stay in memory.
 *
 * Close the evaluator first, which writes what is left, then the storage.
 *
 * @example
 * const ofRules = (await FileStorage.open({ directory: 'metrics/of-rules' }))._unsafeUnwrap();
 * const recorded = recordedIn(ofRules);
 * const engine = new QueryEngine([storage, recorded]);
 * const opened = await RuleEvaluator.open({ engine, storage: recorded, file: 'rules.yml' });
 */
export function recordedIn(storage: MetricsStorage & Queryable, options: RecordedOptions = {}): RecordedHistory {
  return new RecordedHistory(new StoredRecords(storage, options));
}

class StoredRecords implements KeptHistory {
  readonly memory: MemoryStorage;
  readonly #storage: MetricsStorage & Queryable;
  readonly #onError: (error: StorageError) => void;

  constructor(
    storage: MetricsStorage & Queryable,
    { clock = systemClock, onError = () => undefined }: RecordedOptions,
  ) {
    this.#storage = storage;
    this.#onError = onError;
    this.memory = new MemoryStorage({ retentionSeconds: MEMORY_SECONDS, clock });
  }

  isInMemory({ startMs }: TimeRange): boolean {
    return startMs >= this.memory.completeSinceMs();
  }

  select(matchers: readonly LabelMatcher[], range: TimeRange): ResultAsync<Selected, StorageError> {
    return (this.isInMemory(range) ? this.memory : this.#storage).select(matchers, range);
  }

  async handOn(snapshot: Snapshot): Promise<void> {
    const written = await this.#storage.write(snapshot);
    if (written.isErr()) this.#onError(written.error);
  }
}
