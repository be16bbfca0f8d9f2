// What all notifiers have in common: they remember the present state of alerts, decide which are due, and have one delivery for
// each target, so that no target waits for another.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { Clock } from '../../clock.js';
import type { AlertError } from '../../errors.js';
import type { Alert, Notifier } from '../alert.js';
import type { CurrentAlerts, Taken } from './current-alerts.js';
import type { Delivery } from './delivery.js';

export interface StandingParts {
  readonly name: string;
  readonly clock: Clock;
  readonly memory: CurrentAlerts;
  readonly maxAlerts: number;
  readonly deliveries: readonly Delivery[];
  readonly tell: (error: AlertError) => void;
  /** Which alerts the targets are to hear of now. */
  readonly due: (taken: Taken) => readonly string[];
  /** Has alerts that ended told again after so many seconds, as long as they are remembered. */
  readonly resendResolvedSeconds?: number;
  /** Ends connections. */
  readonly end?: () => void;
}

type Outcome = Result<void, AlertError>;

export class StandingNotifier implements Notifier {
  readonly name: string;
  readonly #parts: StandingParts;
  #resendTimer: NodeJS.Timeout | undefined;
  /** Monotonic. */
  #resendAt = Number.POSITIVE_INFINITY;
  #closed: ResultAsync<void, AlertError> | undefined;

  constructor(parts: StandingParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  /** Ok as soon as one target has taken all that is due; the error of the first one if none has. */
  notify(alerts: readonly Alert[]): ResultAsync<void, AlertError> {
    return new ResultAsync(this.#notify(alerts));
  }

  close(): ResultAsync<void, AlertError> {
    this.#closed ??= new ResultAsync(this.#close());
    return this.#closed;
  }

  async #notify(alerts: readonly Alert[]): Promise<Outcome> {
    const { name, clock, memory, maxAlerts, deliveries, tell, due } = this.#parts;
    if (this.#closed !== undefined) return err({ kind: 'notifier_closed', notifier: name });
    try {
      const taken = memory.take(alerts, clock.now());
      const keys = [...due(taken), ...this.#resendDue()];
      const delivered = firstSuccess(deliveries.map((delivery) => delivery.deliver(keys)));
      if (taken.dropped === 0) return await delivered;
      const error: AlertError = { kind: 'alerts_dropped', notifier: name, dropped: taken.dropped, limit: maxAlerts };
      tell(error);
      await delivered;
      return err(error);
    } catch (cause) {
      return err({ kind: 'notify_failed', notifier: name, target: name, cause });
    }
  }

  async #close(): Promise<Outcome> {
    clearTimeout(this.#resendTimer);
    const outcomes = this.#parts.deliveries.map((delivery) => delivery.close());
    const outcome = await firstSuccess(outcomes);
    await Promise.all(outcomes);
    this.#parts.end?.();
    return outcome;
  }

  /** A target that took the end of an alert may still crash before it has passed that on: it is told several times. */
  #resendDue(): readonly string[] {
    const { clock, memory, resendResolvedSeconds: seconds } = this.#parts;
    if (seconds === undefined) return [];
    const resolved = memory.keys('resolved');
    const isDue = clock.monotonic() >= this.#resendAt;
    if (resolved.length === 0) {
      this.#resendAt = Number.POSITIVE_INFINITY;
      clearTimeout(this.#resendTimer);
    } else if (isDue || this.#resendAt === Number.POSITIVE_INFINITY) {
      this.#resendAt = clock.monotonic() + seconds;
      clearTimeout(this.#resendTimer);
      // A little later than the clock says, so that it never comes too early for it.
      this.#resendTimer = setTimeout(() => void this.#notify([]), seconds * 1000 + 10).unref();
    }
    return isDue ? resolved : [];
  }
}

function firstSuccess(outcomes: readonly Promise<Outcome>[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let left = outcomes.length;
    if (left === 0) resolve(ok(undefined));
    for (const outcome of outcomes) {
      outcome.then((result) => {
        left--;
        if (result.isOk() || left === 0) resolve(result);
      }, reject);
    }
  });
}
