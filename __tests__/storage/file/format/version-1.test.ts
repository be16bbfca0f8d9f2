// Holds version 1 of the format to the byte, as docs/file-format.md describes it: files that are out there must stay readable,
// and whoever changes what is written has to change the version.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plain, snapshotOf, TestFamily } from '../../support/test-family.js';
import { openStorage, selected, temporaryFolder } from '../support/folders.js';

const hex = (text: string) => Buffer.from(text).toString('hex');

const SEGMENT = [
  `${hex('TELLTALE')} 01000000 36fcb23c`,
  // A whole snapshot at 1000 ms: table 0, 138 bytes, with its definition, no series gone and two new ones.
  '96000000 1bac163e f9be4e06  01 0000000000408f40  00 8a01 01 72',
  hex(
    '{"name":"c","type":"counter","description":"About c","unit":"","labelNames":["id"],"constantLabels":[["job","x"]]}',
  ),
  '00 02',
  // Slot 0, a text that is new: a; 5, which is 0 + 5; started at 0.
  '00  00 01 61  0b  01',
  // The next slot; b; 0.5, which is no whole difference.
  '00  00 01 62  00 000000000000e03f  01',
  // Changes at 2000 ms: table 0, 13 bytes; of one that is gone and one that is new, slot 1 and slot 2.
  '18000000 402a5787 ecb394e2  02 0000000000409f40  00 0d 00  01 01  02',
  '04  00 02 c3bc  03  01',
  // Cell 0 is 2 more.
  '00 05',
  // Nothing changed at 3000 ms.
  '09000000 c63f940b a3418384  02 000000000070a740',
  // The end: from 1000 ms to 3000 ms, three snapshots.
  '15000000 70f0bc3a 6c0bfe01  03 0000000000408f40 000000000070a740 03000000',
].map((part) => part.replaceAll(' ', ''));

describe('version 1 of the format', () => {
  it('is what is written', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    const family = new TestFamily(plain('c'), ['id'], { constantLabels: [['job', 'x']] });
    await storage.write(snapshotOf(1000, family.set({ id: 'a' }, 5).set({ id: 'b' }, 0.5)));
    await storage.write(snapshotOf(2000, family.set({ id: 'a' }, 7).remove({ id: 'b' }).set({ id: 'ü' }, 1)));
    await storage.write(snapshotOf(3000, family));
    await storage.close();
    expect(readFileSync(join(directory, '00000001.seg')).toString('hex')).toBe(SEGMENT.join(''));
  });

  it('is read, also by a storage that would write another one', async () => {
    const directory = join(temporaryFolder(), 'copied');
    mkdirSync(directory);
    writeFileSync(join(directory, '00000001.seg'), Buffer.from(SEGMENT.join(''), 'hex'));
    const { storage, errors } = await openStorage({ directory });
    const series = await selected(storage);
    expect(series.map(({ labels, timestampsMs, values }) => [labels['id'], [...timestampsMs], [...values]])).toEqual([
      ['a', [1000, 2000, 3000], [5, 7, 7]],
      ['b', [1000], [0.5]],
      ['ü', [2000, 3000], [1, 1]],
    ]);
    expect(errors).toEqual([]);
  });
});
