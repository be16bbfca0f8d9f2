// Native histograms in files: they survive what numbers survive, and files without any stay readable to those who know none.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import type { Snapshot } from '../../../lib/model/family.js';
import { type NativeHistogram, nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import type { FileStorage } from '../../../storage/file/file-storage.js';
import { ByteWriter } from '../../../storage/file/format/byte-writer.js';
import {
  FormatVersion,
  HEADER_BYTES,
  recordFrame,
  segmentHeader,
  versionIn,
} from '../../../storage/file/format/layout.js';
import { nativeOf, nativeRun } from '../support/native-arbitrary.js';
import { nativeHistogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { EVER, openStorage, samplesOf, selected, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const SEGMENT = '00000001.seg';

/** What series `id` is in snapshot n: it goes on, gets buckets, and starts anew in every fifth. */
function histogramAt(n: number, id: number): NativeHistogram {
  const counts = Object.fromEntries(Array.from({ length: 1 + (n % 5) }, (_, i) => [i * 3 - id, n + i]));
  return nativeOf(counts, { negative: { [id]: 2 }, zeroCount: n % 5, sum: n / 3, schema: id });
}

function snapshotAt(family: TestFamily, n: number, ids = [0, 1, 2]): Snapshot {
  for (const id of ids) family.setNative({ id: String(id) }, histogramAt(n, id));
  return snapshotOf(n * 1000, family);
}

const newFamily = () => new TestFamily(nativeHistogram('x'), ['id'], { blockRows: 2 });

/** Which snapshots are there; fails when a histogram of one of them is not as it was written. */
async function intactIn(storage: FileStorage): Promise<number[]> {
  const found = await selected(storage, [{ name: '__name__', operator: '=', value: 'x' }]);
  const times = new Set<number>();
  for (const { labels, timestampsMs, values, histograms } of found) {
    expect(values).toEqual(new Float64Array(timestampsMs.length).fill(NaN));
    const numbers = [...timestampsMs].map((at) => at / 1000);
    expect(histograms).toEqual(numbers.map((n) => histogramAt(n, Number(labels['id']))));
    for (const n of numbers) times.add(n);
  }
  return [...times].sort((a, b) => a - b);
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** The bytes of a segment with so many records, and where each one ends. */
async function segmentOf(records: number): Promise<{ readonly bytes: Buffer; readonly ends: readonly number[] }> {
  const directory = temporaryFolder();
  const { storage } = await openStorage({ directory });
  const ends: number[] = [HEADER_BYTES];
  const family = newFamily();
  for (let n = 1; n <= records; n++) {
    await storage.write(snapshotAt(family, n));
    ends.push(statSync(join(directory, SEGMENT)).size);
  }
  return { bytes: readFileSync(join(directory, SEGMENT)), ends };
}

function versionOf(directory: string, segment: string): number | undefined {
  return versionIn(readFileSync(join(directory, segment)));
}

describe('native histograms in a FileStorage', () => {
  it('are samples besides those of a classic histogram', async () => {
    const { storage } = await openStorage({ directory: temporaryFolder() });
    const family = newFamily();
    expect((await storage.write(snapshotAt(family, 1)))._unsafeUnwrap()).toBe(3 * 4);
    await storage.write(snapshotAt(family, 2));
    expect(await intactIn(storage)).toEqual([1, 2]);
    expect(await samplesOf(storage, 'x_count')).toContainEqual([1000, histogramAt(1, 0).count]);
    const [count] = await selected(storage, [{ name: '__name__', operator: '=', value: 'x_sum' }]);
    expect(count).not.toHaveProperty('histograms');
  });

  it('are written as what changed', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    const family = new TestFamily(nativeHistogram('x'));
    const counts = Object.fromEntries(upTo(160).map((index) => [index, index * 1000]));
    await storage.write(snapshotOf(1000, family.setNative({}, nativeOf(counts))));
    const before = statSync(join(directory, SEGMENT)).size;
    await storage.write(snapshotOf(2000, family.setNative({}, nativeOf({ ...counts, 80: 80_001 }))));
    const changed = statSync(join(directory, SEGMENT)).size;
    expect(changed - before).toBeLessThan(60);
    await storage.write(snapshotOf(3000, family));
    expect(statSync(join(directory, SEGMENT)).size - changed).toBeLessThan(25);
  });

  it('are there up to the last whole record, wherever a crash cut the file', async () => {
    const { bytes, ends } = await segmentOf(6);
    for (let length = 0; length <= bytes.length; length += 3) {
      const directory = temporaryFolder();
      writeFileSync(join(directory, SEGMENT), bytes.subarray(0, length));
      const { storage, errors } = await openStorage({ directory });
      const whole = ends.findLastIndex((end) => end <= length);
      expect(await intactIn(storage)).toEqual(upTo(Math.max(0, whole)));
      await storage.close();
      expect(errors).toEqual([]);
    }
  });

  it('come back as they were for the next process, which can write them again', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    const family = newFamily();
    for (let n = 1; n <= 7; n++) await storage.write(snapshotAt(family, n));
    family.remove({ id: '1' });
    await storage.write(snapshotAt(family, 8, [0, 2]));
    await storage.close();

    const again = await openStorage({ directory, restore: true });
    const restored = (await again.storage.restore())._unsafeUnwrap() as Snapshot;
    expect(restored.families).toMatchObject([{ descriptor: nativeHistogram('x') }]);
    const [block] = [...(restored.families[0]?.blocks() ?? [])];
    const found = [0, 1].map((row) => nativeHistogramAt(block as NonNullable<typeof block>, row));
    expect(found).toEqual([histogramAt(8, 0), histogramAt(8, 2)]);
    expect(block?.size).toBe(2);

    await again.storage.write({ ...restored, timestampMs: 8000 });
    await again.storage.close();
    const last = await openStorage({ directory });
    expect(await intactIn(last.storage)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('of a series that is gone are none of the one that takes its place', async () => {
    const { storage, errors } = await openStorage({ directory: temporaryFolder() });
    const family = newFamily();
    await storage.write(snapshotAt(family, 1));
    family.remove({ id: '1' });
    await storage.write(snapshotAt(family, 2, [0, 2]));
    const other = nativeOf({ [-1]: 1, 2: 2, 5: 100 }, { negative: { 1: 2 }, schema: 1 });
    await storage.write(snapshotOf(3000, family.setNative({ id: 'other' }, other)));
    const found = await selected(storage, [
      { name: '__name__', operator: '=', value: 'x' },
      { name: 'id', operator: '=~', value: '1|other' },
    ]);
    expect(found.map(({ labels, timestampsMs, histograms }) => [labels['id'], [...timestampsMs], histograms])).toEqual([
      ['1', [1000], [histogramAt(1, 1)]],
      ['other', [3000], [other]],
    ]);
    expect(errors).toEqual([]);
  });

  it('are left out of OpenMetrics, which has none, and show as classic histograms there', async () => {
    const { storage } = await openStorage({ directory: temporaryFolder() });
    const family = new TestFamily(nativeHistogram('x')).setNative({}, nativeOf({ 1: 2, 4: 1 }, { sum: 5 }));
    await storage.write(snapshotOf(1000, family));
    const pieces: Uint8Array[] = [];
    for await (const piece of storage.exportOpenMetrics(EVER)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(
      '# TYPE x histogram\nx_bucket{le="+Inf"} 3 1\nx_sum 5 1\nx_count 3 1\n# EOF\n',
    );
  });

  it('ask for a version of the format of their own, from the segment on in which they first are', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    const numbers = new TestFamily(plain('c')).set({}, 1);
    await storage.write(snapshotOf(1000, numbers));
    await storage.write(snapshotAt(newFamily(), 2));
    await storage.write(snapshotOf(3000, numbers));
    await storage.close();
    expect(versionOf(directory, SEGMENT)).toBe(FormatVersion.numbers);
    expect(versionOf(directory, '00000002.seg')).toBe(FormatVersion.histograms);
    const again = await openStorage({ directory });
    expect(await intactIn(again.storage)).toEqual([2]);
    expect(await samplesOf(again.storage, 'c')).toEqual([
      [1000, 1],
      [3000, 1],
    ]);
    expect(again.errors).toEqual([]);
  });

  it('stay when segments with and without them are put together', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock(20_000);
    const numbers = new TestFamily(plain('c'));
    for (let n = 1; n <= 9; n++) {
      const { storage } = await openStorage({ directory, clock });
      await storage.write(n % 3 === 0 ? snapshotAt(newFamily(), n) : snapshotOf(n * 1000, numbers.set({}, n)));
      await storage.close();
    }
    const merged = readdirSync(directory).filter((name) => name.includes('-') && name.endsWith('.seg'));
    expect(merged).toHaveLength(1);
    expect(versionOf(directory, merged[0] as string)).toBe(FormatVersion.histograms);
    const { storage, errors } = await openStorage({ directory, clock });
    expect(await intactIn(storage)).toEqual([3, 6, 9]);
    expect((await samplesOf(storage, 'c')).map(([, value]) => value)).toEqual([1, 2, 4, 5, 7, 8]);
    expect(errors).toEqual([]);
  });

  it('are told where a record makes no sense of them, and do no harm', async () => {
    const definition =
      '{"name":"x","type":"histogram","description":"","unit":"","upperBounds":[],"native":true,"labelNames":[],"constantLabels":[]}';
    const content = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat(9), { maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const section = new ByteWriter();
        section.u8(1 + 4);
        section.text(definition);
        // No series gone and one new, in the first slot, with three numbers that are 0.
        for (const byte of [0, 1, 0, 1, 1, 1]) section.u8(byte);
        section.varint(bytes.length);
        for (const byte of bytes) section.u8(byte);
        const payload = new ByteWriter();
        payload.u8(1);
        payload.f64(5000);
        payload.varint(0);
        payload.varint(section.length);
        payload.append(section);
        const record = Buffer.from(payload.written);
        const file = Buffer.concat([
          segmentHeader(FormatVersion.histograms),
          recordFrame(record.length, crc32(record)),
          record,
        ]);
        const directory = temporaryFolder();
        writeFileSync(join(directory, SEGMENT), file);
        const { storage, errors } = await openStorage({ directory, restore: true });
        const found = await selected(storage);
        expect(errors.every(({ kind }) => kind === 'file_corrupt')).toBe(true);
        if (errors.length === 0) expect(found.length).toBeGreaterThanOrEqual(3);
        await storage.write(snapshotOf(9000, new TestFamily(plain('d')).set({}, 1)));
        expect(await samplesOf(storage, 'd')).toEqual([[9000, 1]]);
        await storage.close();
      }),
      { numRuns: 150 },
    );
  });

  it('come back bit by bit, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(nativeRun(12), nativeRun(12), async (first, second) => {
        const directory = temporaryFolder();
        const { storage } = await openStorage({ directory });
        const family = new TestFamily(nativeHistogram('x'), ['id']);
        for (let i = 0; i < Math.max(first.length, second.length); i++) {
          for (const [id, run] of Object.entries({ first, second })) {
            const histogram = run[i];
            if (histogram === undefined) family.remove({ id });
            else family.setNative({ id }, histogram);
          }
          await storage.write(snapshotOf((i + 1) * 1000, family));
        }
        await storage.close();
        const again = await openStorage({ directory });
        const found = await selected(again.storage, [{ name: '__name__', operator: '=', value: 'x' }]);
        const byId = Object.fromEntries(found.map(({ labels, histograms }) => [labels['id'], histograms]));
        expect(byId).toEqual({ first, second });
        await again.storage.close();
      }),
      { numRuns: 40 },
    );
  });
});
