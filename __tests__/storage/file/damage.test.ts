// Files that are not as they were written: tails that a crash left, bits that turned, records that someone made up. What is
// readable is read, what is not is told with its place, and nothing wrong is ever answered.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import type { StorageError } from '../../../lib/errors.js';
import { ByteWriter } from '../../../storage/file/format/byte-writer.js';
import {
  FormatVersion,
  FRAME_BYTES,
  HEADER_BYTES,
  LATEST_VERSION,
  recordFrame,
  segmentHeader,
} from '../../../storage/file/format/layout.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { openStorage, samplesOf, selected, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

const SEGMENT = '00000001.seg';

/** The n-th of a row of snapshots, in which the second half of the series changes. */
function numbered(n: number) {
  const family = new TestFamily(plain('c'), ['id']);
  for (let i = 0; i < 6; i++) family.set({ id: `${i}` }, i < 3 ? i : i * n + 0.5);
  return snapshotOf(n * 1000, family.set({ id: '' }, n));
}

/** The bytes of a segment with so many records, and where each one ends. */
async function segmentOf(records: number): Promise<{ readonly bytes: Buffer; readonly ends: readonly number[] }> {
  const directory = temporaryFolder();
  const { storage } = await openStorage({ directory });
  const ends: number[] = [HEADER_BYTES];
  // Families of their own would make each record a whole one.
  const family = new TestFamily(plain('c'), ['id']);
  for (let n = 1; n <= records; n++) {
    for (let i = 0; i < 6; i++) family.set({ id: `${i}` }, i < 3 ? i : i * n + 0.5);
    await storage.write(snapshotOf(n * 1000, family.set({ id: '' }, n)));
    ends.push(statSync(join(directory, SEGMENT)).size);
  }
  return { bytes: readFileSync(join(directory, SEGMENT)), ends };
}

async function opened(bytes: Uint8Array) {
  const directory = temporaryFolder();
  writeFileSync(join(directory, SEGMENT), bytes);
  return { directory, ...(await openStorage({ directory })) };
}

/** Which of the snapshots are there; fails when one of them is not as it was written. */
async function intactIn(storage: Awaited<ReturnType<typeof openStorage>>['storage']): Promise<number[]> {
  const found = new Map<number, Map<string, number>>();
  for (const { labels, timestampsMs, values } of await selected(storage)) {
    timestampsMs.forEach((at, i) => {
      const snapshot = found.get(at / 1000) ?? new Map<string, number>();
      found.set(at / 1000, snapshot.set(labels['id'] ?? '', values[i] as number));
    });
  }
  for (const [n, snapshot] of found) {
    const expected = new Map(numbered(n).families.flatMap((family) => [...family.blocks()].flatMap(entriesOf)));
    expect(Object.fromEntries(snapshot)).toEqual(Object.fromEntries(expected));
  }
  return [...found.keys()].sort((a, b) => a - b);
}

function entriesOf({ size, labelIds, dictionaries, values }: ReturnType<typeof blockOf>): [string, number][] {
  return Array.from({ length: size }, (_, row) => [
    dictionaries[0]?.values[labelIds[row] as number] as string,
    values[row] as number,
  ]);
}
const blockOf = () => [...(numbered(1).families[0]?.blocks() ?? [])][0]!;

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a tail that was not written to its end', () => {
  it('is cut at the last whole record, wherever it ends, and writing goes on', async () => {
    const { bytes, ends } = await segmentOf(4);
    for (let length = 0; length <= bytes.length; length++) {
      const { storage, errors } = await opened(bytes.subarray(0, length));
      const whole = ends.findLastIndex((end) => end <= length);
      expect(await intactIn(storage)).toEqual(upTo(Math.max(0, whole)));
      if (length % 10 === 0) {
        await storage.write(numbered(7));
        expect(await intactIn(storage)).toEqual([...upTo(Math.max(0, whole)), 7]);
      }
      await storage.close();
      expect(errors).toEqual([]);
    }
  });

  it('is cut as well where a power failure left room without content', async () => {
    const { bytes, ends } = await segmentOf(4);
    const zeroes = Buffer.from(bytes);
    zeroes.fill(0, ends[3]);
    const { storage, errors, directory } = await opened(Buffer.concat([zeroes, Buffer.alloc(5000)]));
    expect(await intactIn(storage)).toEqual([1, 2, 3]);
    expect(errors).toEqual([]);
    expect(statSync(join(directory, SEGMENT)).size).toBeLessThan(bytes.length);
  });
});

