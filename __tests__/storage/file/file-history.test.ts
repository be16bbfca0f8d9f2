// A folder that is read beside its writer, after a crash of its writer, and where there is nothing to read: what there is is answered,
// and not a byte is changed.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageError } from '../../../lib/errors.js';
import { FileHistory } from '../../../storage/file/file-history.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { openStorage, temporaryFolder } from './support/folders.js';

const SEGMENT = '00000001.seg';

async function written(directory: string, times: readonly number[]) {
  const { storage } = await openStorage({ directory });
  const family = new TestFamily(plain('c'), ['id']);
  for (const time of times) await storage.write(snapshotOf(time, family.set({ id: 'a' }, time / 1000)));
  return { storage, family };
}

async function historyOf(directory: string, onError?: (error: StorageError) => void): Promise<FileHistory> {
  return (await FileHistory.open(directory, { ...(onError && { onError }) }))._unsafeUnwrap();
}

async function valuesIn(history: FileHistory): Promise<number[]> {
  const matchers = [{ name: 'id', operator: '=', value: 'a' }] as const;
  const found = (await history.select(matchers, { startMs: 0, endMs: 1e15 }))._unsafeUnwrap();
  const values: number[] = [];
  for await (const series of found) values.push(...series.values);
  return values;
}

function contentOf(directory: string): object {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'hex')]));
}

describe('FileHistory', () => {
  it('answers what was written when it was opened, while the writer goes on', async () => {
    const directory = temporaryFolder();
    const { storage, family } = await written(directory, [1000, 2000]);
    const before = contentOf(directory);
    const history = await historyOf(directory);
    expect(await valuesIn(history)).toEqual([1, 2]);
    expect(contentOf(directory)).toEqual(before);

    expect((await storage.write(snapshotOf(3000, family.set({ id: 'a' }, 3))))._unsafeUnwrap()).toBeGreaterThan(0);
    expect(await valuesIn(await historyOf(directory))).toEqual([1, 2, 3]);
    await storage.close();
    expect(await valuesIn(await historyOf(directory))).toEqual([1, 2, 3]);
  });

  it('answers as much as a crash has left, and leaves it so', async () => {
    const directory = temporaryFolder();
    await written(directory, [1000, 2000, 3000]);
    const file = join(directory, SEGMENT);
    truncateSync(file, readFileSync(file).length - 3);
    writeFileSync(join(directory, '00000002.seg.tmp'), 'left');
    writeFileSync(join(directory, '00000003.seg'), '');
    const before = contentOf(directory);
    expect(await valuesIn(await historyOf(directory))).toEqual([1, 2]);
    expect(contentOf(directory)).toEqual(before);
  });

  it('tells of damage, and answers the rest', async () => {
    const directory = temporaryFolder();
    const { storage } = await written(directory, [1000]);
    await storage.close();
    appendFileSync(join(directory, '00000007.seg'), 'this is no segment at all');
    const errors: StorageError[] = [];
    expect(await valuesIn(await historyOf(directory, (error) => errors.push(error)))).toEqual([1]);
    expect(errors).toMatchObject([{ kind: 'file_corrupt', file: join(directory, '00000007.seg'), offset: 0 }]);
  });

  it('makes nothing where there is nothing', async () => {
    const directory = temporaryFolder();
    const missing = await FileHistory.open(join(directory, 'missing'));
    expect(missing._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unreadable', file: join(directory, 'missing') });
    mkdirSync(join(directory, 'empty'));
    expect((await historyOf(join(directory, 'empty'))).isEmpty).toBe(true);
    expect(readdirSync(directory)).toEqual(['empty']);
    expect(readdirSync(join(directory, 'empty'))).toEqual([]);
  });

  it('refuses matchers that make no sense', async () => {
    const history = await historyOf(temporaryFolder());
    const refused = await history.select([{ name: 'a', operator: '=~', value: '(' }], { startMs: 0, endMs: 1 });
    expect(refused._unsafeUnwrapErr().kind).toBe('invalid_matcher');
  });
});
