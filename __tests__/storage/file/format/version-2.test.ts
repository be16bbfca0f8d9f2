// Holds version 2 of the format to the byte: what native histograms add to version 1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeOf } from '../../support/native-arbitrary.js';
import { nativeHistogram, snapshotOf, TestFamily } from '../../support/test-family.js';
import { openStorage, temporaryFolder } from '../support/folders.js';

const hex = (text: string) => Buffer.from(text).toString('hex');

const SEGMENT = [
  `${hex('TELLTALE')} 02000000 d853072e`,
  // A whole snapshot at 1000 ms: table 0, 177 bytes, with its definition and with histograms, no series gone and two new ones.
  'bd000000 1a5bcb39 38ec9700  01 0000000000408f40  00 b101 05 8101',
  hex(
    '{"name":"x","type":"histogram","description":"","unit":"","upperBounds":[],"native":true,"labelNames":["id"],"constantLabels":[]}',
  ),
  '00 02',
  // a: 9 observations, together 4; b: none.
  '00  00 01 61  13 09  01',
  '00  00 01 62  01 01  01',
  // 28 bytes of histograms. Slot 0, anew: schema 3, threshold 0, 1 in the zero bucket; two buckets above, 3 with 5 and 7 with
  // 1; one below, -2 with 2.
  '1c  00 02  06 01 03  04  06 0b  08 03  02  03 05',
  // Slot 1, anew: schema -4, threshold 0.25, nothing in any bucket.
  '02 02  07 00 000000000000d03f 01  00  00',
  // Changes at 2000 ms: table 0, 17 bytes; no series gone and none new.
  '1c000000 af08669d 3e8034e8  02 0000000000409f40  00 11 04  00 00',
  // 9 bytes of histograms. Slot 0 goes on: the zero bucket as it was; two buckets above: 1 more in 3, 1 in 8; none below.
  '09  00 01  01  04  06 03  0a 03  00',
  // The count is 2 more, the sum as well.
  '00 05  02 05',
  '15000000 87b74ac2 22821a9e  03 0000000000408f40 0000000000409f40 02000000',
].map((part) => part.replaceAll(' ', ''));

describe('version 2 of the format', () => {
  it('is what is written of native histograms', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    const family = new TestFamily(nativeHistogram('x'), ['id']);
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    const first = nativeOf({ 3: 5, 7: 1 }, { negative: { [-2]: 2 }, zeroThreshold: 0, zeroCount: 1, sum: 4 });
    family.setNative(a, first).setNative(b, nativeOf({}, { schema: -4, zeroThreshold: 0.25, sum: 0 }));
    await storage.write(snapshotOf(1000, family));
    const second = nativeOf({ 3: 6, 7: 1, 8: 1 }, { negative: { [-2]: 2 }, zeroThreshold: 0, zeroCount: 1, sum: 6 });
    await storage.write(snapshotOf(2000, family.setNative(a, second)));
    await storage.close();
    expect(readFileSync(join(directory, '00000001.seg')).toString('hex')).toBe(SEGMENT.join(''));
  });
});
