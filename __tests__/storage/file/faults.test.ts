// Disks that are full, folders that may not be written and folders that are removed, none of them pretended: each is told, what
// was answered before stays, and the storage goes on by itself when the disk does.
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStorage } from '../../../storage/file/file-storage.js';
import { runCommand } from '../../support/child.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { numbered, numberOf } from './programs/numbered.js';
import { openStorage, samplesOf, selected, temporaryFolder } from './support/folders.js';
import { compilePrograms, programCommand } from './support/programs.js';

jest.setTimeout(60_000);

const isRoot = process.getuid?.() === 0;
const counterAt = (timestampMs: number) => snapshotOf(timestampMs, new TestFamily(plain('c')).set({}, timestampMs));

/** A disk of so many bytes; undefined where this user may not mount one. */
async function smallDisk(bytes: number): Promise<string | undefined> {
  const path = mkdtempSync(join(tmpdir(), 'telltale-disk-'));
  const mount = { path: '/usr/bin/mount', args: ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path] };
  if (isRoot && existsSync(mount.path) && (await runCommand(mount, '')).exitCode === 0) return path;
  rmSync(path, { recursive: true });
  return undefined;
}

async function unmount(path: string): Promise<void> {
  await runCommand({ path: '/usr/bin/umount', args: [path] }, '');
  rmSync(path, { recursive: true });
}

describe('a full disk', () => {
  it('is told, loses nothing that was answered, and is written again once there is room', async () => {
    const disk = await smallDisk(256 * 1024);
    if (disk === undefined) {
      process.stderr.write('skipped: a full disk: this user may not mount one\n');
      return;
    }
    try {
      const directory = join(disk, 'metrics');
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(128 * 1024));
      const { storage, errors } = await openStorage({ directory, fsync: 'always' });
      const stored: number[] = [];
      const failed: unknown[] = [];
      for (let number = 0; number < 200; number++) {
        const written = await storage.write(numbered(number));
        if (written.isOk()) stored.push(number);
        else failed.push(written.error);
        if (failed.length === 3) rmSync(ballast, { force: true });
        if (failed.length > 3 && stored.length > 100) break;
      }
      expect(failed.length).toBeGreaterThanOrEqual(3);
      for (const error of failed) expect(error).toMatchObject({ kind: 'file_unwritable', cause: { code: 'ENOSPC' } });
      // It did go on after the first failures.
      expect(stored.at(-1)).toBeGreaterThan((stored.findIndex((number, i) => number !== i) || 0) + 10);
      expect(await numbersIn(storage)).toEqual(stored);
      await storage.close();
      const again = await openStorage({ directory });
      expect(await numbersIn(again.storage)).toEqual(stored);
      await again.storage.close();
      expect([...errors, ...again.errors]).toEqual([]);
    } finally {
      await unmount(disk);
    }
  });

  it('is told when the very lock has no room', async () => {
    const disk = await smallDisk(16 * 1024);
    if (disk === undefined) return;
    try {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(16 * 1024));
      const opened = await FileStorage.open({ directory: join(disk, 'metrics') });
      expect(opened._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unwritable', cause: { code: 'ENOSPC' } });
    } finally {
      await unmount(disk);
    }
  });

  async function numbersIn(storage: FileStorage): Promise<number[]> {
    const numbers = new Set<number>();
    for (const { timestampsMs } of await selected(storage)) for (const at of timestampsMs) numbers.add(numberOf(at));
    return [...numbers].sort((a, b) => a - b);
  }
});

