// The last store of a short life: tried again for as long as there is time, because there is no next one.
import { setTimeout as delay } from 'node:timers/promises';
import type { MetricsCollector } from '../collector.js';

const FIRST_RETRY_SECONDS = 0.25;

/** Stores and shuts down, within a time limit. What cannot be stored is told to `onError`. */
export async function storeFinally(metrics: MetricsCollector, timeoutSeconds: number): Promise<void> {
  const startedAt = performance.now();
  const secondsLeft = () => timeoutSeconds - (performance.now() - startedAt) / 1000;
  for (let wait = FIRST_RETRY_SECONDS; ; wait *= 2) {
    const stored = await withinSeconds(secondsLeft(), metrics.collectAndStore());
    if (stored === undefined || stored.isOk()) break;
    // What is closed stays so.
    if (secondsLeft() > wait && stored.error.kind !== 'storage_closed') {
      await delay(wait * 1000);
    } else {
      metrics.onError(stored.error);
      break;
    }
  }
  const closed = await metrics.shutdown({ timeoutSeconds: Math.max(0.1, secondsLeft()) });
  if (closed.isErr()) metrics.onError(closed.error);
}

/** Undefined when it took longer: what comes after it says so. */
async function withinSeconds<T>(seconds: number, answer: PromiseLike<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, seconds) * 1000, undefined);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
