// One snapshot to several storages, none of which can harm the others: each has its own time limit and its own circuit
// breaker, and the answer tells who did not take it.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type Clock, systemClock } from '../../lib/clock.js';
import { MetricDefinitionError, type StorageError } from '../../lib/errors.js';
import type { Snapshot } from '../../lib/model/family.js';
import type { MetricsStorage, StorageStatistics } from '../../lib/model/storage.js';
import { GuardedStorage } from '../delivery/guarded-storage.js';

export interface FanOutOptions {
  /** How long each storage may take for a write. Default 15, which leaves a push its own limit of 10. At most a day. */
  readonly timeoutSeconds?: number;
  /** Failures in a row after which a storage is left alone for a while. Default 5. */
  readonly failuresUntilOpen?: number;
  readonly clock?: Clock;
  readonly name?: string;
}

/**
 * Writes every snapshot to all of its storages at the same time.
 *
 * `write` answers the number of samples when all have taken them, and `fan_out_failed` with the error of each that has not
 * when one or more failed: those that are not named have stored the snapshot. Queries go to the storages themselves.
 *
 * @throws MetricDefinitionError `invalid_option` without a storage, or with one that is given twice.
 * @example
 * const history = new MemoryStorage();
 * const storage = new FanOutStorage([history, new PushgatewayStorage({ url: 'http://127.0.0.1:9091', jobName: 'shop' })]);
 */
export class FanOutStorage implements MetricsStorage {
  readonly name: string;
  readonly #members: readonly GuardedStorage[];
  #isClosed = false;

  constructor(storages: readonly MetricsStorage[], options: FanOutOptions = {}) {
    const { timeoutSeconds = 15, failuresUntilOpen = 5, clock = systemClock, name = 'fan-out' } = options;
    check(storages, { timeoutSeconds, failuresUntilOpen });
    this.name = name;
    const guard = { clock, timeoutSeconds, breaker: { failures: failuresUntilOpen } };
    this.#members = storages.map((storage) => new GuardedStorage(storage, guard));
  }

  /** Errors: `fan_out_failed`, `storage_closed`. */
  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    if (this.#isClosed) return new ResultAsync(Promise.resolve(err({ kind: 'storage_closed', storage: this.name })));
    return this.#all((member) => member.write(snapshot)).map((counts) => Math.max(...counts));
  }

  /** Closes all, also when one fails to. Errors: `fan_out_failed`. */
  close(): ResultAsync<void, StorageError> {
    this.#isClosed = true;
    return this.#all((member) => member.close()).map(() => undefined);
  }

  /** Of the first storage that has something to restore. Errors: that of the first that failed, where none has. */
  restore(): ResultAsync<Snapshot | undefined, StorageError> {
    return new ResultAsync(this.#restoreFirst());
  }

  /** Of all storages. */
  statistics(): readonly StorageStatistics[] {
    return this.#members.flatMap((member) => member.statistics());
  }

  retryNow(): void {
    for (const member of this.#members) member.retryNow();
  }

  async #restoreFirst(): Promise<Result<Snapshot | undefined, StorageError>> {
    let failed: Result<undefined, StorageError> = ok(undefined);
    for (const member of this.#members) {
      const restored = await member.restore();
      if (restored.isOk() && restored.value !== undefined) return restored;
      if (restored.isErr() && failed.isOk()) failed = err(restored.error);
    }
    return failed;
  }

  #all<T>(step: (member: GuardedStorage) => ResultAsync<T, StorageError>): ResultAsync<readonly T[], StorageError> {
    const run = async (): Promise<Result<readonly T[], StorageError>> => {
      const answers = await Promise.all(this.#members.map(step));
      const failures = answers.flatMap((answer, i) =>
        answer.isErr() ? [{ storage: (this.#members[i] as GuardedStorage).name, error: answer.error }] : [],
      );
      if (failures.length > 0) return err({ kind: 'fan_out_failed', failures, storages: answers.length });
      return ok(answers.map((answer) => answer._unsafeUnwrap()));
    };
    return new ResultAsync(run());
  }
}

function check(
  storages: readonly MetricsStorage[],
  { timeoutSeconds, failuresUntilOpen }: { timeoutSeconds: number; failuresUntilOpen: number },
): void {
  const refuse = (option: string, value: unknown, rule: string): never => {
    throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
  };
  if (!Array.isArray(storages) || storages.length === 0)
    refuse('storages', typeof storages, 'Give at least one storage.');
  if (new Set(storages).size < storages.length) refuse('storages', 'one of them twice', 'Give every storage once.');
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400))
    refuse('timeoutSeconds', timeoutSeconds, 'Give seconds, above 0 and at most a day.');
  if (!(Number.isInteger(failuresUntilOpen) && failuresUntilOpen >= 1))
    refuse('failuresUntilOpen', failuresUntilOpen, 'Give a whole number of at least 1.');
}
