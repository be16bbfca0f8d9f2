// The figures that are shown, from what a collector and a real storage hold.
import { MemoryStorage, MetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { Inventory } from '../../../../examples/shop/domain/inventory.js';
import { defineMetrics } from '../../../../examples/shop/metrics.js';
import { readFigures } from '../../../../examples/shop/view/figures.js';

function opened() {
  const clock = new ManualClock();
  const storage = new MemoryStorage({ clock });
  const collector = new MetricsCollector({ clock, storage, strict: true });
  const inventory = new Inventory();
  const metrics = defineMetrics(collector, inventory);
  const answer = (status_code: number, count: number, seconds: number) => {
    const labels = { method: 'POST', route: '/orders', status_code };
    for (let i = 0; i < count; i++) {
      metrics.requests.increment(1, labels);
      metrics.requestDuration.observe(seconds, labels);
      metrics.recentResponseTime.observe(seconds);
    }
  };
  const collect = async () => {
    (await collector.collectAndStore())._unsafeUnwrap();
    clock.advance(1);
  };
  const read = () => readFigures({ metrics, storage, now: () => clock.now(), uptimeSeconds: () => 3 });
  return { metrics, inventory, answer, collect, read };
}

describe('readFigures', () => {
  it('has figures before anything has happened', async () => {
    const { read } = opened();
    const figures = await read();
    expect(figures).toMatchObject({ requests: 0, requestsPerSecond: 0, failures: 0, failureRatio: 0, routes: [] });
    expect(figures.stock.every(({ items, capacity }) => items === capacity)).toBe(true);
    expect(figures.responseTime.p95).toBeNaN();
  });

  it('reads totals, rates and shares from the history', async () => {
    const { answer, collect, read } = opened();
    answer(201, 10, 0.1);
    await collect();
    answer(201, 30, 0.1);
    answer(502, 10, 0.1);
    await collect();
    const figures = await read();
    expect(figures).toMatchObject({ requests: 50, requestsPerSecond: 40, failures: 10, failureRatio: 0.25 });
    expect(figures.history).toMatchObject({ requestsPerSecond: [40], failuresPerSecond: [10] });
    expect(figures.history.p95).toHaveLength(2);
    expect(figures.responseTime.p50).toBeCloseTo(0.1, 2);
  });

  it('lists routes by their share of the traffic, with the quantiles of each', async () => {
    const { answer, collect, read } = opened();
    answer(402, 1, 0.04);
    answer(201, 10, 0.04);
    await collect();
    const { routes } = await read();
    expect(routes.map(({ statusCode, requests }) => [statusCode, requests])).toEqual([
      ['201', 10],
      ['402', 1],
    ]);
    expect(routes[0]?.p50).toBeCloseTo(0.04, 10);
  });

  it('reads business values from where they are kept', async () => {
    const { metrics, inventory, collect, read } = opened();
    metrics.orders.increment(2, { outcome: 'paid' });
    metrics.orderAmount.observe(69);
    metrics.errors.increment(3, { type: 'out_of_stock' });
    metrics.poolSize.set(6);
    metrics.poolActive.set(4);
    inventory.reserve([{ product: 'rope', quantity: 7 }]);
    await collect();
    const figures = await read();
    expect(figures.orders).toEqual({ paid: 2, rejected: 0, failed: 0, euros: 69 });
    expect(figures.errors).toEqual([{ type: 'out_of_stock', count: 3 }]);
    expect(figures.pool).toEqual({ size: 6, active: 4, waiting: 0 });
    expect(figures.stock[1]).toEqual({ product: 'rope', items: 393, capacity: 400 });
  });
});
