// A call of somebody else's code that a reading waits for: with a time limit, and never twice at once, so that code which
// hangs does not pile up and delays one reading only.

/** How a call ended, or that it did not. */
export type TimedOutcome<T> =
  | { readonly kind: 'returned'; readonly value: T }
  | { readonly kind: 'failed'; readonly cause: unknown }
  | { readonly kind: 'timed_out' };

export class TimedCall<T> {
  readonly #call: () => T | Promise<T>;
  readonly #timeoutSeconds: number;
  /** Readings at the same time wait for one call, instead of piling up another. */
  #pending: Promise<T> | undefined;
  /** Whether the pending call has had its time: nobody waits for it a second time. */
  #isOverdue = false;

  constructor(call: () => T | Promise<T>, timeoutSeconds: number) {
    this.#call = call;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Never rejects. */
  async run(): Promise<TimedOutcome<T>> {
    if (this.#isOverdue) return { kind: 'timed_out' };
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<{ readonly kind: 'timed_out' }>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutSeconds * 1000, { kind: 'timed_out' });
    });
    try {
      this.#pending ??= Promise.resolve(this.#call()).finally(() => {
        this.#pending = undefined;
        this.#isOverdue = false;
      });
      const returned = this.#pending.then((value) => ({ kind: 'returned', value }) as const);
      const outcome = await Promise.race([returned, timeout]);
      if (outcome.kind === 'timed_out') this.#isOverdue = this.#pending !== undefined;
      return outcome;
    } catch (cause) {
      return { kind: 'failed', cause };
    } finally {
      clearTimeout(timer);
    }
  }
}
