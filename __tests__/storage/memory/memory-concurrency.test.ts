// Writes, appends and readings at the same time, and how long any of them keeps the others waiting.
import type { Snapshot } from '../../../lib/model/family.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { type Answer, answerOf } from './naive-history.js';

const ALWAYS = { startMs: -Infinity, endMs: Infinity };

function setUp() {
  const clock = new ManualClock(1_000_000_000);
  return { clock, storage: new MemoryStorage({ clock, maxBytes: Infinity }) };
}

async function read(storage: MemoryStorage): Promise<Answer> {
  return answerOf((await storage.select([], ALWAYS))._unsafeUnwrap());
}

function largeFamily(series: number): TestFamily {
  const family = new TestFamily(plain('c'), ['id'], { blockRows: 1024 });
  for (let i = 0; i < series; i++) family.set({ id: String(i) }, i);
  return family;
}

/** Counts how often others get a turn while something runs. */
async function turnsDuring<T>(work: PromiseLike<T>): Promise<{ turns: number; result: T }> {
  let turns = 0;
  let isRunning = true;
  const count = () => {
    turns++;
    if (isRunning) setImmediate(count);
  };
  setImmediate(count);
  const result = await work;
  isRunning = false;
  return { turns, result };
}

// Each runs for seconds on a slow machine, and ends by itself.
jest.setTimeout(60_000);

