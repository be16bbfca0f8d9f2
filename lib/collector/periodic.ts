// Collecting every so many seconds: survives a failing target, never runs twice at a time, and does not keep the
// process alive.
import { ResultAsync } from 'neverthrow';
import type { CollectError, StorageError } from '../errors.js';

type Store = () => ResultAsync<number, CollectError | StorageError>;

/** A running collection. */
export interface Collecting {
  /** Stops, and stores once more what there is by then. Answers the number of samples of that last write. */
  stop(): ResultAsync<number, CollectError | StorageError>;
}

export class PeriodicCollection implements Collecting {
  readonly #store: Store;
  readonly #tell: (error: CollectError | StorageError) => void;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<unknown> | undefined;
  #stopped: ResultAsync<number, CollectError | StorageError> | undefined;

  constructor(intervalSeconds: number, store: Store, tell: (error: CollectError | StorageError) => void) {
    this.#store = store;
    this.#tell = tell;
    this.#timer = setInterval(() => this.#tick(), intervalSeconds * 1000).unref();
  }

  stop(): ResultAsync<number, CollectError | StorageError> {
    clearInterval(this.#timer);
    this.#stopped ??= new ResultAsync(Promise.resolve(this.#running).then(() => this.#store()));
    return this.#stopped;
  }

  /** A write that takes longer than the interval is waited for, not doubled. */
  #tick(): void {
    this.#running ??= this.#storeOnce().finally(() => {
      this.#running = undefined;
    });
  }

  async #storeOnce(): Promise<void> {
    const stored = await this.#store();
    if (stored.isErr()) this.#tell(stored.error);
  }
}
