// The one file that a TextfileStorage keeps: whole at any moment, readable for node_exporter, and there after a crash.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MetricDefinitionError } from '../../../lib/errors.js';
import { TextfileStorage } from '../../../storage/textfile/textfile-storage.js';
import { checkMetrics } from '../../support/promtool.js';
import { describeWithServer } from '../../support/servers.js';
import { temporaryFolder } from '../file/support/folders.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';

const family = () => new TestFamily(plain('jobs_done_total'), ['job']).set({ job: 'backup "daily"' }, 3);

describe('TextfileStorage', () => {
  it('writes the latest snapshot as classic text without time stamps', async () => {
    const file = join(temporaryFolder(), 'job.prom');
    const storage = new TextfileStorage({ file });
    await storage.write(snapshotOf(1000, family()));
    const stored = await storage.write(snapshotOf(2000, family().set({ job: 'x' }, 1)));
    expect(stored._unsafeUnwrap()).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(`# HELP jobs_done_total About jobs_done_total
# TYPE jobs_done_total counter
jobs_done_total{job="backup \\"daily\\""} 3
jobs_done_total{job="x"} 1
`);
    const [figures] = storage.statistics();
    expect(figures?.storage).toBe('textfile');
    expect(figures?.bytes).toBeGreaterThan(statSync(file).size);
  });

  it('never shows a part of a snapshot, and leaves nothing beside the file', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'job.prom');
    const storage = new TextfileStorage({ file, fsync: false });
    const many = new TestFamily(plain('c'), ['id'], { blockRows: 500 });
    let isWriting = true;
    const writing = (async () => {
      for (let n = 1; n <= 20; n++) {
        for (let i = 0; i < 5000; i++) many.set({ id: `${i}` }, n);
        (await storage.write(snapshotOf(n, many)))._unsafeUnwrap();
      }
      isWriting = false;
    })();
    let readings = 0;
    while (isWriting) {
      if (existsSync(file)) {
        const values = readFileSync(file, 'utf8').match(/ \d+$/gm) ?? [];
        expect(values).toHaveLength(5000);
        expect(new Set(values).size).toBe(1);
        readings++;
      }
      await new Promise(setImmediate);
    }
    await writing;
    expect(readings).toBeGreaterThan(10);
    expect(readdirSync(folder)).toEqual(['job.prom']);
  });

  it('keeps the file as it was when the snapshot cannot be read', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'job.prom');
    const storage = new TextfileStorage({ file });
    await storage.write(snapshotOf(1000, family()));
    const before = readFileSync(file);
    let walks = 0;
    const broken = {
      ...family().family(),
      blocks: () => {
        // Counting goes well, writing does not.
        if (walks++ > 0) throw new Error('broken');
        return [];
      },
    };
    const failed = await storage.write({ timestampMs: 2000, families: [family().family(), broken] });
    expect(failed._unsafeUnwrapErr()).toMatchObject({ kind: 'storage_failed', storage: 'textfile' });
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['job.prom']);
  });

  it('keeps the file when it is closed, and refuses later writes', async () => {
    const file = join(temporaryFolder(), 'job.prom');
    const storage = new TextfileStorage({ file });
    const written = storage.write(snapshotOf(1000, family()));
    expect((await storage.close()).isOk()).toBe(true);
    expect((await written).isOk()).toBe(true);
    expect((await storage.close()).isOk()).toBe(true);
    expect(existsSync(file)).toBe(true);
    const late = await storage.write(snapshotOf(2000, family()));
    expect(late._unsafeUnwrapErr()).toEqual({ kind: 'storage_closed', storage: 'textfile' });
  });

  it('removes what dead writers of the same file left, and nothing else', async () => {
    const folder = temporaryFolder();
    const dead = 2 ** 22 + 1;
    const others = ['.job.prom.txt', `.other.prom.${dead}.7.tmp`, `.job.prom.${process.ppid}.7.tmp`];
    for (const name of [...others, `.job.prom.${dead}.7.tmp`, `.job.prom.${process.pid}.7.tmp`]) {
      writeFileSync(join(folder, name), 'left');
    }
    const storage = new TextfileStorage({ file: join(folder, 'job.prom') });
    await storage.write(snapshotOf(1000, family()));
    expect(readdirSync(folder).sort()).toEqual([...others, 'job.prom'].sort());
  });

  it('makes its folder, also again after it was removed, and lets others read the file', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a/b/job.prom');
    const storage = new TextfileStorage({ file });
    expect((await storage.write(snapshotOf(1000, family()))).isOk()).toBe(true);
    rmSync(join(folder, 'a'), { recursive: true });
    expect((await storage.write(snapshotOf(1000, family()))).isOk()).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  it('tells when the file cannot be written', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder.prom'));
    writeFileSync(join(folder, 'file'), '');
    for (const file of [join(folder, 'folder.prom'), join(folder, 'file/job.prom')]) {
      const failed = await new TextfileStorage({ file }).write(snapshotOf(1000, family()));
      expect(failed._unsafeUnwrapErr()).toMatchObject({ kind: 'file_unwritable', file });
    }
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder.prom']);
  });

  it.each([
    ['file', { file: 'job.txt' }],
    ['file', { file: '.prom' }],
    ['file', { file: '.job.prom' }],
    ['fsync', { file: 'job.prom', fsync: 1 as unknown as boolean }],
    ['mode', { file: 'job.prom', mode: -1 }],
    ['name', { file: 'job.prom', name: '' }],
  ])('refuses a %s that makes no sense', (option, options) => {
    const make = () => new TextfileStorage(options);
    expect(make).toThrow(MetricDefinitionError);
    expect(make).toThrow(expect.objectContaining({ detail: expect.objectContaining({ option }) }));
  });
});

describeWithServer('promtool', 'TextfileStorage, judged by promtool', () => {
  it('writes what Prometheus reads', async () => {
    const file = join(temporaryFolder(), 'job.prom');
    const latency = new TestFamily(histogram('latency_seconds', [0.5, 1]), ['route']).set(
      { route: '/ü' },
      1,
      2,
      0,
      1.5,
    );
    await new TextfileStorage({ file }).write(snapshotOf(1000, family(), latency));
    // The only complaint is about the missing help of a family that has none.
    expect((await checkMetrics(readFileSync(file, 'utf8'))).output).not.toMatch(/error|parse/i);
  });
});
