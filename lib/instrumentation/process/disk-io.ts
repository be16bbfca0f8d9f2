// What the process made disks read and write. Linux only, from /proc/self/io: what the page cache served is not in it, and what
// is written counts when it is handed to the cache to be written.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from './part.js';
import { ProcFile } from './proc-file.js';
import { ioBytes } from './proc-texts.js';

export function diskIo(collector: MetricsCollector, procDirectory: string): Part | undefined {
  const opened = ProcFile.open(`${procDirectory}/io`);
  if (opened === undefined) return undefined;
  const { file, text } = opened;
  if (ioBytes(text, 'read_bytes') === undefined || ioBytes(text, 'write_bytes') === undefined) {
    file.close();
    return undefined;
  }
  const read = collector.counter('process_disk_read_bytes_total', {
    description: 'Bytes that the process made storage devices read.',
    labelNames: [],
  });
  const written = collector.counter('process_disk_written_bytes_total', {
    description: 'Bytes that the process made storage devices write.',
    labelNames: [],
  });
  return {
    instruments: [read, written],
    async read() {
      const now = await file.read();
      read.assign(ioBytes(now, 'read_bytes'));
      written.assign(ioBytes(now, 'write_bytes'));
    },
    stop: () => file.close(),
  };
}
