// A storage whose every answer the test decides: for what stands around storages (guard, fan-out, collector), where a real
// target could not be made to fail in just the way that is asked.
import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import type { MetricsStorage, Snapshot, StorageError, StorageStatistics } from 'telltale/storage';

export const UNREACHABLE: StorageError = {
  kind: 'push_unreachable',
  target: 'http://target',
  cause: new Error('refused'),
};

export class ScriptedStorage implements MetricsStorage {
  readonly name: string;
  readonly written: Snapshot[] = [];
  closed = 0;
  retries = 0;
  answer: (snapshot: Snapshot) => ResultAsync<number, StorageError> = () => okAsync(1);
  statistics?: () => readonly StorageStatistics[];
  restore?: () => ResultAsync<Snapshot | undefined, StorageError>;

  constructor(name = 'scripted') {
    this.name = name;
  }

  fail(error: StorageError = UNREACHABLE): void {
    this.answer = () => errAsync(error);
  }

  succeed(): void {
    this.answer = () => okAsync(1);
  }

  write(snapshot: Snapshot): ResultAsync<number, StorageError> {
    this.written.push(snapshot);
    return this.answer(snapshot);
  }

  close(): ResultAsync<void, StorageError> {
    this.closed++;
    return okAsync(undefined);
  }

  retryNow(): void {
    this.retries++;
  }
}

/** A result that never comes. */
export const never = <T>(): ResultAsync<T, StorageError> => new ResultAsync(new Promise<never>(() => {}));
