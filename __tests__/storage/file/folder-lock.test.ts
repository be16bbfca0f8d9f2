// One writer per folder: within a process, between processes, after one that died, and when many want the folder of a dead
// one at the same moment.
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStorage } from '../../../storage/file/file-storage.js';
import type { Child } from '../../support/child.js';
import { openStorage, temporaryFolder } from './support/folders.js';
import { compilePrograms, startProgram } from './support/programs.js';

jest.setTimeout(60_000);

interface Locker {
  readonly child: Child;
  /** The next line that it prints. */
  line(): Promise<string>;
  goOn(): void;
}

let programs = '';
const children: Child[] = [];
beforeAll(() => {
  programs = mkdtempSync(join(tmpdir(), 'telltale-programs-'));
  compilePrograms(programs);
});
afterAll(() => rmSync(programs, { recursive: true }));
afterEach(async () => {
  for (const child of children.splice(0)) await child.stop(0);
});

function startLocker(directory: string): Locker {
  const child = startProgram(programs, 'locker', directory);
  children.push(child);
  let output = '';
  child.process.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return {
    child,
    line: async () => {
      while (!output.includes('\n')) {
        await Promise.race([
          once(child.process.stdout, 'data'),
          child.ended.then(() => Promise.reject(child.stderr())),
        ]);
      }
      const end = output.indexOf('\n');
      const line = output.slice(0, end);
      output = output.slice(end + 1);
      return line;
    },
    goOn: () => child.process.stdin.write('go on\n'),
  };
}

async function lockedBy(directory: string): Promise<Locker> {
  const locker = startLocker(directory);
  await locker.line();
  locker.goOn();
  expect(await locker.line()).toBe('locked');
  return locker;
}

describe('the lock of a folder', () => {
  it('refuses a second storage in the same process, and lets the next one in after closing', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    const second = await FileStorage.open({ directory });
    expect(second._unsafeUnwrapErr()).toMatchObject({ kind: 'file_locked', pid: process.pid });
    await storage.close();
    await openStorage({ directory });
  });

  it('refuses another process, names its pid, and lets go when that closes', async () => {
    const directory = temporaryFolder();
    const locker = await lockedBy(directory);
    const refused = await FileStorage.open({ directory });
    expect(refused._unsafeUnwrapErr()).toEqual({
      kind: 'file_locked',
      file: join(directory, 'lock-1'),
      pid: locker.child.pid,
    });
    locker.goOn();
    await locker.child.ended;
    await openStorage({ directory });
  });

  it('is taken over from a process that was killed', async () => {
    const directory = temporaryFolder();
    const locker = await lockedBy(directory);
    locker.child.process.kill('SIGKILL');
    await locker.child.ended;
    await openStorage({ directory });
    expect(readdirSync(directory)).toEqual(['lock-2']);
  });

  it('is taken over when the pid belongs to another process by now', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    await storage.close();
    const [lock] = readdirSync(directory) as [string];
    writeFileSync(join(directory, lock), JSON.stringify({ pid: process.pid, start: '17' }));
    await openStorage({ directory });
  });

  it('is taken over when a power failure left nothing in it', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'lock-5'), '');
    await openStorage({ directory });
    expect(JSON.parse(readFileSync(join(directory, 'lock-6'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('goes to exactly one of those that want the folder of a dead process at once', async () => {
    const lockers = 6;
    const directory = temporaryFolder();
    for (let round = 0; round < 5; round++) {
      const dead = await lockedBy(directory);
      const contenders = Array.from({ length: lockers }, () => startLocker(directory));
      for (const contender of contenders) await contender.line();
      dead.child.process.kill('SIGKILL');
      await dead.child.ended;
      for (const contender of contenders) contender.goOn();
      const answers = await Promise.all(contenders.map((contender) => contender.line()));
      const winners = contenders.filter((_, i) => answers[i] === 'locked');
      expect(winners).toHaveLength(1);
      const pid = winners[0]?.child.pid;
      for (const answer of answers) if (answer !== 'locked') expect(answer).toContain(`"pid":${pid}`);
      for (const { child } of contenders) {
        child.process.kill('SIGKILL');
        await child.ended;
      }
    }
  });

  it('goes to exactly one of many in the same process', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'lock-5'), JSON.stringify({ pid: 2 ** 22 + 1, start: '17' }));
    const opened = await Promise.all(Array.from({ length: 40 }, () => FileStorage.open({ directory })));
    const winners = opened.filter((result) => result.isOk());
    expect(winners).toHaveLength(1);
    for (const result of opened) if (result.isErr()) expect(result.error.kind).toBe('file_locked');
    await winners[0]?._unsafeUnwrap().close();
  });
});
