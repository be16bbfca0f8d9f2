// The only place where time is read. Everything that needs time takes a Clock, so that tests move it by hand
// (`ManualClock` in `telltale/testing`) instead of waiting for it.
import process from 'node:process';

/** Where time comes from: the wall for time stamps, a monotonic reading for durations and windows. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump when the machine's clock is set. */
  now(): number;
  /** Seconds from an arbitrary origin; never goes back. */
  monotonic(): number;
}

/** Taken off every reading, so that the fraction of a second keeps all its digits on a machine that has been up for years. */
const [ORIGIN] = process.hrtime();

/** The machine's own clock. A reading costs about 40 ns. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Taken apart like this, the engine makes no array of it; what `performance.now()` gives comes in a box of 16 bytes.
  monotonic: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds - ORIGIN + nanoseconds / 1e9;
  },
};

/**
 * Stores a monotonic reading, for paths that must not allocate: a number that a function answers comes in a box of 16 bytes unless
 * the engine puts the function in line.
 */
export function readInto(clock: Clock, target: Float64Array, at: number): void {
  if (clock !== systemClock) {
    target[at] = clock.monotonic();
    return;
  }
  const [seconds, nanoseconds] = process.hrtime();
  target[at] = seconds - ORIGIN + nanoseconds / 1e9;
}
