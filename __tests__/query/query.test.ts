// The short form that asks what a collector has stored.
import { MetricsCollector } from '../../lib/collector.js';
import { query } from '../../lib/query/query.js';
import { ManualClock } from '../../lib/testing/manual-clock.js';

describe(query, () => {
  it('answers from what a collector has stored, at the time of its clock', async () => {
    const { clock, metrics } = await shop();
    const answer = await query(metrics, 'sum(increase(orders_total[1m]))');
    expect(answer._unsafeUnwrap()).toEqual({
      type: 'vector',
      timestampMs: clock.now(),
      // 3 in the 45 seconds between samples, drawn out to where the window begins.
      samples: [{ labels: {}, value: 4 }],
      warnings: [],
      infos: [],
    });
  });

  it('answers a range with start, end and step', async () => {
    const { clock, metrics } = await shop();
    const end = new Date(clock.now());
    const answer = (
      await query(metrics, 'orders_total', { start: new Date(end.getTime() - 30_000), end, step: 15 })
    )._unsafeUnwrap();
    expect(answer.type === 'matrix' && answer.series.map(({ values }) => [...values])).toEqual([[2, 3, 4]]);
  });

  it('shows a series no longer once a collection was without it', async () => {
    const clock = new ManualClock();
    const metrics = new MetricsCollector({ clock });
    const depth = metrics.gauge('queue_depth', { description: 'Jobs that wait', labelNames: ['queue'] });
    depth.set(1, { queue: 'mail' });
    depth.set(2, { queue: 'print' });
    (await metrics.collectAndStore())._unsafeUnwrap();
    depth.remove({ queue: 'mail' });
    clock.advance(15);
    (await metrics.collectAndStore())._unsafeUnwrap();
    const queues = async (time: number) => {
      const answer = (await query(metrics, 'queue_depth', { time }))._unsafeUnwrap();
      return answer.type === 'vector' && answer.samples.map(({ labels }) => labels.queue);
    };
    const now = clock.now() / 1000;
    expect(await queues(now - 0.001)).toEqual(['mail', 'print']);
    expect(await queues(now)).toEqual(['print']);
  });

  it('says so when the storage of the collector cannot be asked', async () => {
    const sender = { storage: { name: 'sender' } };
    expect((await query(sender, 'up'))._unsafeUnwrapErr()).toEqual({
      kind: 'evaluation_failed',
      problem: 'the storage of this collector cannot be asked; give it a MemoryStorage or a FileStorage',
    });
  });
});

/** Four collections, 15 seconds apart, with one order before each. */
async function shop() {
  const clock = new ManualClock();
  const metrics = new MetricsCollector({ clock });
  const orders = metrics.counter('orders_total', { description: 'Orders placed' });
  for (let i = 0; i < 4; i++) {
    if (i > 0) clock.advance(15);
    orders.increment();
    (await metrics.collectAndStore())._unsafeUnwrap();
  }
  return { clock, metrics };
}
