// Calls into a storage that may be the user's own: whatever it does, throwing, rejecting or answering nonsense, comes back
// as a Result, so that nothing of it can reject where nobody listens.
import { err, type Result } from 'neverthrow';
import type { StorageError } from '../errors.js';
import type { MetricsStorage } from '../model/storage.js';

export async function storageAnswer<T>(
  storage: MetricsStorage,
  call: () => PromiseLike<Result<T, StorageError>>,
): Promise<Result<T, StorageError>> {
  const failed = (cause: unknown) => err<T, StorageError>({ kind: 'storage_failed', storage: storage.name, cause });
  try {
    const answer: unknown = await call();
    // By its shape: the storage may have a neverthrow of its own.
    if (typeof (answer as { isErr?: unknown } | undefined)?.isErr === 'function')
      return answer as Result<T, StorageError>;
    return failed('it answered no Result');
  } catch (cause) {
    return failed(cause);
  }
}
