// How long a scrape may wait for its families: as long as the scraper said that it would, less what the answer needs to
// get there, and not longer than the scraper stays. Apart from the scraper's core because it is about timers alone.

const TIMEOUT_HEADER_SHAPE = /^\d{1,9}(?:\.\d{1,9})?$/;
/** What is kept back for sending the refusal: half a second, or a tenth where the whole is short. */
const MAX_RESERVE_SECONDS = 0.5;
/** Longer waits are none that a timer should guard; timers end at 24.8 days. */
const MAX_LIMIT_SECONDS = 86_400;

export interface ScrapeLimit {
  /** Undefined when the scraper did not say how long it waits. */
  readonly seconds: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads `X-Prometheus-Scrape-Timeout-Seconds`. Answers the seconds after which to give up, undefined for a header that
 * is missing or makes no sense.
 */
export function secondsToAnswer(header: string | undefined): number | undefined {
  if (header === undefined || !TIMEOUT_HEADER_SHAPE.test(header)) return undefined;
  const timeout = Number(header);
  if (timeout === 0 || timeout > MAX_LIMIT_SECONDS) return undefined;
  return timeout - Math.min(MAX_RESERVE_SECONDS, timeout / 10);
}

/** Waits for `work`, but not beyond the limit. The work itself goes on: others may be waiting for it too. */
export function within<T>(work: Promise<T>, limit: ScrapeLimit): Promise<T | 'timed_out' | 'abandoned'> {
  const { seconds, signal } = limit;
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = () => settle(() => resolve('abandoned'));
    const onTimeout = () => settle(() => resolve('timed_out'));
    const timer = seconds === undefined ? undefined : setTimeout(onTimeout, seconds * 1000);
    signal.addEventListener('abort', onAbort);
    work.then(
      (value) => settle(() => resolve(value)),
      (cause: unknown) => settle(() => reject(cause)),
    );
    if (signal.aborted) onAbort();
  });
}
