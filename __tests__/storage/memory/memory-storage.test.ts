// What memory storage promises to whoever writes, selects and closes.
import { describe as tell } from '../../../lib/errors.js';
import type { LabelMatcher, SeriesData } from '../../../lib/model/storage.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { answerOf } from './naive-history.js';

const ALWAYS = { startMs: -Infinity, endMs: Infinity };

function setUp() {
  const clock = new ManualClock(1_000_000_000);
  return { clock, storage: new MemoryStorage({ clock }) };
}

async function select(storage: MemoryStorage, ...matchers: LabelMatcher[]): Promise<SeriesData[]> {
  return [...(await storage.select(matchers, ALWAYS))._unsafeUnwrap()];
}

const named = (value: string): LabelMatcher => ({ name: '__name__', operator: '=', value });
const labelled = (name: string, value: string): LabelMatcher => ({ name, operator: '=', value });

describe('MemoryStorage', () => {
  it('refuses limits that are no positive numbers, when it is made', () => {
    for (const value of [0, -1, NaN, '5' as unknown as number]) {
      expect(() => new MemoryStorage({ retentionSeconds: value })).toThrow(
        `The option retentionSeconds is invalid (${value}). Give a number greater than 0, or Infinity for no limit.`,
      );
      expect(() => new MemoryStorage({ maxBytes: value })).toThrow('The option maxBytes is invalid');
    }
    expect(() => new MemoryStorage({ retentionSeconds: Infinity, maxBytes: Infinity })).not.toThrow();
  });

  describe('appendEnd', () => {
    const attic = { __name__: 'temperature_celsius', room: 'attic' };

    it('says in answers when the series ended, as far as that is in the range', async () => {
      const { clock, storage } = setUp();
      const startMs = clock.now();
      storage.append(attic, startMs, 20);
      expect([2000, 1000, 2000].map((at) => storage.appendEnd(attic, startMs + at))).toEqual([true, true, true]);
      const [all] = await select(storage, named('temperature_celsius'));
      expect([...(all?.endsMs ?? [])]).toEqual([startMs + 1000, startMs + 2000]);
      const early = await storage.select([named('temperature_celsius')], { startMs, endMs: startMs + 1000 });
      expect([...early._unsafeUnwrap()].map(({ endsMs }) => [...(endsMs ?? [])])).toEqual([[startMs + 1000]]);
    });

    it('adds nothing to answers that were settled before', async () => {
      const { clock, storage } = setUp();
      storage.append(attic, clock.now(), 20);
      const before = (await storage.select([named('temperature_celsius')], ALWAYS))._unsafeUnwrap();
      storage.appendEnd(attic, clock.now() + 1000);
      expect([...before][0]).not.toHaveProperty('endsMs');
    });

    it('tells of the ends of histograms as well', async () => {
      const { clock, storage } = setUp();
      const buckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };
      const empty = {
        schema: 0,
        zeroThreshold: 0,
        zeroCount: 0,
        count: 0,
        sum: 0,
        positive: buckets,
        negative: buckets,
      };
      storage.appendHistogram(attic, clock.now(), empty);
      storage.appendEnd(attic, clock.now() + 1000);
      const [found] = await select(storage, named('temperature_celsius'));
      expect([...(found?.endsMs ?? [])]).toEqual([clock.now() + 1000]);
      expect(found?.histograms).toHaveLength(1);
    });

    it('is refused for a series without samples, a time that is over or none, and after closing', async () => {
      const { clock, storage } = setUp();
      expect(storage.appendEnd(attic, clock.now())).toBe(false);
      storage.append(attic, clock.now(), 20);
      expect(storage.appendEnd({ ...attic, room: 'cellar' }, clock.now())).toBe(false);
      expect(storage.appendEnd({ ...attic, floor: '3' }, clock.now())).toBe(false);
      expect(storage.appendEnd(attic, clock.now() - 3_600_001)).toBe(false);
      expect(storage.appendEnd(attic, NaN)).toBe(false);
      await storage.close();
      expect(storage.appendEnd(attic, clock.now())).toBe(false);
    });

    it('takes memory, and gives it back with the samples that it ended', async () => {
      const { clock, storage } = setUp();
      storage.append(attic, clock.now(), 20);
      const { bytes } = storage.usage();
      storage.appendEnd(attic, clock.now() + 1000);
      expect(storage.usage().bytes).toBeGreaterThan(bytes);
      clock.advance(7200);
      storage.append({ ...attic, room: 'cellar' }, clock.now(), 15);
      expect(storage.usage().bytes).toBeLessThanOrEqual(bytes + 1);
    });
  });

  describe('write', () => {
    it('knows a series as ended from the first snapshot that it is not in, for all its samples', async () => {
      const { clock, storage } = setUp();
      const startMs = clock.now();
      const latency = new TestFamily(histogram('h', [1]), ['route'])
        .set({ route: '/' }, 1, 1, 2)
        .set({ route: '/a' }, 1, 1, 2);
      await storage.write(snapshotOf(startMs, latency));
      latency.remove({ route: '/a' });
      // Past the end of a generation, so that some of it is compressed.
      for (let i = 1; i < 40; i++) await storage.write(snapshotOf(startMs + i * 1000, latency));
      const ended = await select(storage, labelled('route', '/a'));
      expect(ended.map(({ endsMs }) => [...(endsMs ?? [])])).toEqual(ended.map(() => [startMs + 1000]));
      expect(ended).toHaveLength(4);
      for (const one of await select(storage, labelled('route', '/'))) expect(one).not.toHaveProperty('endsMs');
    });

    it('knows the ends of a series that came from several places', async () => {
      const { clock, storage } = setUp();
      const startMs = clock.now();
      const depth = new TestFamily(plain('depth'), ['id']).set({ id: '1' }, 1).set({ id: '2' }, 1);
      await storage.write(snapshotOf(startMs, depth));
      await storage.write(snapshotOf(startMs + 1000, depth.remove({ id: '1' })));
      storage.append({ __name__: 'depth', id: '1' }, startMs + 2000, 5);
      storage.appendEnd({ __name__: 'depth', id: '1' }, startMs + 3000);
      const [found] = await select(storage, named('depth'), labelled('id', '1'));
      expect([...(found?.timestampsMs ?? [])]).toEqual([startMs, startMs + 2000]);
      expect([...(found?.endsMs ?? [])]).toEqual([startMs + 1000, startMs + 3000]);
    });

    it('answers how many samples it stored, each bucket, sum and count being one', async () => {
      const { clock, storage } = setUp();
      const counter = new TestFamily(plain('c'), ['a']).set({ a: '1' }, 1).set({ a: '2' }, 1).remove({ a: '1' });
      const latency = new TestFamily(histogram('h', [1, 2])).set({}, 1, 0, 2, 9.5);
      expect((await storage.write(snapshotOf(clock.now(), counter, latency)))._unsafeUnwrap()).toBe(6);
      expect(storage.usage().seriesCount).toBe(6);
    });

    it('shows histograms to queries as cumulative buckets, sum and count', async () => {
      const { clock, storage } = setUp();
      const latency = new TestFamily(histogram('h', [1, 2.5])).set({}, 1, 2, 4, 9.5);
      await storage.write(snapshotOf(clock.now(), latency));
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), latency.set({}, 1, 3, 4, 11)));
      expect((await select(storage)).map(({ labels, values }) => [{ ...labels }, [...values]])).toEqual([
        [{ __name__: 'h_bucket', le: '1' }, [1, 1]],
        [{ __name__: 'h_bucket', le: '2.5' }, [3, 4]],
        [{ __name__: 'h_bucket', le: '+Inf' }, [7, 8]],
        [{ __name__: 'h_sum' }, [9.5, 11]],
        [{ __name__: 'h_count' }, [7, 8]],
      ]);
      const [bucket] = await select(storage, named('h_bucket'), labelled('le', '2.5'));
      expect([...(bucket?.values ?? [])]).toEqual([3, 4]);
    });

    it('keeps series apart whose place in the instrument is used again', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['a']).set({ a: '1' }, 1).set({ a: '2' }, 2);
      await storage.write(snapshotOf(clock.now(), family));
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), family.remove({ a: '1' }).set({ a: '3' }, 3)));
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), family.remove({ a: '3' }).set({ a: '1' }, 4)));
      const found = await select(storage, named('c'));
      expect(found.map(({ labels, values }) => [labels.a, [...values]])).toEqual([
        ['1', [1, 4]],
        ['2', [2, 2, 2]],
        ['3', [3]],
      ]);
    });

    it('tells series apart that differ only in where their labels are cut', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['a', 'b']);
      family
        .set({ a: '1,b:2', b: '3' }, 1)
        .set({ a: '1', b: '2,b:3' }, 2)
        .set({ a: '1', b: '' }, 3)
        .set({ a: '', b: '1' }, 4);
      await storage.write(snapshotOf(clock.now(), family));
      expect(answerOf(await select(storage)).size).toBe(4);
    });

    it('finds the same series again when a family comes with new arrays and other label order', async () => {
      const { clock, storage } = setUp();
      for (const names of [
        ['a', 'b'],
        ['b', 'a'],
        ['a', 'b', 'empty'],
      ]) {
        await storage.write(snapshotOf(clock.now(), new TestFamily(plain('c'), names).set({ a: '1', b: '2' }, 1)));
        clock.advance(1);
      }
      const constant = new TestFamily(plain('c'), ['a'], { constantLabels: [['b', '2']] }).set({ a: '1' }, 1);
      await storage.write(snapshotOf(clock.now(), constant));
      const [one, ...others] = await select(storage);
      expect(others).toEqual([]);
      expect(one?.values.length).toBe(4);
      expect(storage.usage().seriesCount).toBe(1);
    });

    it('keeps what comes late and what comes twice: in order, the last one of a time', async () => {
      const { clock, storage } = setUp();
      const now = clock.now();
      const family = new TestFamily(plain('c'));
      for (const [offset, value] of [
        [0, 1],
        [20, 2],
        [10, 3],
        [20, 4],
      ] as const) {
        await storage.write(snapshotOf(now + offset, family.set({}, value)));
      }
      const [found] = await select(storage);
      expect([...(found?.timestampsMs ?? [])]).toEqual([now, now + 10, now + 20]);
      expect([...(found?.values ?? [])]).toEqual([1, 3, 4]);
    });

    it('takes up a series again that was gone for longer than the retention, in the place it had', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['a'], { blockRows: 64 });
      for (let i = 0; i < 40; i++) family.set({ a: String(i) }, i);
      await storage.write(snapshotOf(clock.now(), family));
      family.remove({ a: '3' });
      for (let k = 0; k < 9; k++) {
        clock.advance(1200);
        await storage.write(snapshotOf(clock.now(), family, new TestFamily(plain('other')).set({}, 99)));
      }
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), family.set({ a: '3' }, 33)));
      const [found, ...others] = await select(storage, named('c'), labelled('a', '3'));
      expect([[...(found?.values ?? [])], others]).toEqual([[33], []]);
      const [other] = await select(storage, named('other'));
      expect(new Set(other?.values)).toEqual(new Set([99]));
    });

    it('takes up a series again whose family was not written for longer than the retention', async () => {
      const { clock, storage } = setUp();
      const kept = new TestFamily(plain('c'), ['b']).set({ b: 'kept' }, 1);
      const paused = new TestFamily(plain('c'), ['a']).set({ a: 'x' }, 2);
      await storage.write(snapshotOf(clock.now(), kept, paused));
      for (let k = 0; k < 9; k++) {
        clock.advance(1200);
        await storage.write(snapshotOf(clock.now(), kept));
      }
      expect(storage.usage().seriesCount).toBe(1);
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), paused));
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), new TestFamily(plain('c'), ['a']).set({ a: 'x' }, 3)));
      const found = await select(storage, labelled('a', 'x'));
      expect(found.map(({ values }) => [...values])).toEqual([[2, 3]]);
    });

    it('does not mix up series without labels of their own that share an array of no ids', async () => {
      const { clock, storage } = setUp();
      const labelIds = new Int32Array(0);
      const families = ['north', 'south'].map((shop) => {
        const family = new TestFamily(plain('c'), [], { constantLabels: [['shop', shop]] }).set({}, 1).family();
        return { ...family, blocks: () => Array.from(family.blocks(), (block) => ({ ...block, labelIds })) };
      });
      await storage.write({ timestampMs: clock.now(), families });
      expect((await select(storage)).map(({ labels }) => labels.shop)).toEqual(['north', 'south']);
    });

    it('joins the samples of a metric that was defined anew with another shape', async () => {
      const { clock, storage } = setUp();
      await storage.write(snapshotOf(clock.now(), new TestFamily(histogram('h', [1])).set({}, 1, 1, 3)));
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), new TestFamily(histogram('h', [1, 2])).set({}, 2, 2, 2, 7)));
      const found = await select(storage);
      expect(found.map(({ labels, values }) => [labels.__name__, labels.le, [...values]])).toEqual([
        ['h_bucket', '1', [1, 2]],
        ['h_bucket', '+Inf', [2, 6]],
        ['h_sum', undefined, [3, 7]],
        ['h_count', undefined, [2, 6]],
        ['h_bucket', '2', [4]],
      ]);
    });

    it('keeps nothing of a snapshot whose families cannot be read, and says so', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['a']).set({ a: '1' }, 1);
      await storage.write(snapshotOf(clock.now(), family));
      clock.advance(1);
      const broken = snapshotOf(clock.now(), family.set({ a: '2' }, 2));
      const failing = {
        ...family.family(),
        blocks: () => {
          throw new Error('no blocks');
        },
      };
      const written = await storage.write({ ...broken, families: [...broken.families, failing] });
      expect(tell(written._unsafeUnwrapErr())).toMatch(/^The storage memory failed: no blocks\. /);
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), family.remove({ a: '2' }).set({ a: '1' }, 3)));
      expect(answerOf(await select(storage))).toEqual(
        new Map([
          [
            '[["__name__","c"],["a","1"]]',
            [
              [clock.now() - 2000, '1'],
              [clock.now(), '3'],
            ],
          ],
        ]),
      );
    });

    it('stores nothing for a time stamp that is no number', async () => {
      const { storage } = setUp();
      for (const timestampMs of [NaN, Infinity]) {
        const written = await storage.write(snapshotOf(timestampMs, new TestFamily(plain('c')).set({}, 1)));
        expect(written._unsafeUnwrap()).toBe(0);
      }
      expect(await select(storage)).toEqual([]);
    });

    it('takes families of 500 columns, of none, and without series', async () => {
      const { clock, storage } = setUp();
      const bounds = Array.from({ length: 498 }, (_, i) => i);
      const wide = new TestFamily(histogram('wide', bounds), ['a']);
      for (let i = 0; i < 3; i++) wide.set({ a: String(i) }, ...bounds.map(() => i), 0, 0);
      const none = new TestFamily({ ...plain('none'), type: 'stateset', states: [] }).set({});
      const written = await storage.write(snapshotOf(clock.now(), wide, none, new TestFamily(plain('empty'))));
      expect(written._unsafeUnwrap()).toBe(3 * 501);
      const [last] = await select(storage, named('wide_count'), labelled('a', '2'));
      expect(last?.values[0]).toBe(2 * 498);
    });
  });

  describe('append', () => {
    it('stores samples in whatever order they come; of one time the last one stays, before that of a snapshot', async () => {
      const { clock, storage } = setUp();
      const now = clock.now();
      const labels = { __name__: 'c', a: '1' };
      await storage.write(snapshotOf(now, new TestFamily(plain('c'), ['a']).set({ a: '1' }, 1).set({ a: '2' }, 5)));
      for (const [offset, value] of [
        [30, 1],
        [10, 2],
        [30, 3],
        [0, 4],
      ] as const) {
        expect(storage.append(labels, now + offset, value)).toBe(true);
      }
      await storage.write(snapshotOf(now + 30, new TestFamily(plain('c'), ['a']).set({ a: '1' }, 9)));
      const found = await select(storage, named('c'));
      expect(answerOf(found).get('[["__name__","c"],["a","1"]]')).toEqual([
        [now, '4'],
        [now + 10, '2'],
        [now + 30, '3'],
      ]);
      expect(answerOf(found).get('[["__name__","c"],["a","2"]]')).toEqual([[now, '5']]);
    });

    it('keeps thousands of samples of a series, NaN and infinities among them', async () => {
      const { clock, storage } = setUp();
      const expected: number[] = [];
      for (let i = 0; i < 3000; i++) {
        const value = [i, NaN, Infinity, -0, i / 3][i % 5] as number;
        storage.append({ __name__: 'm' }, clock.now() + i, value);
        expected.push(value);
      }
      const [found] = await select(storage);
      expect(Array.from(found?.values ?? [], (value) => value)).toEqual(expected);
    });

    it('takes series without a name, and counts empty labels as missing', async () => {
      const { clock, storage } = setUp();
      storage.append({ a: '1', b: '' }, clock.now(), 1);
      storage.append({ a: '1' }, clock.now() + 1, 2);
      const found = await select(storage, labelled('__name__', ''));
      expect(found.map(({ labels, values }) => [{ ...labels }, [...values]])).toEqual([[{ a: '1' }, [1, 2]]]);
    });

    it('refuses what is no sample and what is older than the retention', () => {
      const { clock, storage } = setUp();
      const labels = { __name__: 'm' };
      expect(storage.append(labels, NaN, 1)).toBe(false);
      expect(storage.append(labels, Infinity, 1)).toBe(false);
      expect(storage.append(labels, clock.now(), '1' as unknown as number)).toBe(false);
      expect(storage.append({ __name__: 'm', a: 1 } as unknown as typeof labels, clock.now(), 1)).toBe(false);
      expect(storage.append(labels, clock.now() - 3_600_001, 1)).toBe(false);
      expect(storage.append(labels, clock.now() - 3_600_000, 1)).toBe(true);
    });
  });

  describe('select', () => {
    it('answers only samples in the range, both ends inclusive, and only series that have some', async () => {
      const { clock, storage } = setUp();
      const start = clock.now();
      const family = new TestFamily(plain('c'), ['a']).set({ a: 'early' }, 1);
      for (let i = 0; i < 100; i++) {
        if (i === 50) family.remove({ a: 'early' });
        await storage.write(snapshotOf(clock.now(), family.set({ a: 'all' }, i)));
        clock.advance(1);
      }
      const found = await storage.select([], { startMs: start + 60_000, endMs: start + 70_500 });
      const [all, ...others] = [...found._unsafeUnwrap()];
      expect(others).toEqual([]);
      expect(all?.labels.a).toBe('all');
      expect([...(all?.values ?? [])]).toEqual([60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70]);
    });

    it('finds the same series by an index as by looking at all, while series come and go', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['id', 'kind'], { blockRows: 64 });
      for (let i = 0; i < 300; i++) family.set({ id: String(i), kind: `k${i % 7}` }, i);
      await storage.write(snapshotOf(clock.now(), family));
      const ids = async (...matchers: LabelMatcher[]) =>
        (await select(storage, named('c'), ...matchers))
          .map(({ labels }) => Number(labels.id))
          .toSorted((a, b) => a - b);
      const expected = (test: (i: number) => boolean) => Array.from({ length: 400 }, (_, i) => i).filter(test);
      expect(await ids(labelled('kind', 'k3'))).toEqual(expected((i) => i < 300 && i % 7 === 3));
      expect(await ids(labelled('kind', 'k3'), labelled('id', '10'))).toEqual([10]);
      expect(await ids(labelled('kind', 'none'))).toEqual([]);
      expect(await ids({ name: 'id', operator: '=~', value: '5|6|5|999' })).toEqual([5, 6]);
      expect(await ids({ name: 'id', operator: '=~', value: '5|' })).toEqual([5]);
      clock.advance(1);
      for (let i = 300; i < 400; i++) family.set({ id: String(i), kind: `k${i % 7}` }, i);
      for (let i = 0; i < 200; i++) family.remove({ id: String(i), kind: `k${i % 7}` });
      await storage.write(snapshotOf(clock.now(), family));
      expect(await ids(labelled('kind', 'k3'))).toEqual(expected((i) => i % 7 === 3));
      clock.advance(3600);
      await storage.write(snapshotOf(clock.now(), family));
      expect(await ids(labelled('kind', 'k3'))).toEqual(expected((i) => i >= 200 && i % 7 === 3));
    });

    it('finds series that lack a label among many that have it', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['id', 'zone']);
      for (let i = 0; i < 200; i++) family.set({ id: String(i), zone: i % 50 === 0 ? '' : `z${i % 2}` }, i);
      await storage.write(snapshotOf(clock.now(), family));
      const count = async (matcher: LabelMatcher) => (await select(storage, named('c'), matcher)).length;
      expect(await count(labelled('zone', ''))).toBe(4);
      expect(await count({ name: 'zone', operator: '=~', value: 'z1|' })).toBe(104);
      expect(await count({ name: 'zone', operator: '=~', value: 'z1' })).toBe(100);
      expect(await count({ name: 'zone', operator: '!=', value: '' })).toBe(196);
    });

    it('does not show a series that is gone, nor its successor twice, while most others stay', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c'), ['id']);
      for (let i = 0; i < 100; i++) family.set({ id: String(i) }, i);
      await storage.write(snapshotOf(clock.now(), family));
      for (let i = 0; i < 5; i++) family.remove({ id: String(i) });
      for (let k = 0; k < 9; k++) {
        clock.advance(1200);
        await storage.write(snapshotOf(clock.now(), family));
      }
      for (let i = 100; i < 105; i++) family.set({ id: String(i) }, i);
      await storage.write(snapshotOf(clock.now(), family));
      const found = await select(storage, named('c'));
      expect(found.map(({ labels }) => Number(labels.id)).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, i) => i + 5),
      );
      for (const { labels, values } of found) expect(values.at(-1)).toBe(Number(labels.id));
    });

    it('answers an error for a regular expression that is none', async () => {
      const { storage } = setUp();
      const found = await storage.select([{ name: 'a', operator: '=~', value: '(' }], ALWAYS);
      expect(found._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid_matcher', label: 'a', value: '(' });
    });

    it('takes hostile label names and values for what they are: labels', async () => {
      const { clock, storage } = setUp();
      const names = ['__proto__', 'constructor', 'toString'];
      const values = ['line\nbreak', '\ud800', '"quoted\\"'];
      const labels = Object.fromEntries(names.map((name, n) => [name, values[n] as string]));
      const family = new TestFamily(plain('c'), names).set(Object.assign(Object.create(null), labels), 1);
      await storage.write(snapshotOf(clock.now(), family));
      const long = 'x'.repeat(10_000_000);
      storage.append({ __name__: 'long', a: `${long}1` }, clock.now(), 1);
      storage.append({ __name__: 'long', a: `${long}2` }, clock.now(), 2);
      const [found] = await select(storage, named('c'), labelled('__proto__', 'line\nbreak'));
      expect(Object.entries(found?.labels ?? {}).toSorted()).toEqual([
        ['__name__', 'c'],
        ['__proto__', 'line\nbreak'],
        ['constructor', '\ud800'],
        ['toString', '"quoted\\"'],
      ]);
      const [second, ...others] = await select(storage, labelled('a', `${long}2`));
      expect([second?.values[0], others]).toEqual([2, []]);
      expect(await select(storage, labelled('hasOwnProperty', ''), named('c'))).toHaveLength(1);
    });
  });

  describe('usage', () => {
    it('tells how many series there are and between which times', async () => {
      const { clock, storage } = setUp();
      expect(storage.usage()).toEqual({
        seriesCount: 0,
        bytes: expect.any(Number),
        timeRange: undefined,
        refusedSamples: 0,
      });
      const start = clock.now();
      await storage.write(snapshotOf(start, new TestFamily(plain('c')).set({}, 1)));
      storage.append({ __name__: 'm' }, start - 5000, 1);
      clock.advance(3590);
      await storage.write(snapshotOf(clock.now(), new TestFamily(plain('c')).set({}, 1)));
      expect(storage.usage()).toMatchObject({
        seriesCount: 2,
        timeRange: { startMs: start - 5000, endMs: clock.now() },
      });
      clock.advance(8);
      expect(storage.usage().timeRange).toEqual({ startMs: start, endMs: clock.now() - 8000 });
    });
  });

  describe('close', () => {
    it('answers storage_closed from then on, lets go of everything, and may come twice', async () => {
      const { clock, storage } = setUp();
      const snapshot = snapshotOf(clock.now(), new TestFamily(plain('c')).set({}, 1));
      await storage.write(snapshot);
      const full = storage.usage().bytes;
      const before = (await storage.select([], ALWAYS))._unsafeUnwrap();
      expect((await storage.close()).isOk()).toBe(true);
      expect((await storage.close()).isOk()).toBe(true);
      expect((await storage.write(snapshot))._unsafeUnwrapErr()).toEqual({ kind: 'storage_closed', storage: 'memory' });
      expect((await storage.select([], ALWAYS))._unsafeUnwrapErr()).toEqual({
        kind: 'storage_closed',
        storage: 'memory',
      });
      expect(storage.append({ __name__: 'm' }, clock.now(), 1)).toBe(false);
      expect(storage.usage()).toMatchObject({ seriesCount: 0 });
      expect(storage.usage().bytes).toBeLessThan(full / 10);
      expect(answerOf(before).size).toBe(1);
    });

    it('waits for the writes that came before', async () => {
      const { clock, storage } = setUp();
      const family = new TestFamily(plain('c')).set({}, 1);
      const written = storage.write(snapshotOf(clock.now(), family));
      const found = storage.select([], ALWAYS);
      const closed = storage.close();
      expect((await written)._unsafeUnwrap()).toBe(1);
      expect(answerOf((await found)._unsafeUnwrap()).size).toBe(0);
      expect((await closed).isOk()).toBe(true);
    });
  });
});
