// Native histograms in MemoryStorage: what queries answer of them, and that they keep to the limits as numbers do.
import type { Snapshot } from '../../../lib/model/family.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import type { SeriesData, TimeRange } from '../../../lib/model/storage.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { nativeOf } from '../support/native-arbitrary.js';
import { nativeHistogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';

const EVER: TimeRange = { startMs: 0, endMs: Infinity };
const LABELS = { __name__: 'x', route: '/' };

async function selected(storage: MemoryStorage, name: string, range = EVER): Promise<SeriesData[]> {
  const found = await storage.select([{ name: '__name__', operator: '=', value: name }], range);
  return [...found._unsafeUnwrap()];
}

/** A histogram of 160 buckets of which a tenth went on with every step. */
function wideHistogram(step: number): NativeHistogram {
  const indexes = Int32Array.from({ length: 160 }, (_, i) => i - 80);
  const counts = Float64Array.from(indexes, (_, i) => 50 + Math.floor((step + i) / 10));
  const count = counts.reduce((total, one) => total + one, 0);
  return { ...nativeOf({}), count, sum: step * 1.37, positive: { indexes, counts } };
}

describe('MemoryStorage.write', () => {
  it('stores a native histogram as one sample more, under the name of its family', async () => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000) });
    const family = new TestFamily(nativeHistogram('x'), ['route']);
    const first = nativeOf({ 1: 2, 5: 1 }, { negative: { 3: 4 }, zeroCount: 2, sum: -1.5 });
    const second = nativeOf({ 1: 3, 5: 1, 6: 1 }, { negative: { 3: 4 }, zeroCount: 2, sum: 7 });
    expect((await storage.write(snapshotOf(1000, family.setNative({ route: '/' }, first))))._unsafeUnwrap()).toBe(4);
    await storage.write(snapshotOf(2000, family.setNative({ route: '/' }, second)));

    const [series, ...others] = await selected(storage, 'x');
    expect(others).toEqual([]);
    expect({ ...series?.labels }).toEqual(LABELS);
    expect(series?.timestampsMs).toEqual(Float64Array.of(1000, 2000));
    expect(series?.values).toEqual(Float64Array.of(NaN, NaN));
    expect(series?.histograms).toEqual([first, second]);

    const [count] = await selected(storage, 'x_count');
    expect(count?.values).toEqual(Float64Array.of(first.count, second.count));
    expect(count).not.toHaveProperty('histograms');
    expect(storage.usage().seriesCount).toBe(4);
  });

  it('answers a query as things were when it was asked, also when they are read later', async () => {
    const storage = new MemoryStorage({ clock: new ManualClock(1_000_000), retentionSeconds: 1000 });
    const family = new TestFamily(nativeHistogram('x'));
    for (let step = 1; step <= 3; step++) {
      await storage.write(snapshotOf(step * 1000, family.setNative({}, nativeOf({ 4: step }))));
    }
    const [series] = await selected(storage, 'x', { startMs: 2000, endMs: Infinity });
    for (let step = 4; step <= 40; step++) {
      await storage.write(snapshotOf(step * 1000, family.setNative({}, nativeOf({ 4: step, 9: 1 }))));
    }
    expect(series?.timestampsMs).toEqual(Float64Array.of(2000, 3000));
    expect(series?.histograms).toEqual([nativeOf({ 4: 2 }), nativeOf({ 4: 3 })]);
  });

  it('keeps nothing of a snapshot whose families throw', async () => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000) });
    const family = new TestFamily(nativeHistogram('x'), ['id']);
    await storage.write(snapshotOf(1000, family.setNative({ id: 'a' }, nativeOf({ 4: 1 }))));
    family.setNative({ id: 'b' }, nativeOf({ 1: 1 }));
    const whole = snapshotOf(2000, family.setNative({ id: 'a' }, nativeOf({ 4: 100 })));
    const broken: Snapshot = {
      ...whole,
      families: [
        ...whole.families,
        {
          ...new TestFamily(plain('y')).family(),
          blocks: () => {
            throw new Error('unreadable');
          },
        },
      ],
    };
    expect((await storage.write(broken)).isErr()).toBe(true);
    family.remove({ id: 'b' });
    await storage.write(snapshotOf(3000, family.setNative({ id: 'a' }, nativeOf({ 4: 3 }))));
    const [series, ...others] = await selected(storage, 'x');
    expect(others).toEqual([]);
    expect(series?.timestampsMs).toEqual(Float64Array.of(1000, 3000));
    expect(series?.histograms).toEqual([nativeOf({ 4: 1 }), nativeOf({ 4: 3 })]);
  });

  it('keeps to maxBytes, drops the oldest and counts what it refuses', async () => {
    const clock = new ManualClock(0);
    const maxBytes = 125_000;
    const storage = new MemoryStorage({ clock, maxBytes });
    const family = new TestFamily(nativeHistogram('x'), ['id']);
    const stored: number[] = [];
    for (let step = 1; step <= 100; step++) {
      clock.advance(1);
      for (let id = 0; id < 10; id++) family.setNative({ id: `${id}` }, wideHistogram(step + id));
      stored.push((await storage.write(snapshotOf(clock.now(), family)))._unsafeUnwrap());
      expect(storage.usage().bytes).toBeLessThanOrEqual(maxBytes);
    }
    // Rows always have room here, histograms as long as earlier ones can go.
    const refused = stored.reduce((sum, samples) => sum + 40 - samples, 0);
    expect(storage.usage().refusedSamples).toBe(refused);
    expect(refused).toBeGreaterThan(0);
    expect(stored.slice(-40)).toContain(40);
    const all = await selected(storage, 'x');
    expect(all).toHaveLength(10);
    for (const { labels, timestampsMs, histograms } of all) {
      const expected = [...timestampsMs].map((at) => wideHistogram(at / 1000 + Number(labels.id)));
      expect(histograms).toEqual(expected);
    }
  });

  it('forgets histograms with their generation', async () => {
    const clock = new ManualClock(0);
    const storage = new MemoryStorage({ clock, retentionSeconds: 100 });
    const family = new TestFamily(nativeHistogram('x'));
    const other = new TestFamily(plain('y')).set({}, 1);
    await storage.write(snapshotOf(clock.now(), other));
    const empty = storage.usage().bytes;
    for (let step = 1; step <= 50; step++) {
      clock.advance(1);
      await storage.write(snapshotOf(clock.now(), other, family.setNative({}, wideHistogram(step))));
    }
    expect(storage.usage().bytes).toBeGreaterThan(empty + 5000);
    for (let step = 1; step <= 5; step++) {
      clock.advance(120);
      await storage.write(snapshotOf(clock.now(), other));
    }
    expect(await selected(storage, 'x')).toEqual([]);
    expect(storage.usage().bytes).toBeLessThan(empty + 2000);
  });
});

