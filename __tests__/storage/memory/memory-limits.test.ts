// Retention and room: what goes when, and that nothing stays behind.
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import type { MemoryStorageOptions } from '../../../storage/memory/memory-options.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { answerOf } from './naive-history.js';

const ALWAYS = { startMs: -Infinity, endMs: Infinity };
const START_MS = 1_000_000_000;

function setUp(options: MemoryStorageOptions = {}) {
  const clock = new ManualClock(START_MS);
  return { clock, storage: new MemoryStorage({ clock, ...options }) };
}

async function valuesByLabel(storage: MemoryStorage, name: string): Promise<Map<string, number[]>> {
  const found = (await storage.select([], ALWAYS))._unsafeUnwrap();
  return new Map(Array.from(found, ({ labels, values }) => [labels[name] as string, [...values]]));
}

/** As many series as asked for, with labels that no other call has used. */
function churning(count: number, from: number): TestFamily {
  const family = new TestFamily(plain('c'), ['id'], { blockRows: 256 });
  for (let i = 0; i < count; i++) family.set({ id: `series-${from + i}` }, i);
  return family;
}

// Each runs for seconds on a slow machine, and ends by itself.
jest.setTimeout(60_000);

describe('MemoryStorage', () => {
  describe('retention', () => {
    it('answers a sample up to the very end of its time, and not a millisecond longer', async () => {
      const { clock, storage } = setUp({ retentionSeconds: 60 });
      await storage.write(snapshotOf(START_MS, new TestFamily(plain('c')).set({}, 1)));
      storage.append({ __name__: 'm' }, START_MS, 1);
      clock.advance(60);
      expect(answerOf((await storage.select([], ALWAYS))._unsafeUnwrap()).size).toBe(2);
      clock.advance(0.001);
      expect(answerOf((await storage.select([], ALWAYS))._unsafeUnwrap()).size).toBe(0);
    });

    it('keeps everything when it is infinite', async () => {
      const { clock, storage } = setUp({ retentionSeconds: Infinity });
      storage.append({ __name__: 'm' }, -1e15, 1);
      await storage.write(snapshotOf(0, new TestFamily(plain('c')).set({}, 1)));
      clock.advance(1e9);
      await storage.write(snapshotOf(clock.now(), new TestFamily(plain('c')).set({}, 1)));
      expect(storage.usage()).toMatchObject({ seriesCount: 2, timeRange: { startMs: -1e15, endMs: clock.now() } });
    });

    it.each([1, 15, 400])(
      'frees the memory of series that vanished, at a snapshot every %s s',
      async (everySeconds) => {
        const { clock, storage } = setUp({ retentionSeconds: 600 });
        const steady = new TestFamily(plain('steady')).set({}, 1);
        const run = async (seconds: number, ...families: TestFamily[]) => {
          for (let i = 0; i < seconds / everySeconds; i++) {
            await storage.write(snapshotOf(clock.now(), steady, ...families));
            clock.advance(everySeconds);
          }
        };
        await run(1200);
        const { bytes } = storage.usage();
        for (let round = 0; round < 3; round++) {
          await run(everySeconds, churning(2000, round * 2000));
          expect(storage.usage().seriesCount).toBe(2001);
          // Half a retention more, because samples go in groups that span up to that much.
          await run(600 + 300 + 2 * everySeconds);
          expect(storage.usage()).toMatchObject({ seriesCount: 1, refusedSamples: 0 });
          expect(storage.usage().bytes).toBeLessThan(bytes + 2000);
        }
      },
    );

    it('frees the memory of appended series that ended, and of old samples of a series that goes on slowly', () => {
      const { clock, storage } = setUp({ retentionSeconds: 600 });
      const { bytes } = storage.usage();
      for (let i = 0; i < 500; i++) storage.append({ __name__: 'gone', id: String(i) }, clock.now(), i);
      for (let i = 0; i < 1000; i++) {
        storage.append({ __name__: 'slow' }, clock.now(), i);
        clock.advance(100);
      }
      expect(storage.usage().seriesCount).toBe(1);
      expect(storage.usage().bytes).toBeLessThan(bytes + 6000);
    });

    it('does not let one late snapshot keep or hide the others', async () => {
      const { clock, storage } = setUp({ retentionSeconds: 100 });
      const family = new TestFamily(plain('c'), ['id']);
      for (let i = 0; i < 300; i++) {
        await storage.write(snapshotOf(clock.now(), family.set({ id: 'now' }, i)));
        if (i % 10 === 0)
          await storage.write(snapshotOf(clock.now() - 90_000, new TestFamily(plain('late')).set({}, i)));
        clock.advance(1);
      }
      const found = answerOf((await storage.select([], ALWAYS))._unsafeUnwrap());
      expect(found.get('[["__name__","c"],["id","now"]]')).toHaveLength(100);
      expect(found.get('[["__name__","late"]]')).toHaveLength(1);
    });

    describe('with a clock that was ahead for a while', () => {
      function setUpAhead(retentionSeconds: number) {
        const time = { nowMs: START_MS + 1e9 };
        const clock = { now: () => time.nowMs, monotonic: () => 0 };
        return { time, storage: new MemoryStorage({ clock, retentionSeconds }) };
      }

      it('lets snapshots and series go that came after those from the future', async () => {
        const { time, storage } = setUpAhead(600);
        const steady = new TestFamily(plain('steady')).set({}, 1);
        const run = async (snapshots: number, ...families: TestFamily[]) => {
          for (let i = 0; i < snapshots; i++) {
            await storage.write(snapshotOf(time.nowMs, steady, ...families));
            time.nowMs += 15_000;
          }
        };
        await run(1);
        time.nowMs = START_MS;
        await run(100);
        const { bytes } = storage.usage();
        await run(1, churning(2000, 0));
        await run(100);
        expect(storage.usage().seriesCount).toBe(1);
        expect(storage.usage().bytes).toBeLessThan(bytes + 2000);
        const [found] = (await storage.select([], ALWAYS))._unsafeUnwrap();
        expect(found?.timestampsMs.at(-1)).toBe(START_MS + 1e9);
      });

      it('keeps the samples from the future apart from those of series that came later', async () => {
        const { time, storage } = setUpAhead(600);
        const early = new TestFamily(plain('early')).set({}, 7);
        const write = async (family: TestFamily) => storage.write(snapshotOf(time.nowMs, family));
        await write(early);
        time.nowMs = START_MS;
        for (let i = 0; i < 3; i++) {
          time.nowMs += 600_000;
          await write(early);
        }
        for (let i = 0; i < 300; i++) {
          time.nowMs += 15_000;
          await write(churning(1, i));
        }
        const found = answerOf((await storage.select([], ALWAYS))._unsafeUnwrap());
        expect(found.get('[["__name__","early"]]')).toEqual([[START_MS + 1e9, '7']]);
        const times = [...found].filter(([key]) => key.includes('series-')).flatMap(([, samples]) => samples);
        expect(Math.max(...times.map(([at]) => at as number))).toBe(time.nowMs);
      });

      it('lets appended samples go that came after it was set right', () => {
        const { time, storage } = setUpAhead(600);
        storage.append({ __name__: 'ahead' }, time.nowMs, 1);
        time.nowMs = START_MS;
        for (let i = 0; i < 100; i++) storage.append({ __name__: 'm', id: String(i) }, time.nowMs, i);
        time.nowMs += 1_200_000;
        storage.append({ __name__: 'last' }, time.nowMs, 1);
        expect(storage.usage().seriesCount).toBe(2);
      });
    });
  });

  describe('maxBytes', () => {
    it('is kept by every write; the oldest samples go first, and the newest are all there', async () => {
      const maxBytes = 1_000_000;
      const { clock, storage } = setUp({ maxBytes, retentionSeconds: Infinity });
      const family = new TestFamily(plain('c'), ['id'], { blockRows: 256 });
      for (let k = 0; k < 160; k++) {
        for (let i = 0; i < 1000; i++) family.set({ id: String(i) }, Math.sin(k * 1000 + i));
        expect((await storage.write(snapshotOf(clock.now(), family)))._unsafeUnwrap()).toBe(1000);
        expect(storage.usage().bytes).toBeLessThanOrEqual(maxBytes);
        clock.advance(15);
      }
      expect(storage.usage().refusedSamples).toBe(0);
      const found = (await storage.select([], ALWAYS))._unsafeUnwrap();
      for (const { timestampsMs, values } of found) {
        expect(values.length).toBeGreaterThan(32);
        expect(timestampsMs.at(-1)).toBe(clock.now() - 15_000);
        // What is left is the newest part, without holes.
        expect(timestampsMs[0]).toBe(clock.now() - 15_000 * values.length);
      }
    });

    it('is kept when series come and go all the time: the newest find room, the oldest give it', async () => {
      const maxBytes = 2_000_000;
      const { clock, storage } = setUp({ maxBytes });
      for (let k = 0; k < 100; k++) {
        const written = await storage.write(snapshotOf(clock.now(), churning(500, k * 500)));
        expect(storage.usage().bytes).toBeLessThanOrEqual(maxBytes);
        clock.advance(15);
        if (written._unsafeUnwrap() < 500) {
          // Refused once, the next snapshot finds room.
          const next = await storage.write(snapshotOf(clock.now(), churning(500, k * 500 + 100_000)));
          expect(next._unsafeUnwrap()).toBe(500);
          clock.advance(15);
        }
      }
    });

    it('has the oldest go piece by piece when series come and go all the time, and not all at once', async () => {
      const maxBytes = 10_000_000;
      const { clock, storage } = setUp({ maxBytes });
      let wasFull = false;
      for (let k = 0; k < 200; k++) {
        expect((await storage.write(snapshotOf(clock.now(), churning(500, k * 500))))._unsafeUnwrap()).toBe(500);
        const { bytes } = storage.usage();
        wasFull ||= bytes > maxBytes * 0.75;
        if (wasFull) expect(bytes).toBeGreaterThan(maxBytes * 0.5);
        clock.advance(15);
      }
      const { timeRange } = storage.usage();
      const times = new Set<number>();
      for (const { timestampsMs } of (await storage.select([], ALWAYS))._unsafeUnwrap()) {
        for (const time of timestampsMs) times.add(time);
      }
      // What is left is the newest part, without holes.
      expect(times.size).toBe(((timeRange?.endMs ?? 0) - (timeRange?.startMs ?? 0)) / 15_000 + 1);
      expect(wasFull && times.size > 15).toBe(true);
    });

    it('refuses further series, counts them, and keeps the others, when one snapshot is too much', async () => {
      const { clock, storage } = setUp({ maxBytes: 500_000 });
      const family = churning(5000, 0);
      const first = (await storage.write(snapshotOf(clock.now(), family)))._unsafeUnwrap();
      expect(first).toBeGreaterThan(300);
      expect(first).toBeLessThan(5000);
      for (let k = 1; k < 10; k++) {
        clock.advance(15);
        expect((await storage.write(snapshotOf(clock.now(), family)))._unsafeUnwrap()).toBe(first);
      }
      expect(storage.usage()).toMatchObject({ seriesCount: first, refusedSamples: 10 * (5000 - first) });
      expect(storage.usage().bytes).toBeLessThanOrEqual(500_000);
      const found = await valuesByLabel(storage, 'id');
      expect([...found.values()].every(({ length }) => length === 10)).toBe(true);
    });

    it('holds for appended samples too: old ones go, whole series with them', () => {
      const maxBytes = 300_000;
      const { clock, storage } = setUp({ maxBytes });
      let refused = 0;
      for (let i = 0; i < 20_000; i++) {
        if (!storage.append({ __name__: 'm', id: String(Math.floor(i / 10)) }, clock.now(), i)) refused++;
        if (i % 100 === 0) expect(storage.usage().bytes).toBeLessThanOrEqual(maxBytes);
        clock.advance(0.01);
      }
      expect(refused).toBe(0);
      const { timeRange, seriesCount } = storage.usage();
      expect(timeRange?.endMs).toBeCloseTo(clock.now() - 10, 0);
      expect(seriesCount).toBeGreaterThan(50);
      expect(seriesCount).toBeLessThan(2000);
    });

    it('takes from appended samples and from snapshots alike, by age', async () => {
      const { clock, storage } = setUp({ maxBytes: 1_000_000 });
      for (let i = 0; i < 400; i++) storage.append({ __name__: 'old', id: String(i) }, clock.now(), i);
      clock.advance(60);
      await storage.write(snapshotOf(clock.now(), churning(1500, 0)));
      clock.advance(60);
      await storage.write(snapshotOf(clock.now(), churning(1500, 0)));
      const names = new Set(
        Array.from((await storage.select([], ALWAYS))._unsafeUnwrap(), ({ labels }) => labels.__name__),
      );
      expect(storage.usage().refusedSamples).toBe(0);
      expect(names).toContain('c');
      expect(storage.usage().bytes).toBeLessThanOrEqual(1_000_000);
    });

    it('refuses appended samples when there is no room for a single one, and survives', async () => {
      const { clock, storage } = setUp({ maxBytes: 1000 });
      expect(storage.append({ __name__: 'm' }, clock.now(), 1)).toBe(false);
      const written = await storage.write(snapshotOf(clock.now(), new TestFamily(plain('c')).set({}, 1)));
      expect(written._unsafeUnwrap()).toBe(0);
      expect(storage.usage()).toMatchObject({ seriesCount: 0, refusedSamples: 2 });
    });
  });
});
