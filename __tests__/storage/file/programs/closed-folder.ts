// What a storage does in a folder that may not be written for a while: `closed-folder.js <folder>`. It runs as a user for whom
// permissions count, and prints what each step answered as one line of JSON.
import { chmodSync, writeSync } from 'node:fs';
import type { ResultAsync } from 'neverthrow';
import type { StorageError } from '../../../../lib/errors.js';
import { FileStorage } from '../../../../storage/file/file-storage.js';
import { BASE_MS, numbered } from './numbered.js';

const NOBODY = 65_534;
const [directory = ''] = process.argv.slice(2);

async function say(step: string, answer: ResultAsync<unknown, StorageError>): Promise<void> {
  const result = await answer;
  const cause =
    result.isErr() && 'cause' in result.error ? (result.error.cause as NodeJS.ErrnoException).code : undefined;
  writeSync(1, `${JSON.stringify({ step, kind: result.isOk() ? 'ok' : result.error.kind, cause })}\n`);
}

async function main(): Promise<void> {
  if (process.getuid?.() === 0) process.setuid?.(NOBODY);
  // Each snapshot begins a segment, because one spans 0.1 s.
  const clock = { now: () => BASE_MS, monotonic: () => 0 };
  const options = { directory, clock, retentionSeconds: 1.6, fsync: 'always' } as const;
  chmodSync(directory, 0o500);
  await say('open closed', FileStorage.open(options));
  chmodSync(directory, 0o700);
  const storage = (await FileStorage.open(options))._unsafeUnwrap();
  await say('write', storage.write(numbered(1)));
  chmodSync(directory, 0o500);
  await say('write closed', storage.write(numbered(2)));
  await say('write closed again', storage.write(numbered(3)));
  chmodSync(directory, 0o700);
  await say('write opened', storage.write(numbered(4)));
  await say('close', storage.close());
}

void main();