describe('a bit that turned', () => {
  it('is told with its file, and hides nothing but what depends on it', async () => {
    const source = temporaryFolder();
    for (let segment = 0; segment < 3; segment++) {
      const { storage } = await openStorage({ directory: source });
      const family = new TestFamily(plain('c'), ['id']);
      for (let n = segment * 4 + 1; n <= segment * 4 + 4; n++) {
        for (let i = 0; i < 6; i++) family.set({ id: `${i}` }, i < 3 ? i : i * n + 0.5);
        await storage.write(snapshotOf(n * 1000, family.set({ id: '' }, n)));
      }
      await storage.close();
    }
    const bytes = readFileSync(join(source, '00000002.seg'));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const directory = temporaryFolder();
        for (const name of readdirSync(source)) copyFileSync(join(source, name), join(directory, name));
        const damaged = Buffer.from(bytes);
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
        writeFileSync(join(directory, '00000002.seg'), damaged);
        const { storage, errors } = await openStorage({ directory });
        const found = await intactIn(storage);
        expect(found).toEqual(expect.arrayContaining([1, 2, 3, 4, 9, 10, 11, 12]));
        expect(errors.length).toBeGreaterThan(0);
        for (const error of errors) {
          expect(error).toMatchObject({ kind: 'file_corrupt', file: join(directory, '00000002.seg') });
          // Records before the place that is told are all there.
          const { offset } = error as Extract<StorageError, { kind: 'file_corrupt' }>;
          expect(offset).toBeLessThanOrEqual(bit >> 3);
        }
        expect(found.filter((n) => n > 4 && n < 9)).toEqual([5, 6, 7, 8].slice(0, found.length - 8));
        await storage.close();
      }),
      { numRuns: 150 },
    );
  });

  it('is told once, however often it is met', async () => {
    const { bytes, ends } = await segmentOf(3);
    bytes[(ends[1] as number) + FRAME_BYTES + 3]! ^= 1;
    const { storage, errors, directory } = await opened(bytes);
    expect(await intactIn(storage)).toEqual([1]);
    expect(await intactIn(storage)).toEqual([1]);
    expect(errors).toEqual([
      { kind: 'file_corrupt', file: join(directory, SEGMENT), offset: ends[1], problem: expect.any(String) },
    ]);
  });

  it('leaves the file as it is for whoever wants to look at it', async () => {
    const { bytes, ends } = await segmentOf(3);
    bytes[(ends[1] as number) + FRAME_BYTES + 3]! ^= 1;
    const { storage, directory } = await opened(bytes);
    await storage.write(numbered(7));
    await storage.close();
    expect(readFileSync(join(directory, SEGMENT))).toEqual(bytes);
    expect(readdirSync(directory)).toContain('00000002.seg');
  });
});

describe('what no storage has written', () => {
  it.each([
    ['a file of another kind', Buffer.from('These are no metrics, but a text about metrics.')],
    ['a segment of a later version', laterVersion()],
  ])('is told and left alone: %s', async (_, bytes) => {
    const { storage, errors, directory } = await opened(bytes);
    await storage.write(numbered(1));
    expect(await intactIn(storage)).toEqual([1]);
    expect(errors).toMatchObject([{ kind: 'file_corrupt', offset: 0 }]);
    await storage.close();
    expect(readFileSync(join(directory, SEGMENT))).toEqual(bytes);
  });

  it('asks for no more memory than the file has bytes, whatever length it gives', async () => {
    const huge = recordFrame(0xffffffff, 0);
    const { storage } = await opened(Buffer.concat([segmentHeader(FormatVersion.numbers), huge, Buffer.alloc(100, 1)]));
    expect(await intactIn(storage)).toEqual([]);
  });

  it('is told where its checksum is right, but its content is not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (content, isSection) => {
        const payload = new ByteWriter();
        payload.u8(1);
        payload.f64(5000);
        if (isSection) {
          payload.varint(0);
          payload.varint(content.length + 60);
          payload.u8(1);
          payload.text(
            '{"name":"c","type":"counter","description":"","unit":"","labelNames":["id"],"constantLabels":[]}',
          );
        }
        const record = Buffer.concat([payload.written, content]);
        const bytes = Buffer.concat([
          segmentHeader(FormatVersion.numbers),
          recordFrame(record.length, crc32(record)),
          record,
        ]);
        const { storage } = await opened(bytes);
        await selected(storage);
        await storage.write(snapshotOf(9000, new TestFamily(plain('d')).set({}, 1)));
        expect(await samplesOf(storage, 'd')).toEqual([[9000, 1]]);
        await storage.close();
      }),
      { numRuns: 150 },
    );
  });

  it('does not disturb: folders and files with other names are left alone', async () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'notes.txt'), 'hello');
    writeFileSync(join(directory, '00000003.seg.tmp'), 'half a compaction');
    const { storage } = await openStorage({ directory });
    await storage.write(numbered(1));
    await storage.close();
    expect(readdirSync(directory).sort()).toEqual(['00000001.seg', 'folder', 'lock-1', 'notes.txt']);
  });

  it('goes with a file that is cut while it is read', async () => {
    const { bytes } = await segmentOf(4);
    const { storage, errors, directory } = await opened(bytes);
    truncateSync(join(directory, SEGMENT), 60);
    expect(await intactIn(storage)).toEqual([]);
    expect(errors).toMatchObject([{ kind: 'file_corrupt' }]);
  });
});

function laterVersion(): Buffer {
  const header = Buffer.from(segmentHeader(FormatVersion.numbers));
  header.writeUInt32LE(LATEST_VERSION + 1, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return Buffer.concat([header, Buffer.alloc(50, 7)]);
}
