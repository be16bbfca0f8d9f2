// Where a target's samples are found again: in memory, after a restart in files, and both as one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe as sentenceOf } from 'telltale';
import { ManualClock } from 'telltale/testing';
import type { StorageError } from '../../../lib/errors.js';
import { parseExposition } from '../../../lib/exposition/reading/parse-exposition.js';
import type { Queryable, SeriesData } from '../../../lib/model/storage.js';
import { JoinedQueryables } from '../../../lib/query/joined-queryables.js';
import { TargetHistory } from '../../../lib/watch/history/target-history.js';

let directory: string;
const clock = new ManualClock();
const open: TargetHistory[] = [];
const errors: StorageError[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'target-history-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((history) => history.close()));
  await rm(directory, { recursive: true, force: true });
});

async function history(folder: string, inFiles: boolean, memoryBytes = 2 ** 24): Promise<TargetHistory> {
  const opened = await TargetHistory.open(folder, {
    memorySeconds: 3600,
    memoryBytes,
    directory: inFiles ? directory : undefined,
    fileBytes: 2 ** 24,
    remoteWriteUrl: undefined,
    remoteQueueBytes: 2 ** 24,
    clock,
    onError: (error) => errors.push(error),
  });
  open.push(opened._unsafeUnwrap());
  return opened._unsafeUnwrap();
}

async function write(to: TargetHistory, page: string): Promise<void> {
  clock.advance(15);
  const read = await parseExposition(page, { format: 'prometheus', timestampMs: clock.now(), isLenient: true });
  await to.write(read._unsafeUnwrap());
}

async function found(queryable: Queryable, name: string, seconds = 600): Promise<number[][]> {
  const range = { startMs: clock.now() - seconds * 1000, endMs: clock.now() };
  const answer = await queryable.select([{ name: '__name__', operator: '=~', value: name }], range);
  const series: SeriesData[] = [];
  for await (const one of answer._unsafeUnwrap()) series.push(one);
  return series.map(({ values }) => [...values]);
}

describe('TargetHistory', () => {
  describe('select', () => {
    it('answers from memory what was written', async () => {
      const target = await history('a', false);
      await write(target, 'a 1\n');
      await write(target, 'a 2\n');
      expect(await found(target, 'a')).toEqual([[1, 2]]);
    });

    it('finds in files what was written before a restart, and what came after it', async () => {
      const before = await history('a', true);
      await write(before, 'a 1\n');
      await before.close();
      const after = await history('a', true);
      await write(after, 'a 2\n');
      expect(await found(after, 'a')).toEqual([[1, 2]]);
      expect(await found(after, 'a', 15)).toEqual([[2]]);
    });

    it('finds one series, without an end, where a histogram did not add up for once', async () => {
      const target = await history('a', true);
      const page = (bucket: number, count: number) =>
        `# TYPE h histogram\nh_bucket{le="1"} ${bucket}\nh_bucket{le="+Inf"} ${bucket}\nh_sum ${bucket}\nh_count ${count}\n`;
      for (const [bucket, count] of [[1, 1] as const, [2, 3] as const, [4, 4] as const]) {
        await write(target, page(bucket, count));
      }
      const range = { startMs: clock.now() - 600_000, endMs: clock.now() };
      for (const part of [target, target.memory]) {
        const answer = await part.select([{ name: '__name__', operator: '=', value: 'h_count' }], range);
        const series: SeriesData[] = [];
        for await (const one of answer._unsafeUnwrap()) series.push(one);
        expect(series.map(({ values, endsMs }) => [[...values], endsMs])).toEqual([[[1, 3, 4], undefined]]);
      }
    });

    it('finds in files what is too old for memory', async () => {
      const target = await history('a', true);
      await write(target, 'a 1\n');
      clock.advance(7200);
      await write(target, 'a 2\n');
      expect(await found(target, 'a', 10_000)).toEqual([[1, 2]]);
    });

    it('finds in files what memory had no room for', async () => {
      const target = await history('a', true, 60_000);
      const labels = Array.from({ length: 40 }, (_, i) => `a{of="${i}"}`);
      for (let n = 0; n < 200; n++)
        await write(target, labels.map((one, i) => `${one} ${Math.sin(n * 40 + i)}\n`).join(''));
      expect(target.memory.usage().timeRange?.startMs).toBeGreaterThan(clock.now() - 2_900_000);
      const all = await found(target, 'a', 2_990);
      expect(all.map(({ length }) => length)).toEqual(Array(40).fill(200));
      expect(all[7]?.[3]).toBe(Math.sin(127));
    });

    it('finds in files series that memory had no room for', async () => {
      const target = await history('a', true, 20_000);
      await write(target, Array.from({ length: 500 }, (_, i) => `a{of="${i}"} 1\n`).join(''));
      expect(target.memory.usage().refusedSamples).toBeGreaterThan(0);
      expect(await found(target, 'a', 0)).toHaveLength(500);
    });
  });

  describe('open', () => {
    it('answers that another station has the folder', async () => {
      await history('a', true);
      const second = await TargetHistory.open('a', {
        memorySeconds: 3600,
        memoryBytes: 2 ** 24,
        directory,
        fileBytes: 2 ** 24,
        remoteWriteUrl: undefined,
        remoteQueueBytes: 2 ** 24,
        clock,
        onError: () => {},
      });
      expect(sentenceOf(second._unsafeUnwrapErr())).toContain(String(process.pid));
    });
  });
});

describe('JoinedQueryables', () => {
  describe('select', () => {
    it.each([false, true])('joins what all have, with files: %s', async (inFiles) => {
      const [first, second] = [await history('a', false), await history('b', inFiles)];
      await write(first, 'a 1\n');
      await write(second, 'a 2\nb 3\n');
      const all = new JoinedQueryables([
        { labels: { job: 'x' }, queryable: first },
        { labels: { job: 'y' }, queryable: second },
      ]);
      expect(await found(all, 'a')).toEqual([[1], [2]]);
      expect(await found(all, 'a|b')).toEqual([[1], [2], [3]]);
    });

    it('asks only the histories whose labels fit', async () => {
      const asked: string[] = [];
      const target = await history('a', false);
      const noting = (job: string) => ({
        labels: { job },
        queryable: {
          select: (...args: Parameters<Queryable['select']>) => {
            asked.push(job);
            return target.select(...args);
          },
        },
      });
      const all = new JoinedQueryables([noting('x'), noting('y'), noting('z')]);
      await all.select([{ name: 'job', operator: '=~', value: 'x|z' }], { startMs: 0, endMs: 1 });
      expect(asked).toEqual(['x', 'z']);
    });

    it('answers the error of a matcher, and that of a history', async () => {
      const target = await history('a', false);
      const all = new JoinedQueryables([{ labels: {}, queryable: target }]);
      const range = { startMs: 0, endMs: 1 };
      const invalid = await all.select([{ name: 'a', operator: '=~', value: '(' }], range);
      expect(invalid._unsafeUnwrapErr().kind).toBe('invalid_matcher');
      await target.close();
      expect((await all.select([], range))._unsafeUnwrapErr().kind).toBe('storage_closed');
    });
  });
});
