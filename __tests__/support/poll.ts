// Waits for something that only an external server knows and cannot announce. Everything that can announce itself (an exit,
// a line on a stream, a socket) is awaited as an event instead.
import { setTimeout as delay } from 'node:timers/promises';

/** How long to go on asking, and how often. */
export interface PollOptions {
  /** Ends the error: "… did not happen within 5 s". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/**
 * Asks until `probe` answers something other than undefined, and answers that.
 *
 * A probe that throws has no answer yet; if the time runs out, its last error is part of the message.
 */
export async function pollUntil<T>(options: PollOptions, probe: () => Promise<T | undefined>): Promise<T> {
  const { what, timeoutMs, intervalMs = 50 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let reason = '';
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = ` Last: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() >= deadline) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s.${reason}`);
    await delay(intervalMs);
  }
}
