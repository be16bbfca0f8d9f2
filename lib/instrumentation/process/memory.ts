// The memory of the process as the operating system counts it: three figures on Linux, the resident one elsewhere.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from './part.js';
import { ProcFile } from './proc-file.js';
import { statusBytes } from './proc-texts.js';

const FIGURES = [
  ['VmRSS', 'process_resident_memory_bytes', 'Resident memory size in bytes.'],
  ['VmSize', 'process_virtual_memory_bytes', 'Virtual memory size in bytes.'],
  ['VmData', 'process_heap_bytes', 'Process heap size in bytes.'],
] as const;

export function memory(collector: MetricsCollector, procDirectory: string): Part {
  const opened = ProcFile.open(`${procDirectory}/status`);
  const told = FIGURES.filter(([field]) => opened !== undefined && statusBytes(opened.text, field) !== undefined);
  if (opened === undefined || told.length === 0) {
    opened?.file.close();
    return residentMemory(collector);
  }
  const gauges = told.map(([field, name, description]) => ({
    field,
    gauge: collector.gauge(name, { description, labelNames: [] }),
  }));
  return {
    instruments: gauges.map(({ gauge }) => gauge),
    async read() {
      const text = await opened.file.read();
      for (const { field, gauge } of gauges) gauge.set(statusBytes(text, field) ?? Number.NaN);
    },
    stop: () => opened.file.close(),
  };
}

function residentMemory(collector: MetricsCollector): Part {
  const [, name, description] = FIGURES[0];
  const resident = collector.gauge(name, { description, labelNames: [] });
  return { instruments: [resident], read: () => resident.set(process.memoryUsage.rss()) };
}
