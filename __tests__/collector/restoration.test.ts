// Totals that go on where an earlier process left them.
import { errAsync, ok, okAsync, type Result, ResultAsync } from 'neverthrow';
import { MetricsCollector, type Snapshot } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { never, ScriptedStorage, UNREACHABLE } from '../support/scripted-storage.js';

const START = Date.UTC(2026, 0, 1);

function define(metrics: MetricsCollector) {
  return {
    plain: metrics.counter('plain_total'),
    orders: metrics.counter('orders_total', { labelNames: ['shop'] }),
    open: metrics.counter('open_total'),
    depth: metrics.gauge('depth'),
    latency: metrics.histogram('latency_seconds', { buckets: [1, 2] }),
    sizes: metrics.summary('size_bytes', { quantiles: [0.5] }),
  };
}

/** What a process left behind. */
async function earlier(): Promise<Snapshot> {
  const metrics = new MetricsCollector({ clock: new ManualClock(START), limits: { maxSeriesPerMetric: 2 } });
  const { plain, orders, open, depth, latency, sizes } = define(metrics);
  plain.increment(3);
  orders.increment(5, { shop: 'north' });
  orders.increment(6, { shop: 'south' });
  orders.increment(7, { shop: 'over the limit' });
  open.increment(1, { a: 'x' });
  depth.set(9);
  latency.observe(0.5);
  latency.observe(5);
  sizes.observe(100);
  return metrics.snapshot();
}

