// The payment provider as the shop sees it: somebody else's service, slower than anything of our own, that declines some
// cards and has bad moments, so that there is something to watch.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { ShopMetrics } from '../metrics.js';
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
  readonly #metrics: ShopMetrics;
  readonly #nature: Nature;
  readonly #uptime: () => number;

  constructor(metrics: ShopMetrics, { nature: given = nature, uptime }: PaymentOptions) {
    this.#metrics = metrics;
    this.#nature = given;
    this.#uptime = uptime;
  }

  charge(_amountEuros: number): ResultAsync<void, PaymentError> {
    // The histogram understands a ResultAsync: it measures until the answer is there.
    return this.#metrics.paymentDuration.time(() => new ResultAsync(this.#askProvider()));
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
