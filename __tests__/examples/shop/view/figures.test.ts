// The figures that are shown, from what decorators, instrumentation and the shop itself have left in a real storage.
import { MemoryStorage, MetricsCollector } from 'telltale';
import { CountErrors } from 'telltale/decorators';
import { instrumentPool, instrumentProcess } from 'telltale/instrumentation';
import { QueryEngine } from 'telltale/query';
import { ManualClock } from 'telltale/testing';
import { Inventory } from '../../../../examples/shop/domain/inventory.js';
import { defineMetrics } from '../../../../examples/shop/metrics.js';
import { Board } from '../../../../examples/shop/view/board.js';
import { readFigures } from '../../../../examples/shop/view/figures.js';

function opened() {
  const clock = new ManualClock();
  const storage = new MemoryStorage({ clock });
  const collector = new MetricsCollector({ clock, storage, strict: true });
  const inventory = new Inventory();
  const metrics = defineMetrics(collector, inventory);
  const duration = collector.histogram('http_request_duration_seconds', { buckets: [0.02, 0.04, 0.1, 0.2] });
  const answer = (status_code: number, count: number, seconds: number) => {
    for (let i = 0; i < count; i++) duration.observe(seconds, { method: 'POST', route: '/orders', status_code });
  };
  const collect = async () => {
    (await collector.collectAndStore())._unsafeUnwrap();
    clock.advance(1);
  };
  const board = new Board({
    engine: new QueryEngine(storage),
    now: () => clock.now(),
    uptimeSeconds: () => 3,
    alerts: () => [],
  });
  const read = () => readFigures(board);
  return { collector, metrics, inventory, answer, collect, read };
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
    for (let second = 0; second < 12; second++) {
      answer(201, 30, 0.15);
      answer(502, 10, 0.15);
      await collect();
    }
    const figures = await read();
    expect(figures).toMatchObject({ requests: 480, failures: 120, failureRatio: 0.25 });
    expect(figures.requestsPerSecond).toBeCloseTo(40, 10);
    expect(figures.history.requestsPerSecond.at(-1)).toBe(figures.requestsPerSecond);
    expect(figures.history.failuresPerSecond.at(-1)).toBeCloseTo(10, 10);
    expect(figures.history.p95.at(-1)).toBe(figures.responseTime.p95);
    // All are in the bucket from 0.1 to 0.2, in the middle of which half of them are taken to be.
    expect(figures.responseTime.p50).toBeCloseTo(0.15, 10);
  });

  it('has a curve of failures that starts at zero', async () => {
    const { answer, collect, read } = opened();
    for (const failed of [0, 0, 0, 5, 5]) {
      answer(201, 1, 0.01);
      if (failed > 0) answer(502, failed, 0.01);
      await collect();
    }
    const { failuresPerSecond, requestsPerSecond } = (await read()).history;
    expect(failuresPerSecond).toHaveLength(requestsPerSecond.length);
    expect(failuresPerSecond[0]).toBe(0);
    expect(failuresPerSecond.at(-1)).toBeGreaterThan(0);
  });

  it('lists routes by their share of the traffic, with the quantiles of each', async () => {
    const { answer, collect, read } = opened();
    answer(402, 1, 0.15);
    answer(201, 10, 0.03);
    await collect();
    const { routes } = await read();
    expect(routes.map(({ statusCode, requests }) => [statusCode, requests])).toEqual([
      ['201', 10],
      ['402', 1],
    ]);
    expect(routes[0]?.p50).toBeCloseTo(0.03, 10);
    expect(routes[1]?.p50).toBeCloseTo(0.15, 10);
  });

  it('reads business values from what the shop records itself', async () => {
    const { metrics, inventory, collect, read } = opened();
    metrics.orders.increment(2, { outcome: 'paid' });
    metrics.orderAmount.observe(69);
    inventory.reserve([{ product: 'rope', quantity: 7 }]);
    await collect();
    const figures = await read();
    expect(figures.orders).toEqual({ paid: 2, rejected: 0, failed: 0, euros: 69 });
    expect(figures.stock[1]).toEqual({ product: 'rope', items: 393, capacity: 400 });
  });

  it('adds up errors over methods, the most frequent first', async () => {
    const { collector, collect, read } = opened();
    const name = 'order_service_errors_total';
    class Service {
      @CountErrors({ name, collector, labels: { method: 'a' } })
      a(kind: string) {
        throw { kind };
      }
      @CountErrors({ name, collector, labels: { method: 'b' } })
      b(kind: string) {
        throw { kind };
      }
    }
    const service = new Service();
    for (const call of [
      () => service.a('out_of_stock'),
      () => service.a('query_failed'),
      () => service.b('query_failed'),
    ]) {
      expect(call).toThrow();
    }
    await collect();
    expect((await read()).errors).toEqual([
      { type: 'query_failed', count: 2 },
      { type: 'out_of_stock', count: 1 },
    ]);
  });

  it('knows the process and the pool by the names that instrumentation gives them', async () => {
    const { collector, collect, read } = opened();
    const measuring = instrumentProcess({ collector });
    const pool = { totalCount: 5, idleCount: 1, waitingCount: 3, options: { max: 6 }, connect: async () => ({}) };
    instrumentPool(pool, { name: 'database', collector });
    await collect();
    const figures = await read();
    expect(figures.pool).toEqual({ size: 6, active: 4, waiting: 3 });
    expect(figures.process.residentBytes).toBeGreaterThan(1e7);
    expect(figures.process.cpuRatio).toBe(0);
    while (process.cpuUsage().user === 0) Math.random();
    await collect();
    expect((await read()).process.cpuRatio).toBeGreaterThan(0);
    measuring.remove();
  });
});
