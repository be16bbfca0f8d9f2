// The orderly end: what is collected is stored once more, the storage is closed, and both happen within one time limit.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { CollectError, StorageError } from '../errors.js';
import type { MetricsStorage } from '../model/storage.js';
import type { Collecting } from './periodic.js';

type ShutdownError = CollectError | StorageError;

export interface ShutdownOptions {
  readonly collecting: readonly Collecting[];
  readonly storage: MetricsStorage;
  readonly timeoutSeconds: number;
}

/** Answers the first failure; later steps are taken all the same. */
export function shutDown({ collecting, storage, timeoutSeconds }: ShutdownOptions): ResultAsync<void, ShutdownError> {
  const deadline = new Deadline(withinADay(timeoutSeconds), storage.name);
  const run = async (): Promise<Result<void, ShutdownError>> => {
    try {
      const flushed = await deadline.limit(async () => ResultAsync.combine(collecting.map((one) => one.stop())));
      // Out of time, closing is still begun; its answer is not waited for.
      const closed = await deadline.limit<void>(async () => storage.close());
      if (flushed.isErr()) return err(flushed.error);
      return closed.isErr() ? err(closed.error) : ok(undefined);
    } finally {
      deadline.clear();
    }
  };
  return new ResultAsync(run());
}

/** One time limit for several steps. */
class Deadline {
  readonly #expired: Promise<Result<never, StorageError>>;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutSeconds: number, storage: string) {
    this.#expired = new Promise((resolve) => {
      const error: StorageError = { kind: 'storage_timed_out', storage, timeoutSeconds };
      this.#timer = setTimeout(() => resolve(err(error)), timeoutSeconds * 1000);
    });
  }

  limit<T>(step: () => PromiseLike<Result<T, ShutdownError>>): Promise<Result<T, ShutdownError>> {
    return Promise.race([Promise.resolve(step()), this.#expired]);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** Ending a program is no time to argue: a limit that is none is the longest or the usual one. */
function withinADay(seconds: number): number {
  return Number.isNaN(Number(seconds)) ? 10 : Math.min(86_400, Math.max(0, seconds));
}
