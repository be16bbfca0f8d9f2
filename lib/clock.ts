// The only place where time is read. Everything that needs time takes a Clock, so that tests move it by hand
// (`ManualClock` in `telltale/testing`) instead of waiting for it.

/** Where time comes from: the wall for time stamps, a monotonic reading for durations and windows. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump when the machine's clock is set. */
  now(): number;
  /** Seconds from an arbitrary origin; never goes back. */
  monotonic(): number;
}

/** The machine's own clock. A reading costs about 30 ns. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() / 1000,
};
