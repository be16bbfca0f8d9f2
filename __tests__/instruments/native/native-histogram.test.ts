// What a native histogram promises beyond the buckets themselves, which the conformance cases judge: what it shows, how it is
// defined, and that it goes through removal, expiry, overflow and children as a classic one does.
import { type Histogram, MetricDefinitionError, type MetricsCollector, type NativeOptions } from 'telltale';
import { type NativeHistogram, nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import { setUp } from '../setup.js';

/** The native histograms of a metric by the values of their labels. */
async function nativesOf(metrics: MetricsCollector, name: string): Promise<Map<string, NativeHistogram>> {
  const found = new Map<string, NativeHistogram>();
  const { families } = await metrics.snapshot();
  for (const block of families.find(({ descriptor }) => descriptor.name === name)?.blocks() ?? []) {
    for (let row = 0; row < block.size; row++) {
      if (block.live?.[row] === 0) continue;
      const { dictionaries, labelIds } = block;
      const values = dictionaries.map((dictionary, c) => {
        return dictionary.values[labelIds[row * dictionaries.length + c] as number];
      });
      found.set(values.join(), nativeHistogramAt(block, row) as NativeHistogram);
    }
  }
  return found;
}

function bucketsOf(histogram: NativeHistogram | undefined): Record<number, number> {
  const { indexes, counts } = (histogram as NativeHistogram).positive;
  return Object.fromEntries(Array.from(indexes, (index, i) => [index, counts[i] as number]));
}

describe('a native histogram', () => {
  describe('definition', () => {
    it('alone, shows its count and sum in text', async () => {
      const { metrics, lines } = setUp();
      const size = metrics.histogram('size_bytes', { native: true });
      size.observe(100);
      size.observe(3);
      const [all] = (await nativesOf(metrics, 'size_bytes')).values();
      expect(all).toMatchObject({ schema: 3, zeroThreshold: 2 ** -128, zeroCount: 0, count: 2, sum: 103 });
      expect(await lines()).toEqual(['size_bytes_bucket{le="+Inf"} 2', 'size_bytes_sum 103', 'size_bytes_count 2']);
    });

    it('beside classic buckets, shows those as well', async () => {
      const { metrics, lines } = setUp();
      metrics.histogram('latency_seconds', { native: { growthFactor: 2 }, buckets: [1, 2] }).observe(1.5);
      expect(bucketsOf((await nativesOf(metrics, 'latency_seconds')).get(''))).toEqual({ 1: 1 });
      expect(await lines()).toEqual([
        'latency_seconds_bucket{le="1"} 0',
        'latency_seconds_bucket{le="2"} 1',
        'latency_seconds_bucket{le="+Inf"} 1',
        'latency_seconds_sum 1.5',
        'latency_seconds_count 1',
      ]);
    });

    it('is a classic histogram with `native: false`', async () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', { native: false });
      expect(metrics.histogram('h', {})).toBe(histogram);
      const { families } = await metrics.snapshot();
      const family = families.find(({ descriptor }) => descriptor.name === 'h');
      expect(family?.descriptor).not.toHaveProperty('native');
      expect(family?.descriptor).toMatchObject({ upperBounds: { length: 11 } });
    });

    it('is the same one when it is asked for in the same way, defaults spelled out or not', () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', { native: { growthFactor: 1.1 } });
      expect(metrics.histogram('h', { native: true })).toBe(histogram);
      expect(metrics.histogram('h', { native: { maxBuckets: 160 } })).toBe(histogram);
      expect(metrics.histogram('h')).toBe(histogram);
    });

    it.each([
      [{ native: { growthFactor: 1.2 } }, { native: true }],
      [{ native: true }, { native: { growthFactor: 1.2 } }],
      [{ native: true }, { buckets: [1, 2] }],
      [{}, { native: true }],
      [{ buckets: [1] }, { native: true, buckets: [1] }],
    ])('%j is in conflict with %j', (first, second) => {
      const { metrics } = setUp();
      metrics.histogram('h', first);
      expect(() => metrics.histogram('h', second)).toThrow(expect.objectContaining({ kind: 'family_conflict' }));
    });

    it.each<[NativeOptions | string | null, string]>([
      [{ growthFactor: 1 }, 'native.growthFactor'],
      [{ growthFactor: Number.POSITIVE_INFINITY }, 'native.growthFactor'],
      [{ maxBuckets: 0 }, 'native.maxBuckets'],
      [{ maxBuckets: 1.5 }, 'native.maxBuckets'],
      [{ maxBuckets: 1e6 }, 'native.maxBuckets'],
      [{ zeroThreshold: -1 }, 'native.zeroThreshold'],
      [{ zeroThreshold: Number.NaN }, 'native.zeroThreshold'],
      [{ maxZeroThreshold: -1 }, 'native.maxZeroThreshold'],
      [{ minResetSeconds: 0 }, 'native.minResetSeconds'],
      [{ growthFactor: '1.1' as never }, 'native.growthFactor'],
      ['yes', 'native'],
      [null, 'native'],
    ])('refuses %j', (native, option) => {
      const { metrics } = setUp();
      const define = () => metrics.histogram('h', { native: native as NativeOptions });
      expect(define).toThrow(MetricDefinitionError);
      expect(define).toThrow(expect.objectContaining({ detail: expect.objectContaining({ option }) }));
    });
  });

  describe('recording', () => {
    const factor2 = { native: { growthFactor: 2 } } as const;

    it.each([Number.NaN, Number.POSITIVE_INFINITY, '1'])('changes nothing for %p', async (value) => {
      const { metrics, lines } = setUp();
      const histogram = metrics.histogram('h', factor2);
      histogram.observe(3);
      histogram.observe(value as number);
      expect((await lines()).at(-1)).toBe('h_count 1');
      expect(bucketsOf((await nativesOf(metrics, 'h')).get(''))).toEqual({ 2: 1 });
    });

    it('keeps series apart, however they are reached', async () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', { ...factor2, labelNames: ['route'] });
      const a = histogram.labels({ route: 'a' });
      for (let i = 0; i < 40; i++) {
        a.observe(3);
        histogram.observe(5, { route: 'b' });
        histogram.observe(2 ** i, { route: `c${i}` });
      }
      const natives = await nativesOf(metrics, 'h');
      expect(natives.size).toBe(42);
      expect(bucketsOf(natives.get('a'))).toEqual({ 2: 40 });
      expect(bucketsOf(natives.get('b'))).toEqual({ 3: 40 });
      expect(bucketsOf(natives.get('c17'))).toEqual({ 17: 1 });
    });

    it('keeps labels apart that were not declared', async () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', factor2);
      histogram.observe(3);
      histogram.observe(5, { route: 'b' });
      const natives = await nativesOf(metrics, 'h');
      expect([...natives].map(([labels, native]) => [labels, bucketsOf(native)])).toEqual([
        ['', { 2: 1 }],
        ['b', { 3: 1 }],
      ]);
    });

    it('counts what goes over the limit of series in one of their own', async () => {
      const { metrics } = setUp({ limits: { maxSeriesPerMetric: 1 } });
      const histogram = metrics.histogram('h', { ...factor2, labelNames: ['route'] });
      for (const route of ['a', 'b', 'c']) histogram.observe(3, { route });
      const natives = await nativesOf(metrics, 'h');
      expect(bucketsOf(natives.get('a'))).toEqual({ 2: 1 });
      expect(bucketsOf(natives.get('true'))).toEqual({ 2: 2 });
    });

    it('starts a removed series anew, also through a child', async () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', { ...factor2, labelNames: ['route'] });
      const child = histogram.labels({ route: 'a' });
      child.observe(3);
      histogram.remove({ route: 'a' });
      expect((await nativesOf(metrics, 'h')).size).toBe(0);
      child.observe(5);
      histogram.observe(9, { route: 'b' });
      expect(bucketsOf((await nativesOf(metrics, 'h')).get('a'))).toEqual({ 3: 1 });
      histogram.clear();
      child.observe(17);
      expect(bucketsOf((await nativesOf(metrics, 'h')).get('a'))).toEqual({ 5: 1 });
    });

    it('shows zero again after clear', async () => {
      const { metrics, lines } = setUp();
      const histogram = metrics.histogram('h', factor2);
      histogram.observe(3);
      histogram.clear();
      expect(await lines()).toEqual(['h_bucket{le="+Inf"} 0', 'h_sum 0', 'h_count 0']);
      expect(bucketsOf((await nativesOf(metrics, 'h')).get(''))).toEqual({});
    });

    it('starts an expired series anew', async () => {
      const { metrics, clock } = setUp();
      const histogram = metrics.histogram('h', { ...factor2, labelNames: ['route'], expireAfter: 60 });
      histogram.observe(3, { route: 'a' });
      clock.advance(61);
      histogram.observe(5, { route: 'a' });
      expect(bucketsOf((await nativesOf(metrics, 'h')).get('a'))).toEqual({ 3: 1 });
      clock.advance(61);
      expect((await nativesOf(metrics, 'h')).size).toBe(0);
    });

    it('measures calls and timers', async () => {
      const { metrics, clock } = setUp();
      const histogram: Histogram<'route'> = metrics.histogram('h', { ...factor2, labelNames: ['route'] });
      histogram.time(() => clock.advance(3), { route: 'a' });
      const stop = histogram.startTimer();
      clock.advance(5);
      expect(stop({ route: 'a' })).toBe(5);
      expect(bucketsOf((await nativesOf(metrics, 'h')).get('a'))).toEqual({ 2: 1, 3: 1 });
    });

    it('leaves snapshots as they were', async () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', factor2);
      histogram.observe(3);
      const before = (await nativesOf(metrics, 'h')).get('');
      histogram.observe(3);
      histogram.observe(9);
      expect(bucketsOf(before)).toEqual({ 2: 1 });
      expect(before?.count).toBe(1);
    });
  });

  describe('with too many buckets', () => {
    const native = { growthFactor: 2, maxBuckets: 2, minResetSeconds: 60 } as const;

    it('starts anew at once when it is old enough, keeping the last observation, through a child as well', async () => {
      const { metrics, clock, lines } = setUp();
      const histogram = metrics.histogram('h', { native, labelNames: ['route'], buckets: [4] });
      const child = histogram.labels({ route: 'a' });
      for (const value of [3, 5]) child.observe(value);
      clock.advance(60);
      child.observe(9);
      expect(await lines()).toEqual([
        'h_bucket{route="a",le="4"} 0',
        'h_bucket{route="a",le="+Inf"} 1',
        'h_sum{route="a"} 9',
        'h_count{route="a"} 1',
      ]);
      expect(bucketsOf((await nativesOf(metrics, 'h')).get('a'))).toEqual({ 4: 1 });
    });

    it('is coarser until it is old enough, and is read anew then without a recording', async () => {
      const { metrics, clock } = setUp();
      const histogram = metrics.histogram('h', { native });
      for (const value of [3, 5, 9]) histogram.observe(value);
      expect((await nativesOf(metrics, 'h')).get('')).toMatchObject({ schema: -1, count: 3 });
      clock.advance(59);
      expect((await nativesOf(metrics, 'h')).get('')?.count).toBe(3);
      clock.advance(1);
      expect((await nativesOf(metrics, 'h')).get('')).toMatchObject({ schema: 0, count: 0, sum: 0 });
      expect(histogram.getQuantile(0.5)).toBeNaN();
    });

    it('forgets that it is to start anew when it is removed', async () => {
      const { metrics, clock } = setUp();
      const histogram = metrics.histogram('h', { native, labelNames: ['route'] });
      for (const value of [3, 5, 9]) histogram.observe(value, { route: 'a' });
      histogram.remove({ route: 'a' });
      clock.advance(50);
      histogram.observe(3, { route: 'a' });
      clock.advance(10);
      expect((await nativesOf(metrics, 'h')).get('a')?.count).toBe(1);
    });

    it('stays at the lowest resolution for good, with no more buckets than that has', async () => {
      const { metrics } = setUp();
      const histogram = metrics.histogram('h', { native: { maxBuckets: 1, zeroThreshold: 0 } });
      for (let exponent = -1074; exponent < 1024; exponent++) {
        histogram.observe(2 ** exponent);
        histogram.observe(-(2 ** exponent));
      }
      const all = (await nativesOf(metrics, 'h')).get('');
      expect(all).toMatchObject({ schema: -4, count: 4196, zeroCount: 0 });
      expect(all?.positive.indexes).toHaveLength(132);
      expect(all?.negative.counts.reduce((sum, count) => sum + count, 0)).toBe(2098);
    });
  });
});
