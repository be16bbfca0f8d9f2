// Writes numbered snapshots until it is killed, and says of each one when it was answered:
// `writer.js <folder> <first number> <options as JSON>`.
import { writeSync } from 'node:fs';
import { FileStorage } from '../../../../storage/file/file-storage.js';
import { BASE_MS, numbered } from './numbered.js';

const [directory = '', first = '0', options = '{}'] = process.argv.slice(2);

// The answer must be out before anything else happens: a buffer would die with the process.
const say = (line: string) => writeSync(1, `${line}\n`);

async function main(): Promise<void> {
  say('opening');
  const clock = { now: () => BASE_MS, monotonic: () => 0 };
  const opened = await FileStorage.open({ directory, clock, ...JSON.parse(options) });
  if (opened.isErr()) return void say(`refused ${opened.error.kind}`);
  say('open');
  for (let number = Number(first); ; number++) {
    const written = await opened.value.write(numbered(number));
    say(written.isOk() ? `written ${number}` : `failed ${written.error.kind}`);
  }
}

void main();
