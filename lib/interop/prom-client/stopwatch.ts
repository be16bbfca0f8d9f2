// Time between two calls, for the timers of all metrics that have them.

/** Starts measuring; what comes back answers the seconds since. */
export function startStopwatch(): () => number {
  const start = process.hrtime();
  return () => {
    const [seconds, nanoseconds] = process.hrtime(start);
    return seconds + nanoseconds / 1e9;
  };
}
