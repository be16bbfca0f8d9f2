// What kill -9 leaves: a process that writes is killed at random moments, hundreds of times in the same folders, while it
// opens, writes, begins new segments and puts old ones together. Every snapshot that was answered must be there, and intact.
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { FileStorage } from '../../../storage/file/file-storage.js';
import { runCommand } from '../../support/child.js';
import { BASE_MS, linesOf, numberOf, timeOf } from './programs/numbered.js';
import { selected, temporaryFolder } from './support/folders.js';
import { compilePrograms, programCommand, startProgram } from './support/programs.js';

const KILLS_PER_FOLDER = 100;
// A segment spans 20 s, which are 80 snapshots: many end while the test runs, and many are put together.
const options = { fsync: 'always', retentionSeconds: 320 } as const;

/** Lets a process write until it is killed; answers the last snapshot that it said was written. */
async function writeAndDie(programs: string, directory: string, first: number): Promise<number> {
  const child = startProgram(programs, 'writer', directory, String(first), JSON.stringify(options));
  let output = '';
  // Either while it opens, or some writes later: by what it says and not by time alone, so that a busy machine kills as well.
  const awaited = Math.random() < 0.4 ? 'opening' : `written ${first + Math.floor(Math.random() * 5)}\n`;
  const begun = new Promise<void>((resolve) => {
    child.process.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes(awaited)) resolve();
    });
    void child.ended.then(resolve);
  });
  await begun;
  await setTimeout(Math.random() * (awaited === 'opening' ? 15 : 3));
  child.process.kill('SIGKILL');
  await child.ended;
  expect(output).not.toMatch(/refused|failed/);
  return Math.max(first - 1, ...[...output.matchAll(/^written (\d+)\n/gm)].map(([, number]) => Number(number)));
}

/** Every sample of each snapshot from a number on, by the number. */
async function found(directory: string, first: number): Promise<Map<number, string[]>> {
  const errors: unknown[] = [];
  const clock = { now: () => BASE_MS, monotonic: () => 0 };
  const opened = await FileStorage.open({ directory, clock, onError: (error) => errors.push(error), ...options });
  const storage = opened._unsafeUnwrap();
  const snapshots = new Map<number, string[]>();
  for (const { labels, timestampsMs, values } of await selected(storage, [], {
    startMs: timeOf(first),
    endMs: Infinity,
  })) {
    timestampsMs.forEach((at, i) => {
      const number = numberOf(at);
      const lines = snapshots.get(number) ?? [];
      lines.push(`${labels['__name__']} ${labels['id']} ${values[i]}`);
      snapshots.set(number, lines);
    });
  }
  await storage.close();
  expect(errors).toEqual([]);
  return snapshots;
}

// Four hundred processes: 30 s alone, minutes on a machine that is busy with the other suites.
jest.setTimeout(400_000);

describe('a process that is killed while it writes', () => {
  const programs = temporaryFolder();
  beforeAll(() => compilePrograms(programs));

  // Two folders at a time: a process mostly waits for the disk.
  it.each([1])(
    `has lost nothing that was answered, whenever it is killed (${2 * KILLS_PER_FOLDER} times)`,
    async () => {
      const survive = async () => {
        const directory = temporaryFolder();
        let next = 0;
        for (let kill = 0; kill < KILLS_PER_FOLDER; kill++) {
          const last = await writeAndDie(programs, directory, next);
          const snapshots = await found(directory, next);
          for (let number = next; number <= last; number++)
            expect(snapshots.get(number)?.sort()).toEqual(linesOf(number));
          // The one that was not answered may be there, but not in part.
          for (const [number, lines] of snapshots) expect(lines.sort()).toEqual(linesOf(number));
          next = Math.max(last, ...snapshots.keys()) + 1;
        }
        const all = await found(directory, 0);
        expect(all.size).toBe(next);
        for (const [number, lines] of all) expect(lines.sort()).toEqual(linesOf(number));
        // Otherwise the test has not seen what it is about.
        expect(readdirSync(directory).filter((name) => /^\d+-\d+\.seg$/.test(name))).not.toEqual([]);
        return next;
      };
      const written = await Promise.all([survive(), survive()]);
      expect(Math.min(...written)).toBeGreaterThan(KILLS_PER_FOLDER / 2);
    },
  );
});

describe('a process that ends without closing', () => {
  it('is not kept alive by the storage, and has lost nothing', async () => {
    const programs = temporaryFolder();
    compilePrograms(programs);
    const directory = temporaryFolder();
    expect(await runCommand(programCommand(programs, 'leaver', directory), '')).toEqual({ exitCode: 0, output: '' });
    expect([...(await found(directory, 0)).keys()]).toEqual([1]);
  });
});
