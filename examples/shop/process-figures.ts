// What the process says about itself, as plain functions in base units. Apart from the metrics so that these name things
// and this file knows where Node keeps them.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Seconds by which timers came too late. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ProcessFigures {
  cpuSeconds(): number;
  residentBytes(): number;
  heapUsedBytes(): number;
  uptimeSeconds(): number;
  /** Of the last 10 to 20 seconds, however many readers ask for it. */
  eventLoopDelay(): EventLoopDelay;
}

const RESOLUTION_MS = 10;
const PERIOD_SECONDS = 10;

export function watchProcess(): ProcessFigures {
  return {
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    residentBytes: () => process.memoryUsage.rss(),
    heapUsedBytes: () => process.memoryUsage().heapUsed,
    uptimeSeconds: () => process.uptime(),
    eventLoopDelay: watchEventLoop(),
  };
}

// Readers must not reset what others are about to read, so the monitor starts anew by time and not by reading; a figure
// of the past period stays in view for the next one, so that no spike is missed by a slow reader.
function watchEventLoop(): () => EventLoopDelay {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  let startedAt = performance.now();
  let past: EventLoopDelay = { p50: 0, p99: 0, max: 0 };
  return () => {
    const now: EventLoopDelay = {
      p50: secondsLate(monitor.percentile(50)),
      p99: secondsLate(monitor.percentile(99)),
      max: secondsLate(monitor.max),
    };
    const seen: EventLoopDelay = {
      p50: Math.max(now.p50, past.p50),
      p99: Math.max(now.p99, past.p99),
      max: Math.max(now.max, past.max),
    };
    if (performance.now() - startedAt > PERIOD_SECONDS * 1000) {
      past = now;
      startedAt = performance.now();
      monitor.reset();
    }
    return seen;
  };
}

/** The monitor's figures include the interval at which it looks. */
function secondsLate(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000) : 0;
}