describe('MemoryStorage.appendHistogram', () => {
  it('stores histograms and numbers of one series in the order of their time stamps', async () => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000) });
    const late = nativeOf({ 2: 0.25, 3: 0.5 }, { sum: 0.125 });
    expect(storage.appendHistogram(LABELS, 3000, late)).toBe(true);
    expect(storage.append(LABELS, 2000, 7)).toBe(true);
    expect(storage.appendHistogram(LABELS, 1000, nativeOf({ 1: 1 }))).toBe(true);
    expect(await selected(storage, 'x')).toEqual([
      {
        labels: expect.objectContaining(LABELS),
        timestampsMs: Float64Array.of(1000, 2000, 3000),
        values: Float64Array.of(NaN, 7, NaN),
        histograms: [nativeOf({ 1: 1 }), undefined, late],
      },
    ]);
  });

  it('keeps what it was given when that changes afterwards, and leaves out empty buckets', async () => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000) });
    const given = { ...nativeOf({ 1: 1, 2: 1 }), count: 1 };
    given.positive.counts[0] = 0;
    storage.appendHistogram(LABELS, 1000, given);
    given.positive.counts[0] = 5;
    given.positive.indexes[0] = -7;
    storage.appendHistogram(LABELS, 2000, given);
    const [series] = await selected(storage, 'x');
    expect(series?.histograms).toEqual([
      { ...nativeOf({ 2: 1 }), count: 1 },
      { ...nativeOf({ [-7]: 5, 2: 1 }), count: 1 },
    ]);
  });

  it('keeps custom bounds and what is known of resets, with counts that are any numbers', async () => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000) });
    const custom = (bounds: readonly number[], buckets: Readonly<Record<number, number>>): NativeHistogram => {
      return { ...nativeOf(buckets, { schema: -53, zeroThreshold: 0 }), customBounds: Float64Array.from(bounds) };
    };
    const given: NativeHistogram[] = [
      custom([-1.5, 2, 1e300], { 0: 1, 3: 2 }),
      custom([-1.5, 2, 1e300], { 0: 1, 3: 3 }),
      { ...custom([-1.5, 2, 1e300], { 0: 1, 3: 3 }), resetHint: 'gauge' },
      { ...custom([-1.5, 3], { 0: -0.25, 1: 3 }), resetHint: 'gauge' },
      { ...nativeOf({ 1: 0.5 }), resetHint: 'reset' },
      { ...nativeOf({ 1: 0.75 }), resetHint: 'not_reset' },
      nativeOf({ 1: -0.75 }),
      custom([], { 0: 7 }),
    ];
    given.forEach((histogram, i) => {
      expect(storage.appendHistogram(LABELS, 1000 + i, histogram)).toBe(true);
    });
    given[0]?.customBounds?.fill(0);
    const [series] = await selected(storage, 'x');
    expect(series?.histograms).toEqual([custom([-1.5, 2, 1e300], { 0: 1, 3: 2 }), ...given.slice(1)]);
  });

  it('drops the oldest once they are over, and all of them in the end', async () => {
    const clock = new ManualClock(0);
    const storage = new MemoryStorage({ clock, retentionSeconds: 160 });
    for (let step = 1; step <= 300; step++) {
      clock.advance(1);
      storage.appendHistogram(LABELS, clock.now(), wideHistogram(step));
    }
    const [series] = await selected(storage, 'x');
    expect(series?.timestampsMs.at(0)).toBe(clock.now() - 160_000);
    expect(series?.histograms?.at(0)).toEqual(wideHistogram(140));
    expect(series?.histograms?.at(-1)).toEqual(wideHistogram(300));
    clock.advance(1000);
    storage.append({ __name__: 'y' }, clock.now(), 1);
    expect(storage.usage()).toMatchObject({ seriesCount: 1, timeRange: { startMs: clock.now(), endMs: clock.now() } });
  });

  it.each<[string, unknown]>([
    ['a number', 5],
    ['no buckets', { ...nativeOf({ 1: 1 }), negative: undefined }],
    ['lists for arrays', { ...nativeOf({ 1: 1 }), positive: { indexes: [1], counts: [1] } }],
    ['a schema that there is none of', nativeOf({ 1: 1 }, { schema: 9 })],
    ['custom bounds that are not there', nativeOf({ 1: 1 }, { schema: -53 })],
    ['custom bounds that go back', { ...nativeOf({ 1: 1 }, { schema: -53 }), customBounds: Float64Array.of(2, 1) }],
    ['a custom bound that is NaN', { ...nativeOf({ 1: 1 }, { schema: -53 }), customBounds: Float64Array.of(NaN) }],
    ['a custom bound for all', { ...nativeOf({ 1: 1 }, { schema: -53 }), customBounds: Float64Array.of(1, Infinity) }],
    ['a reset hint that there is none of', { ...nativeOf({ 1: 1 }), resetHint: 'perhaps' }],
    [
      'indexes without counts',
      { ...nativeOf({}), positive: { indexes: Int32Array.of(1), counts: new Float64Array(0) } },
    ],
    [
      'indexes that go back',
      { ...nativeOf({}), positive: { indexes: Int32Array.of(2, 1), counts: Float64Array.of(1, 1) } },
    ],
  ])('refuses %s', (_, given) => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000) });
    expect(storage.appendHistogram(LABELS, 1000, given as NativeHistogram)).toBe(false);
    expect(storage.usage().seriesCount).toBe(0);
  });

  it('refuses what is too old, and what there is no room for', () => {
    const storage = new MemoryStorage({ clock: new ManualClock(10_000), retentionSeconds: 5, maxBytes: 8000 });
    expect(storage.appendHistogram(LABELS, 4000, nativeOf({ 1: 1 }))).toBe(false);
    expect(storage.usage().refusedSamples).toBe(0);
    expect(storage.appendHistogram(LABELS, 9000, wideHistogram(1))).toBe(false);
    expect(storage.usage().refusedSamples).toBe(1);
    expect(storage.appendHistogram(LABELS, 9000, nativeOf({ 1: 1 }))).toBe(true);
  });
});

