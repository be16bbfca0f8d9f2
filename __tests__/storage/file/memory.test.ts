// That reading takes the memory of the answer, and not that of the folder: the same question to a small folder and to one that
// is thirty times as large.
import { copyFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../support/child.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { openStorage, temporaryFolder } from './support/folders.js';
import { compilePrograms, programCommand } from './support/programs.js';

jest.setTimeout(60_000);

const COPIES = 30;

/** A segment of 8 MB, in which one gauge stands among many that change all the time. */
async function fillSegment(directory: string): Promise<void> {
  const { storage } = await openStorage({ directory });
  const noise = new TestFamily(plain('noise', 'gauge'), ['id'], { blockRows: 1000 });
  const level = new TestFamily(plain('level', 'gauge'));
  for (let n = 1; n <= 80; n++) {
    for (let i = 0; i < 10_000; i++) noise.set({ id: `${i}` }, Math.sqrt(n * i + 2));
    (await storage.write(snapshotOf(n * 1000, noise, level.set({}, n))))._unsafeUnwrap();
  }
  await storage.close();
}

describe('a query over a large folder', () => {
  it('takes no more memory than over a small one', async () => {
    const programs = temporaryFolder();
    compilePrograms(programs);
    const [small, large] = [temporaryFolder(), temporaryFolder()];
    await fillSegment(small);
    const segment = join(small, readdirSync(small).find((name) => name.endsWith('.seg')) as string);
    for (let copy = 1; copy <= COPIES; copy++) {
      copyFileSync(segment, join(large, `${String(copy).padStart(8, '0')}.seg`));
    }
    const read = async (folder: string) => {
      const { output } = await runCommand(programCommand(programs, 'reader', folder), '');
      return JSON.parse(output) as { readonly samples: number; readonly kilobytes: number };
    };
    const [fromSmall, fromLarge] = [await read(small), await read(large)];
    // The copies say the same about the same time stamps.
    expect([fromSmall.samples, fromLarge.samples]).toEqual([80, 80]);
    const folderKilobytes = (COPIES * statSync(segment).size) / 1024;
    expect(folderKilobytes).toBeGreaterThan(150_000);
    expect(fromLarge.kilobytes - fromSmall.kilobytes).toBeLessThan(folderKilobytes / 4);
  });
});