describe('a folder that may not be written', () => {
  it('is told, and written again once it may be', async () => {
    const programs = temporaryFolder();
    compilePrograms(programs);
    const directory = join(temporaryFolder(), 'metrics');
    mkdirSync(directory);
    if (isRoot) {
      chownSync(directory, 65_534, 65_534);
      chownSync(join(directory, '..'), 65_534, 65_534);
    }
    const { output } = await runCommand(programCommand(programs, 'closed-folder', directory), '');
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { step: 'open closed', kind: 'file_unwritable', cause: 'EACCES' },
      { step: 'write', kind: 'ok' },
      { step: 'write closed', kind: 'file_unwritable', cause: 'EACCES' },
      { step: 'write closed again', kind: 'file_unwritable', cause: 'EACCES' },
      { step: 'write opened', kind: 'ok' },
      { step: 'close', kind: 'ok' },
    ]);
    const { storage, errors } = await openStorage({ directory });
    const [series] = await selected(storage);
    expect(Array.from(series?.timestampsMs ?? [], numberOf)).toEqual([1, 4]);
    expect(errors).toEqual([]);
  });

  it('is told where it is no folder at all', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'a file');
    for (const directory of [file, join(file, 'below')]) {
      const opened = await FileStorage.open({ directory });
      expect(opened._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unwritable', file: directory });
    }
  });
});

describe('a folder that is not there', () => {
  it('is made with those above it, by several at once', async () => {
    const directory = join(temporaryFolder(), 'a', 'b');
    const opened = await Promise.all(['c', 'd'].map((name) => FileStorage.open({ directory: join(directory, name) })));
    for (const one of opened) expect((await one._unsafeUnwrap().close()).isOk()).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(['c', 'd']);
  });

  it('is told where the system lets none be made', async () => {
    const opened = await FileStorage.open({ directory: '/proc/nope/below' });
    expect(opened._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unwritable', cause: { code: 'ENOENT' } });
  });
});

describe('a folder that is removed', () => {
  it('is told with the next write, and made again with the one after', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory, fsync: 'always' });
    await storage.write(counterAt(1000));
    rmSync(directory, { recursive: true });
    const failed = await storage.write(counterAt(2000));
    expect(failed._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unwritable', file: join(directory, '00000001.seg') });
    expect((await storage.write(counterAt(3000))).isOk()).toBe(true);
    expect((await storage.write(counterAt(4000))).isOk()).toBe(true);
    expect(await samplesOf(storage, 'c')).toEqual([
      [3000, 3000],
      [4000, 4000],
    ]);
    const second = await FileStorage.open({ directory });
    expect(second._unsafeUnwrapErr()).toMatchObject({ kind: 'file_locked', pid: process.pid });
    await storage.close();
    expect((await openStorage({ directory })).errors).toEqual([]);
  });

  it('is told as well when nothing was written to it yet', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    rmSync(directory, { recursive: true });
    expect((await storage.write(counterAt(1000)))._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unwritable' });
    expect((await storage.write(counterAt(2000))).isOk()).toBe(true);
    expect(await samplesOf(storage, 'c')).toEqual([[2000, 2000]]);
  });

  it('goes to whoever took it meanwhile', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    await storage.write(counterAt(1000));
    rmSync(directory, { recursive: true });
    const other = await openStorage({ directory });
    await storage.write(counterAt(2000));
    const refused = await storage.write(counterAt(3000));
    expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: 'file_locked', pid: process.pid });
    await other.storage.write(counterAt(4000));
    await other.storage.close();
    expect((await storage.write(counterAt(5000))).isOk()).toBe(true);
    expect(await samplesOf(storage, 'c')).toEqual([
      [4000, 4000],
      [5000, 5000],
    ]);
  });

  it('can be closed', async () => {
    const directory = temporaryFolder();
    const { storage } = await openStorage({ directory });
    await storage.write(counterAt(1000));
    rmSync(directory, { recursive: true });
    expect((await storage.close()).isOk()).toBe(true);
    expect(existsSync(directory)).toBe(false);
  });
});

describe('files that are deleted one by one', () => {
  it('are told when a query misses them, which answers the rest', async () => {
    const directory = temporaryFolder();
    for (let n = 1; n <= 3; n++) {
      const { storage } = await openStorage({ directory });
      await storage.write(counterAt(n * 1000));
      await storage.close();
    }
    const { storage, errors } = await openStorage({ directory });
    rmSync(join(directory, '00000002.seg'));
    expect((await samplesOf(storage, 'c')).map(([at]) => at)).toEqual([1000, 3000]);
    expect(errors).toMatchObject([{ kind: 'file_corrupt', file: join(directory, '00000002.seg') }]);
    expect(readdirSync(directory)).toContain('00000003.seg');
  });
});
