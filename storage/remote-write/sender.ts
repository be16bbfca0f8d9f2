// Sends requests one at a time, each until the target has taken it or has said that it never will. It knows which failures
// pass, and keeps the figures; which requests there are, the storage knows.
import type { Clock } from '../../lib/clock.js';
import type { StorageError } from '../../lib/errors.js';
import { BackOff, type BackOffOptions } from '../delivery/back-off.js';
import type { HttpAnswer } from '../delivery/http-exchange.js';
import type { HttpTarget } from '../delivery/http-target.js';
import type { WriteRequest } from './write-requests.js';

export interface SenderOptions extends BackOffOptions {
  readonly target: HttpTarget;
  readonly clock: Clock;
  readonly tell: (error: StorageError) => void;
}

/** `gave_up`: closed before the target took it. `unsupported`: it takes no native histograms at all. */
export type Delivery = 'sent' | 'refused' | 'unsupported' | 'gave_up';

/** With the version of the package, which a test holds it to. */
export const USER_AGENT = 'telltale/0.1.0';

const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': USER_AGENT,
} as const;

export class Sender {
  readonly backOff: BackOff;
  readonly failures: Record<string, number> = {};
  writes = 0;
  writeSeconds = 0;
  bytes = 0;
  readonly #options: SenderOptions;
  #isAborted = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.backOff = new BackOff(options);
  }

  /** Never rejects. */
  async deliver({ body, hasHistograms }: WriteRequest): Promise<Delivery> {
    while (!this.#isAborted) {
      const { error, retryAfter } = await this.#attempt(body);
      if (error === undefined) {
        this.backOff.reset();
        return 'sent';
      }
      if (this.#isAborted) break;
      this.failures[error.kind] = (this.failures[error.kind] ?? 0) + 1;
      this.#options.tell(error);
      if (hasHistograms && isUnsupported(error)) return 'unsupported';
      if (!passes(error)) return 'refused';
      await this.backOff.wait(retryAfter);
    }
    return 'gave_up';
  }

  /** Gives up the request that is being sent, and all later ones. */
  abort(): void {
    this.#isAborted = true;
    this.#options.target.close();
    this.backOff.retryNow();
  }

  async #attempt(
    body: readonly Uint8Array[],
  ): Promise<{ readonly error?: StorageError; readonly retryAfter?: string | undefined }> {
    const { target, clock } = this.#options;
    const startedAt = clock.monotonic();
    let headers: HttpAnswer['headers'] = {};
    const outcome = await target.exchange({ method: 'POST', headers: HEADERS, body }).andThen((answer) => {
      headers = answer.headers;
      return target.accepted(answer);
    });
    this.writes++;
    this.writeSeconds += Math.max(0, clock.monotonic() - startedAt);
    if (outcome.isErr()) return { error: outcome.error, retryAfter: headers['retry-after'] };
    for (const { length } of body) this.bytes += length;
    return {};
  }
}

/**
 * Whether a target will never take native histograms. Prometheus answers that with a 500, as if it would pass, until it is
 * started with `--enable-feature=native-histograms`.
 */
function isUnsupported(error: StorageError): boolean {
  return error.kind === 'push_rejected' && /native histograms are disabled/i.test(error.body);
}

/** Whether the same request may be taken later. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/#retries-backoff */
function passes(error: StorageError): boolean {
  return error.kind !== 'push_rejected' || error.status >= 500 || error.status === 429;
}
