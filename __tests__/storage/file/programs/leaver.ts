// Writes one snapshot and then has nothing left to do: `leaver.js <folder>`. It closes nothing, and must end all the same.
import { FileStorage } from '../../../../storage/file/file-storage.js';
import { BASE_MS, numbered } from './numbered.js';

const [directory = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const clock = { now: () => BASE_MS, monotonic: () => 0 };
  const opened = await FileStorage.open({ directory, clock, fsync: { everySeconds: 3600 } });
  const storage = opened._unsafeUnwrap();
  await storage.write(numbered(1));
  // A query that nobody reads keeps nothing open either.
  await storage.select([], { startMs: 0, endMs: BASE_MS });
}

void main();
