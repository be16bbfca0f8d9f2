// What goes and what stays: by age, by bytes, and when small segments are put together, also while someone reads.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import type { FileStorage } from '../../../storage/file/file-storage.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { EVER, openStorage, samplesOf, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const segmentsIn = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.seg'));
const bytesOf = (directory: string) =>
  segmentsIn(directory).reduce(
    (sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

const family = new TestFamily(plain('c')).set({}, 0);

async function writeAt(storage: FileStorage, ...timestampsMs: readonly number[]): Promise<void> {
  for (const at of timestampsMs) (await storage.write(snapshotOf(at, family.set({}, at))))._unsafeUnwrap();
}

/** Writes of which none is small: the whole snapshot is new labels. */
function bulky(timestampMs: number) {
  const bulk = new TestFamily(plain('bulk'), ['id']);
  for (let i = 0; i < 200; i++) bulk.set({ id: `${timestampMs}-${i}` }, i);
  return snapshotOf(timestampMs, family.set({}, timestampMs), bulk);
}

describe('retention by age', () => {
  it('answers nothing that is over, and deletes segments once all of them is', async () => {
    const clock = new ManualClock(1_000_000);
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory, clock, retentionSeconds: 160 });
    for (let i = 0; i < 40; i++) {
      await writeAt(storage, clock.now());
      clock.advance(10);
    }
    const kept = (await samplesOf(storage, 'c')).map(([at]) => at);
    expect(kept).toEqual(Array.from({ length: 16 }, (_, i) => 1_240_000 + i * 10_000));
    // A segment takes a sixteenth of the retention: here a snapshot or two.
    await storage.close();
    expect(segmentsIn(directory).length).toBeLessThan(20);
  });

  it('goes on after the folder was opened again', async () => {
    const clock = new ManualClock(1_000_000);
    const directory = temporaryFolder();
    const first = await openStorage({ directory, clock, retentionSeconds: 100 });
    await writeAt(first.storage, clock.now());
    await first.storage.close();
    clock.advance(101);
    const { storage } = await openStorage({ directory, clock, retentionSeconds: 100 });
    await writeAt(storage, clock.now());
    await storage.close();
    expect(segmentsIn(directory)).toEqual(['00000002.seg']);
  });
});

describe('retention by bytes', () => {
  it('drops the oldest segments, and stays within the limit', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory, maxBytes: 100_000 });
    for (let n = 1; n <= 100; n++) {
      (await storage.write(bulky(n * 1000)))._unsafeUnwrap();
      expect(bytesOf(directory)).toBeLessThan(110_000);
    }
    const kept = (await samplesOf(storage, 'c')).map(([at]) => at);
    // The newest are there without a gap.
    expect(kept.length).toBeGreaterThan(5);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => (101 - kept.length + i) * 1000));
    await storage.close();
    expect(bytesOf(directory)).toBeLessThanOrEqual(100_000);
  });

  it('keeps the newest snapshot even where that alone is too much', async () => {
    const { storage } = await openStorage({ directory: temporaryFolder(), maxBytes: 100 });
    for (let n = 1; n <= 3; n++) await storage.write(bulky(n * 1000));
    expect((await samplesOf(storage, 'c')).at(-1)).toEqual([3000, 3000]);
  });
});

describe('compaction', () => {
  async function restart(directory: string, times: number, from = 1): Promise<void> {
    for (let n = from; n < from + times; n++) {
      const { storage } = await openStorage({ directory });
      await writeAt(storage, n * 1000, n * 1000 + 500);
      await storage.close();
    }
  }
  const upTo = (n: number) =>
    Array.from({ length: n }, (_, i) => i + 1).flatMap((i) => [
      [i * 1000, i * 1000],
      [i * 1000 + 500, i * 1000 + 500],
    ]);

  it('puts the segments that restarts leave together, without losing a sample', async () => {
    const directory = temporaryFolder();
    await restart(directory, 60);
    expect(segmentsIn(directory).length).toBeLessThan(16);
    const { storage, errors } = await openStorage({ directory });
    expect(await samplesOf(storage, 'c')).toEqual(upTo(60));
    expect(errors).toEqual([]);
  });

  it('is not undone, and answers nothing twice, when it was cut off before the old segments went', async () => {
    const directory = temporaryFolder();
    await restart(directory, 7);
    const { storage: last } = await openStorage({ directory });
    const before = segmentsIn(directory).map((name) => [name, readFileSync(join(directory, name))] as const);
    await writeAt(last, 8000, 8500);
    await last.close();
    await restart(directory, 1, 9);
    expect(segmentsIn(directory)).toEqual(['00000001-00000008.seg', '00000009.seg']);
    for (const [name, bytes] of before) writeFileSync(join(directory, name), bytes);
    const { storage, errors } = await openStorage({ directory });
    expect(segmentsIn(directory)).toEqual(['00000001-00000008.seg', '00000009.seg']);
    expect(await samplesOf(storage, 'c')).toEqual(upTo(9));
    expect(errors).toEqual([]);
  });

  it('leaves damaged segments alone', async () => {
    const directory = temporaryFolder();
    await restart(directory, 7);
    const damaged = join(directory, '00000004.seg');
    const bytes = readFileSync(damaged);
    bytes[40]! ^= 1;
    writeFileSync(damaged, bytes);
    await restart(directory, 12, 8);
    expect(readFileSync(damaged)).toEqual(bytes);
    const { storage } = await openStorage({ directory });
    const expected = upTo(19).filter(([at]) => at !== 4000 && at !== 4500);
    expect((await samplesOf(storage, 'c')).filter(([at]) => at !== 4000 && at !== 4500)).toEqual(expected);
  });
});

describe('a query that is read slowly', () => {
  it('is answered as it was asked, whatever is written, dropped and put together meanwhile', async () => {
    const clock = new ManualClock(0);
    const directory = temporaryFolder();
    const { storage, errors } = await openStorage({ directory, clock, maxBytes: 60_000, retentionSeconds: 1e6 });
    for (let n = 1; n <= 10; n++) await storage.write(bulky(n * 1000));
    const matchers = [{ name: '__name__', operator: '=', value: 'c' }] as const;
    const before = await samplesOf(storage, 'c');
    const selection = (await storage.select(matchers, EVER))._unsafeUnwrap();
    for (let n = 11; n <= 60; n++) await storage.write(bulky(n * 1000));
    clock.advance(2e6);
    await writeAt(storage, clock.now());
    const answered: (readonly [number, number])[] = [];
    for await (const { timestampsMs, values } of selection) {
      answered.push(...Array.from(timestampsMs, (at, i) => [at, values[i] as number] as const));
    }
    expect(answered).toEqual(before);
    expect(errors).toEqual([]);
    // What it held is gone now.
    expect((await samplesOf(storage, 'c')).map(([at]) => at)).toEqual([clock.now()]);
  });

  it('can be left in the middle, and many can be read at once', async () => {
    const { storage, errors } = await openStorage({ directory: temporaryFolder(), maxBytes: 200_000 });
    const writing = (async () => {
      for (let n = 1; n <= 60; n++) await storage.write(bulky(n * 1000));
    })();
    const readers = Array.from({ length: 8 }, async (_, reader) => {
      for (let round = 0; round < 6; round++) {
        let seen = 0;
        const found = (await storage.select([], EVER))._unsafeUnwrap();
        for await (const { timestampsMs, values } of found) {
          expect(timestampsMs.length).toBe(values.length);
          if (++seen > reader * 50) break;
        }
      }
    });
    await Promise.all([writing, ...readers]);
    expect(errors).toEqual([]);
  });
});
