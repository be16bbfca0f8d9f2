// The payment provider as the shop sees it: somebody else's service, slower than anything of our own, that declines some
// cards and has bad moments, so that there is something to watch.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { PerformanceMonitored } from 'telltale/decorators';
import { duration, type Nature, nature } from './latency.js';

export type PaymentError = { readonly kind: 'payment_declined' } | { readonly kind: 'payment_unavailable' };

export interface PaymentOptions {
  readonly nature?: Nature;
  /** Seconds since the shop opened. */
  readonly uptime: () => number;
}

const TYPICAL_SECONDS = 0.045;
const DECLINED_RATIO = 0.03;
const UNAVAILABLE_RATIO = 0.003;
/** For six of every fifty seconds, the provider is in trouble: slower, and often not there at all. */
const TROUBLE = { everySeconds: 50, fromSecond: 30, toSecond: 36, unavailableRatio: 0.25, slower: 2.5 };

export class Payments {
  readonly #nature: Nature;
  readonly #uptime: () => number;

  constructor({ nature: given = nature, uptime }: PaymentOptions) {
    this.#nature = given;
    this.#uptime = uptime;
  }

  @PerformanceMonitored({
    timing: {
      name: 'payment_duration_seconds',
      description: 'Time that the payment provider took to answer.',
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    },
    counter: { name: 'payments_total', description: 'Payments that were tried.' },
    errorCounter: { name: 'payment_errors_total', description: 'Payments that came to nothing.' },
    inFlight: { name: 'payments_in_flight', description: 'Payments that wait for the provider.' },
  })
  charge(_amountEuros: number): ResultAsync<void, PaymentError> {
    return new ResultAsync(this.#askProvider());
  }

  async #askProvider(): Promise<Result<void, PaymentError>> {
    const second = this.#uptime() % TROUBLE.everySeconds;
    const inTrouble = second >= TROUBLE.fromSecond && second < TROUBLE.toSecond;
    await this.#nature.sleep(duration(TYPICAL_SECONDS, this.#nature) * (inTrouble ? TROUBLE.slower : 1));
    const luck = this.#nature.random();
    const unavailable = inTrouble ? TROUBLE.unavailableRatio : UNAVAILABLE_RATIO;
    if (luck < unavailable) return err({ kind: 'payment_unavailable' });
    return luck < unavailable + DECLINED_RATIO ? err({ kind: 'payment_declined' }) : ok(undefined);
  }
}
