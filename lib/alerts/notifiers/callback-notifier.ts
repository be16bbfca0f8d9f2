// Tells a function of the program itself. It may throw, reject or never come back: that costs the alerts nothing, and is tried again.
import type { AlertError } from '../../errors.js';
import type { Alert, Notifier } from '../alert.js';
import { changesNotifier } from './changes.js';
import type { CurrentAlerts } from './current-alerts.js';
import type { Attempt } from './delivery.js';
import { type NotifierOptions, notifierSettings, refuseOption, requireNumber } from './notifier-options.js';

export interface CallbackOptions extends NotifierOptions {
  /** How long a call may take before it counts as failed. Default 10 000. */
  readonly timeoutMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Calls `callback` with the alerts that began to fire (`state: 'firing'`) and those that ended (`'resolved'`), and waits for what it
 * answers. One that throws, rejects or answers an `Err` is called again later, with what is the case then: at least once for each change.
 * While a call has not come back, no other is made.
 *
 * Errors: `notify_failed` (it is tried again), `alerts_dropped`, `notifier_closed`.
 *
 * @throws MetricDefinitionError `invalid_option` for options that could never work.
 *
 * @example
 * const notifier = callbackNotifier((alerts) => {
 *   for (const { state, labels } of alerts) console.log(labels.alertname, state);
 * });
 * // HighErrorRate firing
 */
export function callbackNotifier(
  callback: (alerts: readonly Alert[]) => unknown,
  options: CallbackOptions = {},
): Notifier {
  const { timeoutMs = 10_000 } = options;
  if (typeof callback !== 'function') refuseOption('callback', typeof callback, 'Give a function.');
  requireNumber('timeoutMs', timeoutMs, { least: 1, most: DAY_MS });
  const settings = notifierSettings(options, callback.name === '' ? 'callback' : callback.name);
  const call = new LimitedCall(callback, timeoutMs);
  const send = async (keys: readonly string[], memory: CurrentAlerts): Promise<Attempt> => {
    const alerts = keys.flatMap((key) => memory.get(key)?.alert ?? []);
    if (alerts.length === 0) return {};
    const cause = await call.make(alerts);
    if (cause === undefined) return {};
    const { name } = settings;
    const error: AlertError = { kind: 'notify_failed', notifier: name, target: name, cause: cause.cause };
    return { error };
  };
  return changesNotifier({ ...settings, send });
}

/** A call that hangs is waited for no longer than its time, but until it comes back there is no other: they would pile up. */
class LimitedCall {
  readonly #callback: (alerts: readonly Alert[]) => unknown;
  readonly #timeoutMs: number;
  #hanging: Promise<unknown> | undefined;

  constructor(callback: (alerts: readonly Alert[]) => unknown, timeoutMs: number) {
    this.#callback = callback;
    this.#timeoutMs = timeoutMs;
  }

  /** Answers why it failed; undefined if it did not. Never rejects. */
  async make(alerts: readonly Alert[]): Promise<{ readonly cause: unknown } | undefined> {
    if (this.#hanging !== undefined) return { cause: new Error('the call before has not come back yet') };
    const answered = this.#answer(alerts);
    this.#hanging = answered;
    void answered.then(() => {
      this.#hanging = undefined;
    });
    return this.#limited(answered);
  }

  async #answer(alerts: readonly Alert[]): Promise<{ readonly cause: unknown } | undefined> {
    try {
      const answer: unknown = await this.#callback(alerts);
      return isFailure(answer) ? { cause: answer.error } : undefined;
    } catch (cause) {
      return { cause };
    }
  }

  #limited<T>(answered: Promise<T>): Promise<T | { readonly cause: unknown }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<{ readonly cause: unknown }>((resolve) => {
      const cause = new Error(`it did not come back within ${this.#timeoutMs} ms`);
      timer = setTimeout(() => resolve({ cause }), this.#timeoutMs).unref();
    });
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }
}

/** An `Err` of neverthrow, by its shape: the program may have a neverthrow of its own. */
function isFailure(answer: unknown): answer is { readonly error: unknown } {
  const { isErr } = (answer ?? {}) as { readonly isErr?: unknown };
  return typeof isErr === 'function' && isErr.call(answer) === true;
}
