// Asks a folder for one gauge, and prints how much memory the process ever took: `reader.js <folder>`, in kilobytes.
import { writeSync } from 'node:fs';
import { FileStorage } from '../../../../storage/file/file-storage.js';

const [directory = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const storage = (await FileStorage.open({ directory, retentionSeconds: Infinity }))._unsafeUnwrap();
  const matchers = [{ name: '__name__', operator: '=', value: 'level' }] as const;
  let samples = 0;
  for await (const { values } of (await storage.select(matchers, { startMs: 0, endMs: Infinity }))._unsafeUnwrap()) {
    samples += values.length;
  }
  await storage.close();
  writeSync(1, JSON.stringify({ samples, kilobytes: process.resourceUsage().maxRSS }));
}

void main();
