// Opens a folder, says what came of it, and holds it until it is killed or told to let go: `locker.js <folder>`. It waits for
// a line on stdin before it begins, so that several of them can begin at once.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { FileStorage } from '../../../../storage/file/file-storage.js';

const [directory = ''] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

async function main(): Promise<void> {
  say('ready');
  await once(process.stdin, 'data');
  const opened = await FileStorage.open({ directory });
  say(opened.isOk() ? 'locked' : `refused ${JSON.stringify(opened.error)}`);
  await once(process.stdin, 'data');
  if (opened.isOk()) await opened.value.close();
  process.exit();
}

void main();
