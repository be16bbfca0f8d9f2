// Whether the bytes that the storage counts are the bytes that it takes: compared with what the engine's heap says.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function bytesInUse(): Promise<number> {
  // Freed array buffers are given back a turn after the collection.
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise(setImmediate);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Fills a storage and answers the bytes that it counts per byte that it takes. */
async function countedPerTaken(fill: (storage: MemoryStorage, clock: ManualClock) => Promise<void>): Promise<number> {
  const clock = new ManualClock();
  // Once for nothing, so that compiled code and caches are not counted.
  await fill(new MemoryStorage({ clock, maxBytes: Infinity }), clock);
  const before = await bytesInUse();
  const storage = new MemoryStorage({ clock, maxBytes: Infinity });
  await fill(storage, clock);
  const taken = (await bytesInUse()) - before;
  return storage.usage().bytes / taken;
}

const SERIES = 10_000;
const families = {
  counters: new TestFamily(plain('c'), ['id', 'kind'], { blockRows: 1024 }),
  buckets: new TestFamily(histogram('h', [1, 2, 5, 10]), ['id'], { blockRows: 1024 }),
};
for (let i = 0; i < SERIES; i++) families.counters.set({ id: `name-${i}`, kind: String(i % 5) }, i);
for (let i = 0; i < SERIES / 10; i++) families.buckets.set({ id: `name-${i}` }, i, 1, 2, 3, 4, i / 7);

// Each runs for seconds on a slow machine, and ends by itself.
jest.setTimeout(60_000);

describe('MemoryStorage', () => {
  it.each([1, 40])('counts what %s snapshots take, to within a sixth', async (snapshots) => {
    const ratio = await countedPerTaken(async (storage, clock) => {
      for (let k = 0; k < snapshots; k++) {
        for (let i = 0; i < SERIES; i += 3) families.counters.set({ id: `name-${i}`, kind: String(i % 5) }, k * i);
        await storage.write(snapshotOf(clock.now(), families.counters, families.buckets));
        clock.advance(1);
      }
    });
    expect(ratio).toBeGreaterThan(5 / 6);
    expect(ratio).toBeLessThan(7 / 6);
  });

  it.each([
    [1, 10_000],
    [40, 1500],
    [150, 1000],
  ])('counts what %s appended samples of each of %s series take, to within a sixth', async (samples, series) => {
    const ratio = await countedPerTaken(async (storage, clock) => {
      for (let k = 0; k < samples; k++) {
        for (let i = 0; i < series; i++)
          storage.append({ __name__: 'm', id: `name-${i}` }, clock.now(), Math.sin(k * i));
        clock.advance(1);
      }
    });
    expect(ratio).toBeGreaterThan(5 / 6);
    expect(ratio).toBeLessThan(7 / 6);
  });
});
