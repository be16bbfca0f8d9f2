// The matchers for users' tests: what passes, and what a failure says.
import { metricsMatchers, newTestCollector } from 'telltale/testing';

expect.extend(metricsMatchers);

function setUp() {
  const { metrics, clock } = newTestCollector();
  const orders = metrics.counter('orders_total', { description: 'Orders', labelNames: ['shop', 'outcome'] });
  orders.increment(2, { shop: 'north', outcome: 'paid' });
  orders.increment(3, { shop: 'south', outcome: 'paid' });
  orders.increment(0, { shop: 'south', outcome: 'rejected' });
  const latency = metrics.histogram('latency_seconds', { buckets: [1], labelNames: ['code'] });
  latency.observe(0.5, { code: 200 });
  return { metrics, clock };
}

async function failureOf(assertion: Promise<unknown>): Promise<string> {
  return assertion.then(
    () => 'it passed',
    (error: Error) => error.message,
  );
}

describe('toHaveRecorded', () => {
  it('passes for what was recorded, with some or all labels, and with its value', async () => {
    const { metrics } = setUp();
    await expect(metrics).toHaveRecorded('orders_total');
    await expect(metrics).toHaveRecorded('orders_total', { shop: 'north' });
    await expect(metrics).toHaveRecorded('orders_total', { outcome: 'paid' }, 5);
    await expect(metrics).toHaveRecorded('orders_total', { outcome: 'rejected' }, 0);
    await expect(metrics).toHaveRecorded('latency_seconds', { code: 200 }, 1);
    await expect(metrics).toHaveRecorded('latency_seconds_sum', {}, 0.5);
    await expect(metrics).not.toHaveRecorded('orders_total', { outcome: 'rejected' });
    await expect(metrics).not.toHaveRecorded('orders_total', { outcome: 'paid' }, 4);
    await expect(metrics).not.toHaveRecorded('refunds_total');
  });

  it('takes the count of a summary, unless it is asked for a quantile or another part', async () => {
    const { metrics } = setUp();
    metrics.summary('size_bytes', { quantiles: [0.5, 0.9] }).observe(100);
    metrics.summary('unused_bytes', { quantiles: [0.5] });
    await expect(metrics).toHaveRecorded('size_bytes', {}, 1);
    await expect(metrics).toHaveRecorded('size_bytes', { quantile: 0.9 }, 100);
    await expect(metrics).toHaveRecorded('size_bytes_sum', {}, 100);
    await expect(metrics).toHaveRecorded('size_bytes_count', {}, 1);
    await expect(metrics).not.toHaveRecorded('unused_bytes');
  });

  it('says what there is where it fails', async () => {
    const { metrics } = setUp();
    expect(await failureOf(expect(metrics).toHaveRecorded('orders_total', { shop: 'west' }, 1))).toBe(
      [
        'Expected that orders_total{shop="west"} 1 was recorded. There is:',
        '  orders_total{shop="north",outcome="paid"} 2',
        '  orders_total{shop="south",outcome="paid"} 3',
        '  orders_total{shop="south",outcome="rejected"} 0',
      ].join('\n'),
    );
    expect(await failureOf(expect(metrics).toHaveRecorded('order_total'))).toContain(
      'Nothing is there under this name. There are:\n  orders_total\n  latency_seconds_bucket',
    );
    expect(await failureOf(expect(metrics).not.toHaveRecorded('orders_total', { shop: 'north' }))).toContain(
      'was not recorded, but it was:\n  orders_total{shop="north",outcome="paid"} 2',
    );
  });
});

describe('toExposeText', () => {
  const text = `
# HELP jobs_total Jobs
# TYPE jobs_total counter
jobs_total 1
`;

  it('passes for the same text, and leaves out what the collector says of itself', async () => {
    const { metrics } = newTestCollector({ strict: false });
    metrics.counter('jobs_total', { description: 'Jobs' }).increment();
    metrics.counter('jobs_total').increment(Number.NaN);
    await expect(metrics).toExposeText(text);
    metrics.counter('jobs_total').increment();
    await expect(metrics).not.toExposeText(text);
    expect(await failureOf(expect(metrics).toExposeText(text))).toContain('Exposed is:\n# HELP jobs_total Jobs');
  });
});

describe('newTestCollector', () => {
  it('throws what production counts, and has a clock that stands still', () => {
    const { metrics, clock } = newTestCollector();
    expect(() => metrics.counter('jobs_total').increment(-1)).toThrow(
      expect.objectContaining({ kind: 'invalid_value' }),
    );
    const stop = metrics.histogram('job_seconds').startTimer();
    clock.advance(5);
    expect(stop()).toBe(5);
  });
});
