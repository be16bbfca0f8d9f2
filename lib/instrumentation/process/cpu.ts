// How long the process has been on a processor since it started, all its threads together.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from './part.js';

export function cpu(collector: MetricsCollector): Part {
  const user = collector.counter('process_cpu_user_seconds_total', {
    description: 'Total user CPU time spent in seconds.',
    labelNames: [],
  });
  const system = collector.counter('process_cpu_system_seconds_total', {
    description: 'Total system CPU time spent in seconds.',
    labelNames: [],
  });
  const both = collector.counter('process_cpu_seconds_total', {
    description: 'Total user and system CPU time spent in seconds.',
    labelNames: [],
  });
  return {
    instruments: [user, system, both],
    read() {
      const used = process.cpuUsage();
      user.assign(used.user / 1e6);
      system.assign(used.system / 1e6);
      both.assign((used.user + used.system) / 1e6);
    },
  };
}
