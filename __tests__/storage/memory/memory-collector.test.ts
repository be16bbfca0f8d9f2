// The storage behind the real collector: what was recorded is what queries find.
import { MetricsCollector } from 'telltale';
import { MemoryStorage } from 'telltale/storage';
import { ManualClock } from 'telltale/testing';
import { answerOf } from './naive-history.js';

const ALWAYS = { startMs: -Infinity, endMs: Infinity };

function setUp() {
  const clock = new ManualClock();
  const storage = new MemoryStorage({ clock });
  return { clock, storage, metrics: new MetricsCollector({ storage, clock, defaultLabels: { app: 'shop' } }) };
}

describe('MemoryStorage behind a MetricsCollector', () => {
  it('holds every sample that getAllMetrics shows, of every type, over a time in which series come and go', async () => {
    const { clock, storage, metrics } = setUp();
    const orders = metrics.counter('orders_total', { labelNames: ['status'] });
    const free = metrics.gauge('free');
    const latency = metrics.histogram('latency_seconds', { buckets: [0.1, 0.5], labelNames: ['route'] });
    const sizes = metrics.summary('size_bytes', { quantiles: [0.5, 0.99] });
    metrics.info('build_info', { version: '1.2.3' });
    const door = metrics.stateSet('door', { states: ['open', 'shut'] });
    const expected = new Map<string, [number, string][]>();
    for (let k = 0; k < 100; k++) {
      orders.increment(k, { status: `s${k % 40}` });
      if (k % 7 === 0) orders.remove({ status: `s${(k + 20) % 40}` });
      free.set(k / 3, { place: String(k % 3) });
      latency.observe(k / 100, { route: k % 2 === 0 ? '/' : '/cart' });
      sizes.observe(k);
      door.set(k % 2 === 0 ? 'open' : 'shut');
      const samples = await metrics.getAllMetrics();
      for (const { name, labels, value } of samples) {
        // The collector's own figures move between two readings.
        if (name.startsWith('telltale_')) continue;
        const entries = Object.entries({ ...labels, __name__: name }).sort(([a], [b]) => (a < b ? -1 : 1));
        const key = JSON.stringify(entries);
        expected.set(key, [...(expected.get(key) ?? []), [clock.now(), Object.is(value, -0) ? '-0' : String(value)]]);
      }
      expect((await metrics.collectAndStore())._unsafeUnwrap()).toBe(samples.length);
      clock.advance(15);
    }
    const own = { name: '__name__', operator: '!~', value: 'telltale_.*' } as const;
    expect(answerOf((await storage.select([own], ALWAYS))._unsafeUnwrap())).toEqual(expected);
    expect((await metrics.shutdown()).isOk()).toBe(true);
    expect((await storage.select([], ALWAYS)).isErr()).toBe(true);
  });
});
