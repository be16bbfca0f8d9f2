// How many files and sockets the process has open, and how many it may have. Linux only.
import { readdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { MetricsCollector } from '../../collector.js';
import type { Part } from './part.js';
import { ProcFile } from './proc-file.js';
import { maxOpenFiles } from './proc-texts.js';

export function fileDescriptors(collector: MetricsCollector, procDirectory: string): Part | undefined {
  const folder = `${procDirectory}/fd`;
  const limits = ProcFile.open(`${procDirectory}/limits`);
  // The limit hardly ever changes while a process runs, and is read once.
  const most = limits === undefined ? undefined : maxOpenFiles(limits.text);
  limits?.file.close();
  const maximum =
    most === undefined
      ? undefined
      : collector.gauge('process_max_fds', {
          description: 'Maximum number of open file descriptors.',
          labelNames: [],
        });
  const open = isReadable(folder)
    ? collector.gauge('process_open_fds', { description: 'Number of open file descriptors.', labelNames: [] })
    : undefined;
  const instruments = [maximum, open].filter((gauge) => gauge !== undefined);
  if (instruments.length === 0) return undefined;
  return {
    instruments,
    async read() {
      maximum?.set(most as number);
      open?.set(await countOpen(folder));
    },
  };
}

function isReadable(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Since Linux 6.2 the size of the folder is the count; before that it is 0, and the folder has to be listed. */
async function countOpen(folder: string): Promise<number> {
  const { size, mode } = await stat(folder);
  // On a disk, a folder has a size of another kind and may be written to; that of /proc may not.
  if (size > 0 && (mode & 0o222) === 0) return size;
  // One of them is that of the listing itself.
  return (await readdir(folder)).length - 1;
}
