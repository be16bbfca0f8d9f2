// Quantiles from stored buckets: those of everything agree with the instrument's own, those of late forget what is old.
import { MemoryStorage, MetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { readHistory } from '../../../../examples/shop/view/history.js';
import { bucketsOf, recentQuantiles, totalQuantile } from '../../../../examples/shop/view/quantiles.js';

const NAME = 'latency_seconds_bucket';

function recorded() {
  const clock = new ManualClock();
  const storage = new MemoryStorage({ clock });
  const metrics = new MetricsCollector({ clock, storage });
  const latency = metrics.histogram('latency_seconds', { buckets: [0.1, 0.2, 0.4], labelNames: ['route'] });
  const second = async (...values: readonly number[]) => {
    for (const [i, value] of values.entries()) latency.observe(value, { route: i % 2 === 0 ? '/a' : '/b' });
    (await metrics.collectAndStore())._unsafeUnwrap();
    clock.advance(1);
  };
  const buckets = async (labels = {}) =>
    bucketsOf((await readHistory(storage, { names: [NAME], seconds: 60, nowMs: clock.now() }))(NAME, labels));
  return { latency, second, buckets };
}

describe('totalQuantile', () => {
  it.each([0, 0.1, 0.5, 0.9, 0.95, 1])('agrees with the histogram itself at %d', async (q) => {
    const { latency, second, buckets } = recorded();
    await second(0.05, 0.3, 0.15, 0.3, 0.15, 0.3, 0.15, 7);
    for (const route of ['/a', '/b']) {
      expect(totalQuantile(q, await buckets({ route }))).toBe(latency.getQuantile(q, { route }));
    }
  });

  it('knows none of nothing', () => {
    expect(totalQuantile(0.5, [])).toBeNaN();
  });
});

describe('recentQuantiles', () => {
  it('speaks of what came in the seconds before each moment, over all series', async () => {
    const { second, buckets } = recorded();
    await second(0.05);
    await second(0.15, 0.15);
    await second(0.15, 0.3, 0.3, 0.3);
    await second();
    await second();
    const p50 = recentQuantiles(0.5, await buckets(), 2);
    expect(p50.map((value) => Number(value.toFixed(6)))).toEqual([0.15, 0.2, 0.266667, Number.NaN]);
  });
});