describe('MemoryStorage', () => {
  it('stores snapshots that are written at once one after the other, each with its own count', async () => {
    const { clock, storage } = setUp();
    const family = new TestFamily(plain('c'), ['a']);
    const writes = [1, 2, 3].map((n) => {
      family.set({ a: String(n) }, n);
      return storage.write(snapshotOf(clock.now() + n, family));
    });
    expect((await Promise.all(writes)).map((written) => written._unsafeUnwrap())).toEqual([1, 2, 3]);
    const answer = await read(storage);
    expect(answer.get('[["__name__","c"],["a","1"]]')).toHaveLength(3);
    expect(answer.get('[["__name__","c"],["a","3"]]')).toHaveLength(1);
  });

  it('lets others have many turns while it takes in 100 000 series, compresses them and looks for some', async () => {
    const { clock, storage } = setUp();
    const family = largeFamily(100_000);
    const { turns, result } = await turnsDuring(storage.write(snapshotOf(clock.now(), family)));
    expect(result._unsafeUnwrap()).toBe(100_000);
    expect(turns).toBeGreaterThan(8);
    for (let i = 1; i < 32; i++) {
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), family));
    }
    clock.advance(1);
    const sealing = await turnsDuring(storage.write(snapshotOf(clock.now(), family)));
    expect(sealing.turns).toBeGreaterThan(8);
    const matchers = [{ name: 'id', operator: '=~', value: '.*99' }] as const;
    const found = await turnsDuring(storage.select(matchers, ALWAYS));
    expect(found.turns).toBeGreaterThan(1);
    expect([...found.result._unsafeUnwrap()].length).toBe(1000);
  });

  it.each([
    ['from snapshots', false],
    ['appended', true],
  ])('lets others have turns while it asks a slow regular expression for each series %s', async (_, isAppended) => {
    const { clock, storage } = setUp();
    const family = new TestFamily(plain('c'), ['id']);
    for (let i = 0; i < 12; i++) {
      const id = `${'a'.repeat(500)}${i}`;
      if (isAppended) storage.append({ __name__: 'c', id }, clock.now(), i);
      else family.set({ id }, i);
    }
    await storage.write(snapshotOf(clock.now(), family));
    const matchers = [{ name: 'id', operator: '!~', value: '(\\pL?){500}x' }] as const;
    const { turns, result } = await turnsDuring(storage.select(matchers, ALWAYS));
    expect(turns).toBeGreaterThan(8);
    expect([...result._unsafeUnwrap()]).toHaveLength(12);
  });

  it('shows a snapshot as a whole or not at all', async () => {
    const { clock, storage } = setUp();
    const family = largeFamily(20_000);
    await storage.write(snapshotOf(clock.now(), family));
    clock.advance(1);
    const counts = new Set<number>();
    const writing = storage.write(snapshotOf(clock.now(), family));
    let isWriting = true;
    const watch = async () => {
      while (isWriting) {
        let samples = 0;
        const found = (await storage.select([], ALWAYS))._unsafeUnwrap();
        for (const { values } of found) samples += values.length;
        counts.add(samples);
        await new Promise(setImmediate);
      }
    };
    const watching = watch();
    await writing;
    isWriting = false;
    await watching;
    counts.add(20_000);
    expect([...counts].every((count) => count === 20_000 || count === 40_000)).toBe(true);
  });

  it('answers what there was when it was asked, whatever happens before and while the answer is read', async () => {
    const { clock, storage } = setUp();
    const family = new TestFamily(plain('c'), ['id']);
    const latency = new TestFamily(histogram('h', [1]), ['id']);
    const record = (k: number): Snapshot => {
      for (let i = 0; i < 20; i++) {
        family.set({ id: String(i) }, k * i);
        latency.set({ id: String(i) }, k, i, k / 7);
      }
      return snapshotOf(clock.now(), family, latency);
    };
    for (let k = 0; k < 45; k++) {
      await storage.write(record(k));
      storage.append({ __name__: 'appended', k: String(k % 3) }, clock.now(), k);
      clock.advance(10);
    }
    const expected = await read(storage);
    const asked = storage.select([], ALWAYS);
    const lately = { startMs: clock.now() - 100_000, endMs: Infinity };
    const askedLately = storage.select([], lately);
    storage.append({ __name__: 'appended', k: '0' }, clock.now(), -1);
    const selection = (await asked)._unsafeUnwrap();
    const seen: ReturnType<typeof Array.from<[string, unknown]>> = [];
    let k = 45;
    for (const series of selection) {
      seen.push(...answerOf([series]));
      // Between any two series the history goes on: the open samples are compressed, series come and go, all expires.
      for (let i = 0; i < 3; i++) {
        for (let id = 0; id < 20; id++) {
          family.remove({ id: String(id) });
          family.set({ id: `${k}-${id}` }, k);
        }
        storage.append({ __name__: 'appended', k: String(k % 3) }, clock.now(), k);
        await storage.write(snapshotOf(clock.now(), family));
        clock.advance(60);
        k++;
      }
    }
    expect(new Map(seen)).toEqual(expected);
    expect(answerOf(selection)).toEqual(expected);
    const isLate = ([at]: readonly [number, string]) => at >= lately.startMs;
    expect(answerOf((await askedLately)._unsafeUnwrap())).toEqual(
      new Map(Array.from(expected, ([key, samples]) => [key, samples.filter(isLate)])),
    );
    expect(await read(storage)).not.toEqual(expected);
  });

  it('answers series that are dropped while it looks for them', async () => {
    const { clock, storage } = setUp();
    const [old, steady] = [largeFamily(60_000), new TestFamily(plain('steady')).set({}, 1)];
    await storage.write(snapshotOf(clock.now(), old));
    clock.advance(1800);
    await storage.write(snapshotOf(clock.now(), old));
    clock.advance(1);
    await storage.write(snapshotOf(clock.now(), steady));
    const asked = storage.select([{ name: 'id', operator: '=~', value: '.*9' }], ALWAYS);
    clock.advance(3600);
    await storage.write(snapshotOf(clock.now(), steady));
    expect(storage.usage().seriesCount).toBe(1);
    const found = [...(await asked)._unsafeUnwrap()];
    expect(found.length).toBe(6000);
    expect(found.every(({ labels, values }) => values.length === 2 && values[1] === Number(labels.id))).toBe(true);
  });

  it('can be read by two loops over the same answer at once', async () => {
    const { clock, storage } = setUp();
    const family = new TestFamily(plain('c'), ['id']);
    for (let k = 0; k < 40; k++) {
      for (let i = 0; i < 5; i++) if (k > i * 8) family.set({ id: String(i) }, k * i);
      await storage.write(snapshotOf(clock.now(), family));
      clock.advance(1);
    }
    const selection = (await storage.select([], ALWAYS))._unsafeUnwrap();
    const [one, other] = [selection[Symbol.iterator](), selection[Symbol.iterator]()];
    const all: [unknown, unknown][] = [];
    for (let a = one.next(), b = other.next(); !a.done && !b.done; a = one.next(), b = other.next()) {
      all.push([answerOf([a.value]), answerOf([b.value])]);
    }
    expect(all).toHaveLength(5);
    for (const [a, b] of all) expect(a).toEqual(b);
  });
});
