// How late the event loop is, and how busy. The names and what they mean are those that dashboards know: the delays are of the
// time since the reading before, and contain the interval at which they are sampled, 10 ms unless told otherwise.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricsCollector } from '../../collector.js';
import type { Part } from '../process/part.js';

const DELAYS: readonly (readonly [suffix: string, what: string, of: (delays: IntervalHistogram) => number])[] = [
  ['min', 'The minimum recorded event loop delay.', ({ min }) => min],
  ['max', 'The maximum recorded event loop delay.', ({ max }) => max],
  ['mean', 'The mean of the recorded event loop delays.', ({ mean }) => mean],
  ['stddev', 'The standard deviation of the recorded event loop delays.', ({ stddev }) => stddev],
  ['p50', 'The 50th percentile of the recorded event loop delays.', (delays) => delays.percentile(50)],
  ['p90', 'The 90th percentile of the recorded event loop delays.', (delays) => delays.percentile(90)],
  ['p99', 'The 99th percentile of the recorded event loop delays.', (delays) => delays.percentile(99)],
];

export function eventLoop(collector: MetricsCollector, resolutionMs: number): Part {
  const lag = collector.gauge('nodejs_eventloop_lag_seconds', {
    description: 'Lag of event loop in seconds.',
    labelNames: [],
    aggregation: 'liveMax',
  });
  const gauges = DELAYS.map(([suffix, description, of]) => ({
    gauge: collector.gauge(`nodejs_eventloop_lag_${suffix}_seconds`, {
      description,
      labelNames: [],
      // Of several processes, the one that is worst off.
      aggregation: suffix === 'min' ? 'liveMin' : 'liveMax',
    }),
    of,
  }));
  const utilization = collector.gauge('nodejs_eventloop_utilization', {
    description: 'Share of the time since the last reading in which the event loop was busy, 0 to 1.',
    labelNames: [],
    aggregation: 'liveMean',
  });
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let last = performance.eventLoopUtilization();

  return {
    instruments: [lag, ...gauges.map(({ gauge }) => gauge), utilization],
    async read() {
      // Without a sample the runtime answers the limits of its numbers; unknown is what that means.
      for (const { gauge, of } of gauges) gauge.set(delays.count === 0 ? Number.NaN : of(delays) / 1e9);
      delays.reset();
      const now = performance.eventLoopUtilization();
      utilization.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
      lag.set(await secondsToNextTurn());
    },
    stop: () => {
      delays.disable();
    },
  };
}

function secondsToNextTurn(): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    setImmediate(() => resolve((performance.now() - start) / 1000));
  });
}
