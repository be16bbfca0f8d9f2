// Which Node.js this is.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from '../process/part.js';

export function version(collector: MetricsCollector): Part {
  const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map((part) => Number.parseInt(part, 10));
  // A gauge and not an info, so that what others define under this well-known name is the same metric.
  const info = collector.gauge('nodejs_version_info', {
    description: 'Node.js version info.',
    labelNames: ['version', 'major', 'minor', 'patch'],
    aggregation: 'liveMax',
  });
  return {
    instruments: [info],
    read: () => info.set(1, { version: process.version, major, minor, patch }),
  };
}
