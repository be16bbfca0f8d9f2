// When the process started and how long it has been up.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from './part.js';

export function startAndUptime(collector: MetricsCollector): Part {
  const start = collector.gauge('process_start_time_seconds', {
    description: 'Start time of the process since unix epoch in seconds.',
    labelNames: [],
    aggregation: 'liveMin',
  });
  const uptime = collector.gauge('process_uptime_seconds', {
    description: 'Time since the process started in seconds.',
    labelNames: [],
    aggregation: 'liveMax',
  });
  return {
    instruments: [start, uptime],
    read() {
      // Taken once by the runtime: worked out anew from a wall clock that is corrected, it would look like a restart.
      start.set(performance.timeOrigin / 1000);
      uptime.set(process.uptime());
    },
  };
}
