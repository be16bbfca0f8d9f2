// The heap of JavaScript: as a whole, and by space. From V8 itself, because `process.memoryUsage()` would also ask the system
// for the resident size, and block while it does.
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import type { MetricsCollector } from '../../collector.js';
import type { Part } from '../process/part.js';

export function heap(collector: MetricsCollector): Part {
  const plain = (name: string, description: string) => collector.gauge(name, { description, labelNames: [] });
  const bySpace = (size: string) =>
    collector.gauge(`nodejs_heap_space_size_${size}_bytes`, {
      description: `Process heap space size ${size} from Node.js in bytes.`,
      labelNames: ['space'],
    });
  const total = plain('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.');
  const used = plain('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.');
  const external = plain('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.');
  const [spaceTotal, spaceUsed, spaceAvailable] = [bySpace('total'), bySpace('used'), bySpace('available')];

  return {
    instruments: [total, used, external, spaceTotal, spaceUsed, spaceAvailable],
    read() {
      const whole = getHeapStatistics();
      total.set(whole.total_heap_size);
      used.set(whole.used_heap_size);
      external.set(whole.external_memory);
      for (const { space_name, ...sizes } of getHeapSpaceStatistics()) {
        const labels = { space: space_name.replace(/_space$/, '') };
        spaceTotal.set(sizes.space_size, labels);
        spaceUsed.set(sizes.space_used_size, labels);
        spaceAvailable.set(sizes.space_available_size, labels);
      }
    },
  };
}