describe('a series with numbers and histograms in turn', () => {
  it.each([
    ['number', 'histogram'],
    ['histogram', 'number'],
  ] as const)('takes a %s after a late %s has expired', async (kind, lateKind) => {
    const clock = new ManualClock(1_000_000);
    const storage = new MemoryStorage({ clock, retentionSeconds: 600 });
    const append = (what: string, timestampMs: number) =>
      what === 'number'
        ? storage.append(LABELS, timestampMs, 7)
        : storage.appendHistogram(LABELS, timestampMs, nativeOf({ 4: 1 }));
    append(kind, clock.now());
    append(lateKind, clock.now() - 590_000);
    clock.advance(60);
    expect(append(kind, clock.now())).toBe(true);
    expect(append(lateKind, clock.now() + 1)).toBe(true);
    const [series, ...others] = await selected(storage, 'x');
    expect(others).toEqual([]);
    expect(series?.timestampsMs).toEqual(Float64Array.of(1_000_000, 1_060_000, 1_060_001));
    const [number, histogram] = [7, NaN];
    const value = (what: string) => (what === 'number' ? number : histogram);
    expect(series?.values).toEqual(Float64Array.of(value(kind), value(kind), value(lateKind)));
    expect(series?.histograms?.map((one) => one?.count)).toEqual(
      [kind, kind, lateKind].map((what) => (what === 'number' ? undefined : 1)),
    );
  });
});