function later(answer: ScriptedStorage['restore'], labels: Readonly<Record<string, string>> = {}) {
  const storage = new ScriptedStorage();
  if (answer !== undefined) storage.restore = answer;
  const clock = new ManualClock(START + 3_600_000);
  const told: unknown[] = [];
  const metrics = new MetricsCollector({
    storage,
    clock,
    defaultLabels: labels,
    limits: { maxSeriesPerMetric: 2 },
    onError: (error) => told.push(error),
  });
  const lines = async (format: 'prometheus' | 'openmetrics' = 'prometheus') =>
    (await metrics.expose(format)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { metrics, lines, told };
}

const RESTORED = [
  'plain_total 4',
  'orders_total{shop="north"} 7',
  'orders_total{shop="south"} 6',
  'orders_total{otel_metric_overflow="true"} 7',
  'open_total{a="x"} 1',
  'depth 0',
  'latency_seconds_bucket{le="1"} 1',
  'latency_seconds_bucket{le="2"} 2',
  'latency_seconds_bucket{le="+Inf"} 3',
  'latency_seconds_sum 7',
  'latency_seconds_count 3',
  'size_bytes{quantile="0.5"} NaN',
  'size_bytes_sum 100',
  'size_bytes_count 1',
];

function record({ plain, orders, latency }: ReturnType<typeof define>) {
  plain.increment();
  orders.increment(2, { shop: 'north' });
  latency.observe(1.5);
}

describe('a storage that can restore', () => {
  it('has its totals added to what is defined and recorded before it has answered', async () => {
    const snapshot = await earlier();
    const { metrics, lines } = later(() => okAsync(snapshot));
    record(define(metrics));
    expect(await lines()).toEqual(RESTORED);
  });

  it('has its totals added to what is defined only afterwards, once', async () => {
    const snapshot = await earlier();
    const { metrics, lines } = later(() => okAsync(snapshot));
    await metrics.snapshot();
    record(define(metrics));
    define(metrics);
    expect(await lines()).toEqual(RESTORED);
  });

  it('brings the times at which its series started', async () => {
    const snapshot = await earlier();
    const { metrics, lines } = later(() => okAsync(snapshot));
    define(metrics).orders.increment(1, { shop: 'north' });
    expect(await lines('openmetrics')).toContain(`orders_created{shop="north"} ${START / 1000}`);
  });

  it('keeps what was bound before recording into the same series', async () => {
    const snapshot = await earlier();
    const { metrics } = later(() => okAsync(snapshot));
    const { orders, plain } = define(metrics);
    const north = orders.labels({ shop: 'north' });
    north.increment();
    await metrics.snapshot();
    north.increment();
    plain.increment();
    expect([orders.getValue({ shop: 'north' }), plain.getValue()]).toEqual([7, 4]);
  });

  it('is not asked to bring back what has become another metric', async () => {
    const snapshot = await earlier();
    const { metrics, lines, told } = later(() => okAsync(snapshot));
    metrics.counter('orders_total', { labelNames: ['city'] }).increment(1, { city: 'x' });
    metrics.histogram('latency_seconds', { buckets: [3] });
    metrics.gauge('plain_total');
    expect(await lines()).toEqual([
      'orders_total{city="x"} 1',
      'latency_seconds_bucket{le="3"} 0',
      'latency_seconds_bucket{le="+Inf"} 0',
      'latency_seconds_sum 0',
      'latency_seconds_count 0',
      'plain_total 0',
    ]);
    expect(told).toEqual([]);
  });

  it('does not mind that labels of the whole process changed', async () => {
    const snapshot = await earlier();
    const { metrics, lines } = later(() => okAsync(snapshot), { host: 'b' });
    define(metrics);
    expect(await lines()).toContain('orders_total{shop="north",host="b"} 5');
  });

  it('is told of when it fails, and nothing else is lost', async () => {
    const { metrics, lines, told } = later(() => errAsync(UNREACHABLE));
    record(define(metrics));
    expect(await lines()).toContain('plain_total 1');
    expect(told).toEqual([UNREACHABLE]);
  });

  it('has its totals added to a series that expired while it was asked', async () => {
    const snapshot = await earlier();
    const clock = new ManualClock(START);
    const storage = new ScriptedStorage();
    let answer = (_: Result<Snapshot, never>) => {};
    storage.restore = () => new ResultAsync(new Promise((resolve) => (answer = resolve)));
    const metrics = new MetricsCollector({ storage, clock });
    const orders = metrics.counter('orders_total', { labelNames: ['shop'], expireAfter: 10 });
    orders.increment(1, { shop: 'north' });
    clock.advance(20);
    answer(ok(snapshot));
    await metrics.snapshot();
    expect(orders.getValue({ shop: 'north' })).toBe(5);
  });

  it('is not waited for longer than a write to it would be', async () => {
    const storage = new ScriptedStorage();
    storage.restore = () => never();
    const told: unknown[] = [];
    const metrics = new MetricsCollector({
      storage,
      storageTimeoutSeconds: 0.01,
      onError: (error) => told.push(error),
    });
    metrics.counter('plain_total').increment();
    expect(await metrics.expose()).toContain('plain_total 1');
    expect(told).toEqual([{ kind: 'storage_timed_out', storage: 'scripted', timeoutSeconds: 0.01 }]);
  });

  it('costs only the families that cannot be read, and is told of', async () => {
    const { families, ...snapshot } = await earlier();
    const broken = new Error('broken');
    const unreadable = families.map((family) =>
      family.descriptor.name.startsWith('o') ? { ...family, blocks: () => raise(broken) } : family,
    );
    const { metrics, lines, told } = later(() => okAsync({ ...snapshot, families: unreadable }));
    const orders = metrics.counter('orders_total', { labelNames: ['shop'] });
    await metrics.snapshot();
    define(metrics);
    orders.increment(1, { shop: 'north' });
    expect(await lines()).toEqual(expect.arrayContaining(['plain_total 3', 'orders_total{shop="north"} 1']));
    expect(told).toEqual([{ kind: 'storage_failed', storage: 'scripted', cause: broken }]);
  });

  it.each([NaN, Number.POSITIVE_INFINITY, -1])('adds no total that cannot have been recorded (%d)', async (total) => {
    const { families, ...snapshot } = await earlier();
    const odd = families.map((family) => ({
      descriptor: family.descriptor,
      observedNegative: false,
      blocks: () => [...family.blocks()].map((block) => ({ ...block, values: block.values.map(() => total) })),
    }));
    const { metrics, lines } = later(() => okAsync({ ...snapshot, families: odd }));
    define(metrics);
    expect(await lines()).toEqual(
      expect.arrayContaining(['plain_total 0', 'latency_seconds_count 0', 'size_bytes_count 0', 'size_bytes_sum 0']),
    );
  });
});

function raise(error: Error): never {
  throw error;
}
