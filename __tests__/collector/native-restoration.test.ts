// Native histograms that go on where an earlier process left them.
import { okAsync } from 'neverthrow';
import { MetricsCollector, type NativeColumns, type NativeOptions, type SeriesBlock, type Snapshot } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { nativeHistogramAt } from '../../lib/model/native-histogram.js';
import { ScriptedStorage } from '../support/scripted-storage.js';

const START = Date.UTC(2026, 0, 1);

function collectorOf(stored?: Snapshot) {
  const storage = new ScriptedStorage();
  storage.restore = () => okAsync(stored);
  const told: unknown[] = [];
  const clock = new ManualClock(stored === undefined ? START : START + 3_600_000);
  const metrics = new MetricsCollector({ storage, clock, onError: (error) => told.push(error) });
  return { metrics, told };
}

async function earlier(native: NativeOptions, values: readonly number[]): Promise<Snapshot> {
  const { metrics } = collectorOf();
  const histogram = metrics.histogram('h', { native, labelNames: ['a'] });
  for (const value of values) histogram.observe(value, { a: 'x' });
  return metrics.snapshot();
}

async function blockOf(metrics: MetricsCollector): Promise<SeriesBlock> {
  const { families } = await metrics.snapshot();
  const [block] = [...(families.find(({ descriptor }) => descriptor.name === 'h')?.blocks() ?? [])];
  return block as SeriesBlock;
}

/** What the collector has after it observed these values over the stored ones. */
async function restored(stored: Snapshot, native: NativeOptions, values: readonly number[]) {
  const { metrics, told } = collectorOf(stored);
  const histogram = metrics.histogram('h', { native, labelNames: ['a'] });
  const child = histogram.labels({ a: 'x' });
  for (const value of values.slice(0, 1)) child.observe(value);
  await metrics.snapshot();
  for (const value of values.slice(1)) child.observe(value);
  expect(told).toEqual([]);
  const block = await blockOf(metrics);
  return { histogram: nativeHistogramAt(block, 0), createdMs: block.createdMs[0] };
}

/** The same snapshot with other columns of native histograms, or none. */
function withNative(stored: Snapshot, change: (native: NativeColumns) => NativeColumns | undefined): Snapshot {
  const families = stored.families.map((family) => ({
    descriptor: family.descriptor,
    observedNegative: family.observedNegative,
    blocks: () =>
      [...family.blocks()].map(({ native, ...block }) => {
        const changed = native === undefined ? undefined : change(native);
        return changed === undefined ? block : { ...block, native: changed };
      }),
  }));
  return { ...stored, families };
}

describe('a native histogram that a storage restores', () => {
  const fine = { growthFactor: 1.2 } as const;

  it('has the stored buckets and its own, and started when the stored one did', async () => {
    const before = [0, 1, 1.1, 2, -3, 40];
    const after = [1, 2, 3, -3, -5];
    const got = await restored(await earlier(fine, before), fine, after);
    const { histogram } = await restored(await earlier(fine, []), fine, [...before, ...after]);
    expect({ ...got.histogram, sum: 0 }).toEqual({ ...histogram, sum: 0 });
    expect(got.histogram?.sum).toBeCloseTo(histogram?.sum as number, 12);
    expect(got.createdMs).toBe(START);
  });

  it('takes the lower of two resolutions and the wider of two zero buckets', async () => {
    const stored = await earlier({ growthFactor: 4, zeroThreshold: 2 ** -4 }, [1, 2, 3, 0.05]);
    const { histogram } = await restored(stored, fine, [3, 0.01]);
    expect(histogram).toMatchObject({ schema: -1, zeroThreshold: 2 ** -4, zeroCount: 2, count: 6 });
    expect(Array.from(histogram?.positive.counts ?? [])).toEqual([1, 3]);
  });

  it('has no more buckets than it may have', async () => {
    const values = Array.from({ length: 40 }, (_, i) => 1.5 ** i);
    const { histogram } = await restored(await earlier(fine, values), { ...fine, maxBuckets: 10 }, [1]);
    expect(histogram?.count).toBe(41);
    expect(histogram?.positive.indexes.length).toBeLessThanOrEqual(10);
  });

  it.each<[string, (native: NativeColumns) => NativeColumns | undefined]>([
    ['no buckets', () => undefined],
    ['a schema that does not exist', (native) => ({ ...native, schemas: native.schemas.map(() => 9) })],
    ['more in its zero bucket', (native) => ({ ...native, zeroCounts: native.zeroCounts.map((n) => n + 1) })],
    ['a threshold of NaN', (native) => ({ ...native, zeroThresholds: native.zeroThresholds.map(() => Number.NaN) })],
    [
      'buckets beyond all numbers',
      ({ positive, ...native }) => ({
        ...native,
        positive: { ...positive, indexes: positive.indexes.map((index) => index + 1e6) },
      }),
    ],
    [
      'a bucket twice',
      ({ positive, ...native }) => ({
        ...native,
        positive: { ...positive, indexes: positive.indexes.map(() => 5) },
      }),
    ],
    [
      'an empty bucket',
      ({ positive, ...native }) => ({
        ...native,
        positive: { ...positive, counts: Float64Array.of(2, 0) },
      }),
    ],
  ])('starts at nothing when what was stored has %s', async (_, change) => {
    const stored = withNative(await earlier(fine, [1, 3]), change);
    const { histogram } = await restored(stored, fine, [2]);
    expect(histogram).toMatchObject({ count: 1, sum: 2 });
  });
});
