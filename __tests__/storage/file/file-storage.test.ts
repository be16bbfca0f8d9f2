// What a FileStorage does when nothing goes wrong: it writes, reads back, closes, opens again, and refuses what makes no sense.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MetricDefinitionError } from '../../../lib/errors.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import type { FileStorageOptions } from '../../../storage/file/file-options.js';
import { FileStorage } from '../../../storage/file/file-storage.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { openStorage, samplesOf, selected, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const counterAt = (timestampMs: number, value: number) =>
  snapshotOf(timestampMs, new TestFamily(plain('c')).set({}, value));

describe('FileStorage', () => {
  describe('write', () => {
    it('answers how many samples were stored, and shows them to queries', async () => {
      const { storage } = await openStorage({ directory: temporaryFolder() });
      const family = new TestFamily(histogram('h', [1, 2]), ['id']).set({ id: 'a' }, 1, 0, 2, 7.5);
      expect((await storage.write(snapshotOf(1000, family)))._unsafeUnwrap()).toBe(5);
      const found = await selected(storage, [{ name: 'le', operator: '=~', value: '2|\\+Inf' }]);
      expect(found.map(({ labels, values }) => [{ ...labels }, ...values])).toEqual([
        [{ __name__: 'h_bucket', id: 'a', le: '2' }, 1],
        [{ __name__: 'h_bucket', id: 'a', le: '+Inf' }, 3],
      ]);
    });

    it('takes writes that do not wait for each other, in their order', async () => {
      const { storage } = await openStorage({ directory: temporaryFolder() });
      await Promise.all([1, 2, 3].map((n) => storage.write(counterAt(n * 1000, n))));
      expect(await samplesOf(storage, 'c')).toEqual([
        [1000, 1],
        [2000, 2],
        [3000, 3],
      ]);
    });

    it('stores nothing of a snapshot that is older than the retention or has no time', async () => {
      const clock = new ManualClock(1_000_000);
      const { storage } = await openStorage({ directory: temporaryFolder(), clock, retentionSeconds: 10 });
      expect((await storage.write(counterAt(989_999, 1)))._unsafeUnwrap()).toBe(0);
      expect((await storage.write(counterAt(NaN, 1)))._unsafeUnwrap()).toBe(0);
      expect((await storage.write(counterAt(990_000, 1)))._unsafeUnwrap()).toBe(1);
    });

    it('keeps nothing of a snapshot whose families throw, and goes on', async () => {
      const { storage } = await openStorage({ directory: temporaryFolder() });
      const family = new TestFamily(plain('c')).set({}, 1);
      await storage.write(snapshotOf(1000, family));
      family.set({}, 2);
      const broken = { ...family.family(), descriptor: plain('d') };
      broken.blocks = () => {
        throw new Error('broken');
      };
      const failed = await storage.write({ timestampMs: 2000, families: [family.family(), broken] });
      expect(failed._unsafeUnwrapErr()).toMatchObject({ kind: 'storage_failed', storage: 'file' });
      await storage.write(snapshotOf(3000, family.set({}, 3)));
      expect(await samplesOf(storage, 'c')).toEqual([
        [1000, 1],
        [3000, 3],
      ]);
    });

    it('writes only what changed', async () => {
      const directory = temporaryFolder();
      const { storage } = await openStorage({ directory });
      const family = new TestFamily(plain('c'), ['id'], { blockRows: 64 });
      for (let i = 0; i < 1000; i++) family.set({ id: `series-${i}` }, i);
      await storage.write(snapshotOf(1000, family));
      const [before] = storage.statistics();
      for (let i = 0; i < 1000; i += 10) family.set({ id: `series-${i}` }, i + 1);
      await storage.write(snapshotOf(2000, family));
      const [after] = storage.statistics();
      // A hundred series, each with its distance to the one before and its difference.
      expect((after?.bytes ?? 0) - (before?.bytes ?? 0)).toBeLessThan(250);
      expect(statSync(join(directory, '00000001.seg')).size).toBe(after?.bytes);
    });
  });

  describe('close', () => {
    it('keeps what was written for the next one who opens the folder', async () => {
      const directory = temporaryFolder();
      for (let n = 1; n <= 3; n++) {
        const { storage } = await openStorage({ directory });
        await storage.write(counterAt(n * 1000, n));
        expect((await storage.close()).isOk()).toBe(true);
      }
      const { storage, errors } = await openStorage({ directory });
      expect(await samplesOf(storage, 'c')).toEqual([
        [1000, 1],
        [2000, 2],
        [3000, 3],
      ]);
      expect(errors).toEqual([]);
    });

    it('waits for the writes that came before, and refuses those that come after', async () => {
      const directory = temporaryFolder();
      const { storage } = await openStorage({ directory });
      const [written, closed, late] = await Promise.all([
        storage.write(counterAt(1000, 1)),
        storage.close(),
        storage.write(counterAt(2000, 2)),
      ]);
      expect([written.isOk(), closed.isOk()]).toEqual([true, true]);
      expect(late._unsafeUnwrapErr()).toEqual({ kind: 'storage_closed', storage: 'file' });
      expect((await storage.close()).isOk()).toBe(true);
    });

    it('leaves answers to earlier queries readable', async () => {
      const { storage } = await openStorage({ directory: temporaryFolder() });
      await storage.write(counterAt(1000, 1));
      const found = (await storage.select([], { startMs: 0, endMs: 9000 }))._unsafeUnwrap();
      await storage.close();
      const values: number[] = [];
      for await (const series of found) values.push(...series.values);
      expect(values).toEqual([1]);
    });

    it('leaves no file in a folder to which nothing was written but the lock', async () => {
      const directory = temporaryFolder();
      const { storage } = await openStorage({ directory });
      await storage.close();
      expect(readdirSync(directory)).toEqual(['lock-1']);
    });
  });

  describe('open', () => {
    it.each<[string, Partial<FileStorageOptions>]>([
      ['directory', { directory: '' }],
      ['name', { name: '' }],
      ['fsync', { fsync: 'sometimes' as 'always' }],
      ['fsync', { fsync: { everySeconds: 0 } }],
      ['restore', { restore: 'yes' as unknown as boolean }],
      ['retentionSeconds', { retentionSeconds: -1 }],
      ['maxBytes', { maxBytes: Number.NaN }],
      ['onError', { onError: 1 as unknown as () => void }],
    ])('refuses a %s that makes no sense', (option, options) => {
      const open = () => FileStorage.open({ directory: temporaryFolder(), ...options });
      expect(open).toThrow(MetricDefinitionError);
      expect(open).toThrow(expect.objectContaining({ detail: expect.objectContaining({ option }) }));
    });

    it('makes folders that are not there, and takes another name where it is given one', async () => {
      const { storage } = await openStorage({ directory: join(temporaryFolder(), 'a/b'), name: 'history' });
      expect((await storage.write(counterAt(1000, 1))).isOk()).toBe(true);
      expect(storage.name).toBe('history');
      expect(storage.statistics()[0]?.storage).toBe('history');
    });
  });
});
