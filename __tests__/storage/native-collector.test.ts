// Native histograms all the way: recorded by real instruments, taken along by snapshots, handed on by a fan-out, kept in memory and
// in files, and continued by the next process.
import { MetricsCollector } from '../../lib/collector.js';
import { type NativeHistogram, nativeHistogramAt } from '../../lib/model/native-histogram.js';
import type { Queryable, SeriesData } from '../../lib/model/storage.js';
import { ManualClock } from '../../lib/testing/manual-clock.js';
import { FanOutStorage } from '../../storage/fan-out/fan-out-storage.js';
import { MemoryStorage } from '../../storage/memory/memory-storage.js';
import { EVER, openStorage, temporaryFolder } from './file/support/folders.js';

const START_MS = 1_700_000_000_000;

async function histogramsIn(storage: Queryable): Promise<Record<string, readonly (NativeHistogram | undefined)[]>> {
  const found = await storage.select([{ name: '__name__', operator: '=', value: 'latency_seconds' }], EVER);
  const series: SeriesData[] = [];
  for await (const one of found._unsafeUnwrap()) series.push(one);
  return Object.fromEntries(series.map(({ labels, histograms = [] }) => [labels['route'], histograms]));
}

function newCollector(clock: ManualClock, storage: MemoryStorage | FanOutStorage) {
  const metrics = new MetricsCollector({ clock, storage });
  const latency = metrics.histogram('latency_seconds', {
    labelNames: ['route'],
    native: { maxBuckets: 20 },
    buckets: [0.1, 1],
  });
  return { metrics, latency };
}

/** What a snapshot holds of each series. */
async function taken(metrics: MetricsCollector): Promise<Record<string, NativeHistogram>> {
  const { families } = await metrics.snapshot();
  const blocks = families
    .filter(({ descriptor }) => descriptor.name === 'latency_seconds')
    .flatMap((f) => [...f.blocks()]);
  return Object.fromEntries(
    blocks.flatMap((block) =>
      Array.from({ length: block.size }, (_, row) => {
        const route = block.dictionaries[0]?.values[block.labelIds[row] as number] as string;
        return [route, nativeHistogramAt(block, row) as NativeHistogram];
      }),
    ),
  );
}

describe('native histograms of a collector', () => {
  it('are in a snapshot as they were when it was taken', async () => {
    const { metrics, latency } = newCollector(new ManualClock(START_MS), new MemoryStorage());
    latency.observe(0.25, { route: '/' });
    const before = await metrics.snapshot();
    const shown = () => {
      const block = [...(before.families.find(({ descriptor }) => descriptor.type === 'histogram')?.blocks() ?? [])][0];
      return structuredClone(nativeHistogramAt(block as NonNullable<typeof block>, 0));
    };
    const first = shown();
    expect(first).toMatchObject({ schema: 3, count: 1, sum: 0.25, positive: { counts: Float64Array.of(1) } });
    for (let i = 1; i < 500; i++) latency.observe(i / 100, { route: '/' });
    latency.observe(-1, { route: '/' });
    expect(shown()).toEqual(first);
  });

  it('reach every storage of a fan-out, and are the same in all of them', async () => {
    const clock = new ManualClock(START_MS);
    const memory = new MemoryStorage({ clock });
    const { storage: files } = await openStorage({ directory: temporaryFolder(), clock });
    const { metrics, latency } = newCollector(clock, new FanOutStorage([memory, files], { clock }));
    const expected: Record<string, NativeHistogram[]> = {};
    for (let n = 1; n <= 40; n++) {
      // More and more of them, so that resolutions fall on the way.
      for (let i = 0; i < 30; i++) {
        latency.observe(1.07 ** ((i * n) % 90) / 10, { route: '/' });
        if (n > 20) latency.observe(i % 2 === 0 ? -n : 0, { route: '/late' });
      }
      for (const [route, histogram] of Object.entries(await taken(metrics))) {
        expected[route] = [...(expected[route] ?? []), histogram];
      }
      expect((await metrics.collectAndStore()).isOk()).toBe(true);
      clock.advance(15);
    }
    expect(expected['/']).toHaveLength(40);
    expect(new Set(expected['/']?.map(({ schema }) => schema)).size).toBeGreaterThan(1);
    expect(await histogramsIn(memory)).toEqual(expected);
    expect(await histogramsIn(files)).toEqual(expected);
    await metrics.shutdown();
  });

  it('go on after a restart, from what a file held', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock(START_MS);
    for (let start = 1; start <= 3; start++) {
      const { storage } = await openStorage({ directory, clock, restore: true });
      const { metrics, latency } = newCollector(clock, new FanOutStorage([storage], { clock }));
      for (const value of [0.2, 0.2, 3]) latency.observe(value, { route: '/' });
      expect((await metrics.collectAndStore()).isOk()).toBe(true);
      const { '/': histogram } = await taken(metrics);
      expect(histogram).toMatchObject({ count: 3 * start, positive: { counts: Float64Array.of(2 * start, start) } });
      await metrics.shutdown();
      clock.advance(60);
    }
  });
});
