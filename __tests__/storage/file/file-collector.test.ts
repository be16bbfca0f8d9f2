// FileStorage behind real instruments, whose blocks grow, leave gaps and take them again: it answers what MemoryStorage answers,
// and hands a new collector the totals of the old one.
import { MetricsCollector } from '../../../lib/collector.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { answerOf } from '../memory/naive-history.js';
import { EVER, openStorage, selected, temporaryFolder } from './support/folders.js';

// Bounded, but not by the speed of a machine that does other things besides.
jest.setTimeout(60_000);

/** Numbers in 0..1, always the same. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('FileStorage with a collector', () => {
  it('answers what memory answers while series come and go', async () => {
    const random = randomNumbers(7);
    const clock = new ManualClock(1_700_000_000_000);
    const metrics = new MetricsCollector({
      clock,
      defaultLabels: { job: 'shop' },
      limits: { maxSeriesPerMetric: 1500 },
    });
    const orders = metrics.counter('orders_total', { labelNames: ['shop', 'kind'] });
    const depth = metrics.gauge('depth');
    const latency = metrics.histogram('latency_seconds', { labelNames: ['route'], buckets: [0.1, 0.5, 1] });
    const directory = temporaryFolder();
    let { storage } = await openStorage({ directory, clock });
    const memory = new MemoryStorage({ retentionSeconds: Infinity, maxBytes: Infinity, clock });
    for (let n = 0; n < 80; n++) {
      for (let i = 0; i < 60; i++) {
        const shop = `shop-${Math.floor(random() * (n + 5) * 10)}`;
        orders.increment(Math.floor(random() * 5), { shop, kind: random() < 0.5 ? '' : 'b' });
        if (random() < 0.3) orders.remove({ shop: `shop-${Math.floor(random() * 300)}`, kind: '' });
        latency.observe(random() * 2, { route: `/${Math.floor(random() * 20)}` });
      }
      if (n === 40) latency.clear();
      if (n % 25 === 24) orders.clear();
      depth.set(n / 3);
      const snapshot = await metrics.snapshot();
      const [toFile, toMemory] = [await storage.write(snapshot), await memory.write(snapshot)];
      expect(toFile._unsafeUnwrap()).toBe(toMemory._unsafeUnwrap());
      clock.advance(15);
      if (n % 30 !== 29) continue;
      await storage.close();
      storage = (await openStorage({ directory, clock })).storage;
    }
    const expected = answerOf((await memory.select([], EVER))._unsafeUnwrap());
    expect(expected.size).toBeGreaterThan(1000);
    expect(answerOf(await selected(storage))).toEqual(expected);
  });

  it('hands totals to the collector of the next process', async () => {
    const directory = temporaryFolder();
    for (let start = 1; start <= 3; start++) {
      const { storage } = await openStorage({ directory, restore: true });
      const metrics = new MetricsCollector({ storage });
      metrics.counter('starts_total').increment();
      metrics.histogram('seconds', { buckets: [1] }).observe(0.5);
      expect((await metrics.collectAndStore()).isOk()).toBe(true);
      const samples = await metrics.getAllMetrics();
      expect(samples.find(({ name }) => name === 'starts_total')?.value).toBe(start);
      expect(samples.find(({ name }) => name === 'seconds_count')?.value).toBe(start);
      await metrics.shutdown();
    }
  });
});
