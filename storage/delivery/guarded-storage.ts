// A storage with a guard around it: a time limit for reading and writing, a circuit breaker, and a count of how writes went. Whatever
// writes to storages of unknown temper (the collector, the fan-out) does it through one of these.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { Clock } from '../../lib/clock.js';
import type { StorageError } from '../../lib/errors.js';
import type { Snapshot } from '../../lib/model/family.js';
import type { MetricsStorage, StorageStatistics } from '../../lib/model/storage.js';
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.js';

export interface GuardOptions {
  readonly clock: Clock;
  /** How long a write may take before its caller is told `storage_timed_out`. At most a day. */
  readonly timeoutSeconds: number;
  readonly breaker?: Omit<BreakerOptions, 'clock'>;
}

/** Whatever the storage does, throwing, rejecting or answering nonsense, comes back as a Result with an error of ours. */
export class GuardedStorage implements MetricsStorage {
  readonly name: string;
  readonly #storage: MetricsStorage;
  readonly #clock: Clock;
  readonly #timeoutSeconds: number;
  readonly #breaker: CircuitBreaker;
  readonly #failures: Record<string, number> = {};
  /** Of those for which the storage is left alone. */
  #lastError: StorageError | undefined;
  #writes = 0;
  #writeSeconds = 0;

  constructor(storage: MetricsStorage, { clock, timeoutSeconds, breaker }: GuardOptions) {
    this.name = storage.name;
    this.#storage = storage;
    this.#clock = clock;
    this.#timeoutSeconds = timeoutSeconds;
    this.#breaker = new CircuitBreaker({ clock, ...breaker });
  }

  /** Answers `circuit_open` without an attempt while the storage is left alone. */
  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    return new ResultAsync(this.#write(snapshot));
  }

  close(): ResultAsync<void, StorageError> {
    return new ResultAsync(this.#answer(() => this.#storage.close()));
  }

  /** Undefined is the answer of a storage that keeps nothing, too. */
  restore(): ResultAsync<Snapshot | undefined, StorageError> {
    const restored = this.#answer(async () => this.#storage.restore?.() ?? ok(undefined));
    return new ResultAsync(this.#limited(restored));
  }

  /** Of the storage itself where it tells, else as counted here. */
  statistics(): readonly StorageStatistics[] {
    const [own, ...others] = this.#ownStatistics();
    const counted: StorageStatistics = {
      storage: this.name,
      writes: this.#writes,
      failures: { ...this.#failures },
      writeSeconds: this.#writeSeconds,
      circuit: this.#breaker.state,
    };
    return [{ ...counted, ...own }, ...others];
  }

  retryNow(): void {
    this.#breaker.retryNow();
    try {
      this.#storage.retryNow?.();
    } catch {
      // It was a favour to the write that comes next, which will tell whether the storage works.
    }
  }

  async #write(snapshot: Snapshot): Promise<Result<number, StorageError>> {
    if (this.#lastError !== undefined && !this.#breaker.admits()) {
      const retryInSeconds = Math.ceil(this.#breaker.secondsUntilRetry);
      return err({ kind: 'circuit_open', target: this.name, retryInSeconds, lastError: this.#lastError });
    }
    const startedAt = this.#clock.monotonic();
    const answer = await this.#limited(this.#answer(() => this.#storage.write(snapshot)));
    this.#writes++;
    this.#writeSeconds += Math.max(0, this.#clock.monotonic() - startedAt);
    if (answer.isOk()) {
      this.#breaker.succeeded();
    } else {
      this.#failures[answer.error.kind] = (this.#failures[answer.error.kind] ?? 0) + 1;
      if (isOutage(answer.error)) {
        this.#lastError = answer.error;
        this.#breaker.failed();
      } else this.#breaker.succeeded();
    }
    return answer;
  }

  /** A write that comes too late is not undone: it may still reach its target. */
  #limited<T>(answer: Promise<Result<T, StorageError>>): Promise<Result<T, StorageError>> {
    const seconds = this.#timeoutSeconds;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Result<T, StorageError>>((resolve) => {
      const error: StorageError = { kind: 'storage_timed_out', storage: this.name, timeoutSeconds: seconds };
      timer = setTimeout(() => resolve(err(error)), seconds * 1000).unref();
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  async #answer<T>(call: () => PromiseLike<Result<T, StorageError>>): Promise<Result<T, StorageError>> {
    const failed = (cause: unknown) => err<T, StorageError>({ kind: 'storage_failed', storage: this.name, cause });
    try {
      const answer: unknown = await call();
      if (!isResult<T>(answer)) return failed('it answered no Result');
      if (answer.isOk()) return ok(answer.value);
      return isError(answer.error) ? err(answer.error) : failed(answer.error ?? 'it answered an error that is none');
    } catch (cause) {
      return failed(cause);
    }
  }

  #ownStatistics(): readonly StorageStatistics[] {
    try {
      const told: unknown = this.#storage.statistics?.() ?? [];
      return Array.isArray(told) ? told.filter((one) => typeof one === 'object' && one !== null) : [];
    } catch {
      // Figures are asked for by a reader of metrics, whom a storage that cannot count must not fail.
      return [];
    }
  }
}

/** By its shape: a user's storage may have a neverthrow of its own. */
function isResult<T>(answer: unknown): answer is Result<T, StorageError> {
  return typeof (answer as { isErr?: unknown } | undefined)?.isErr === 'function';
}

function isError(error: unknown): error is StorageError {
  return typeof (error as { kind?: unknown } | null | undefined)?.kind === 'string';
}

/** Whether leaving the target alone would help: not where it took a part, or answered that the request itself is at fault. */
function isOutage(error: StorageError): boolean {
  switch (error.kind) {
    case 'fan_out_failed':
      return error.failures.length === error.storages;
    case 'push_rejected':
      return error.status >= 500 || error.status === 429;
    case 'invalid_grouping_key':
    case 'storage_closed':
      return false;
    default:
      return true;
  }
}
