// A call of somebody else's code that a reading waits for: with a time limit, and never twice at once, so that code which
// hangs does not pile up.

/** How a call ended, or that it did not. */
export type TimedOutcome<T> =
  | { readonly kind: 'returned'; readonly value: T }
  | { readonly kind: 'failed'; readonly cause: unknown }
  | { readonly kind: 'timed_out' };

export class TimedCall<T> {
  readonly #call: () => T | Promise<T>;
  readonly #timeoutSeconds: number;
  /** A call that has not come back yet is waited for again, instead of piling up another. */
  #pending: Promise<T> | undefined;

  constructor(call: () => T | Promise<T>, timeoutSeconds: number) {
    this.#call = call;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Never rejects. */
  async run(): Promise<TimedOutcome<T>> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<{ readonly kind: 'timed_out' }>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutSeconds * 1000, { kind: 'timed_out' });
    });
    try {
      this.#pending ??= Promise.resolve(this.#call()).finally(() => {
        this.#pending = undefined;
      });
      const returned = this.#pending.then((value) => ({ kind: 'returned', value }) as const);
      return await Promise.race([returned, timeout]);
    } catch (cause) {
      return { kind: 'failed', cause };
    } finally {
      clearTimeout(timer);
    }
  }
}
