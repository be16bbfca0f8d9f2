// Brings alerts to one target: one request at a time, again and longer apart after each failure, and always what is the case at
// that moment. It knows which alerts are due by their keys only; what a target gets to read, its notifier knows.
import { err, ok, type Result } from 'neverthrow';
import { BackOff } from '../../../storage/delivery/back-off.js';
import type { Clock } from '../../clock.js';
import type { AlertError } from '../../errors.js';

/** How an attempt went. An error of the kind `notify_refused` is not tried again. */
export interface Attempt {
  readonly error?: AlertError;
  /** The header of that name, where an answer had it. */
  readonly retryAfter?: string | undefined;
}

export interface DeliveryOptions {
  /** Of the notifier. */
  readonly name: string;
  readonly clock: Clock;
  /** Tells the target of these alerts. */
  readonly send: (keys: readonly string[]) => Promise<Attempt>;
  /** Whether an alert is still remembered: what is not, is due no more. */
  readonly isHeld: (key: string) => boolean;
  /** How many alerts go into one attempt. */
  readonly batchSize: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly tell: (error: AlertError) => void;
}

type Outcome = Result<void, AlertError>;

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #backOff: BackOff;
  readonly #due = new Set<string>();
  #waiting: ((outcome: Outcome) => void)[] = [];
  /** Resolved while nothing is being sent. */
  #running = Promise.resolve();
  #isRunning = false;
  /** Why the target is left alone at the moment. */
  #failure: AlertError | undefined;
  #isClosing = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options);
  }

  /**
   * Answers when the target has taken these alerts and all that were due before, or at the first failure; it goes on trying then.
   * While the target is left alone, the failure before is the answer.
   */
  deliver(keys: readonly string[]): Promise<Outcome> {
    for (const key of keys) this.#due.add(key);
    if (this.#failure !== undefined && !this.#backOff.lookAtClock()) return Promise.resolve(err(this.#failure));
    const outcome = new Promise<Outcome>((resolve) => this.#waiting.push(resolve));
    if (!this.#isRunning) this.#running = this.#run();
    return outcome;
  }

  /** Tries once more what is due, without waiting any longer. */
  async close(): Promise<Outcome> {
    this.#isClosing = true;
    this.#backOff.retryNow();
    await this.#running;
    return this.#due.size === 0 || this.#failure === undefined ? ok(undefined) : err(this.#failure);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let refusal: AlertError | undefined;
    for (let keys = this.#batch(); keys.length > 0; keys = this.#batch()) {
      const { error, retryAfter } = await this.#attempt(keys);
      this.#failure = undefined;
      if (error === undefined) {
        this.#backOff.reset();
        continue;
      }
      this.#options.tell(error);
      if (error.kind === 'notify_refused') {
        refusal = error;
        continue;
      }
      this.#keepDue(keys);
      this.#failure = error;
      this.#settle(err(error));
      if (this.#isClosing) break;
      await this.#backOff.wait(retryAfter);
    }
    this.#isRunning = false;
    this.#settle(refusal === undefined ? ok(undefined) : err(refusal));
  }

  async #attempt(keys: readonly string[]): Promise<Attempt> {
    const { name, send } = this.#options;
    try {
      return await send(keys);
    } catch (cause) {
      return { error: { kind: 'notify_failed', notifier: name, target: name, cause } };
    }
  }

  #batch(): readonly string[] {
    const keys: string[] = [];
    for (const key of this.#due) {
      if (keys.length === this.#options.batchSize) break;
      this.#due.delete(key);
      if (this.#options.isHeld(key)) keys.push(key);
    }
    return keys;
  }

  /** What was forgotten meanwhile would pile up here while a target is away. */
  #keepDue(keys: readonly string[]): void {
    for (const key of keys) this.#due.add(key);
    for (const key of this.#due) if (!this.#options.isHeld(key)) this.#due.delete(key);
  }

  #settle(outcome: Outcome): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(outcome);
  }
}
