// Answering those who wait no longer than they want to: a query looks at its time and its signal when it pauses, but a storage
// that it waits for may take for ever. What was begun stops at its next pause.
import { err, type Result } from 'neverthrow';
import type { QueryError } from '../../errors.js';

/** The longest that a timer can wait; more is as good as no limit. */
const LONGEST_SECONDS = (2 ** 31 - 1) / 1000;

export interface Patience {
  readonly signal: AbortSignal | undefined;
  /** Of real time, whatever clock the engine has: it is real waiting that has to end. */
  readonly timeoutSeconds: number;
}

export function unlessGivenUp<T>(
  answer: Promise<Result<T, QueryError>>,
  { signal, timeoutSeconds }: Patience,
): Promise<Result<T, QueryError>> {
  return new Promise((resolve) => {
    const cancel = () => resolve(err({ kind: 'cancelled' }));
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const timer =
      timeoutSeconds < LONGEST_SECONDS
        ? setTimeout(() => resolve(err({ kind: 'timed_out', timeoutSeconds })), timeoutSeconds * 1000).unref()
        : undefined;
    answer.then((result) => {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(timer);
      resolve(result);
    });
  });
}
