// Defects found in other libraries, each held here as a test, so that they are not made a second time. The title names
// where the defect was seen.
import { setUp } from '../instruments/setup.js';

describe('prom-client 15.1.3', () => {
  it('let label sets with separators in their values share a series (hashObject joins with "," and ":")', async () => {
    const { metrics, lines } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['a', 'b'] });
    counter.increment(1, { a: '1,b:2', b: '3' });
    counter.increment(1, { a: '1', b: '2,b:3' });
    expect(await lines()).toEqual(['c_total{a="1,b:2",b="3"} 1', 'c_total{a="1",b="2,b:3"} 1']);
  });

  it('took NaN into a counter, which stayed NaN, printed as "Nan" (Counter.inc)', async () => {
    const { metrics, lines } = setUp();
    const counter = metrics.counter('c_total');
    counter.increment(Number.NaN);
    counter.increment(1);
    metrics.gauge('g').set(Number.NaN);
    expect(await lines()).toEqual(['c_total 1', 'g NaN']);
  });

  it('let observations outlive the window of a summary, and answered 0 for an empty one (timeWindowQuantiles)', () => {
    const { metrics, clock } = setUp();
    const summary = metrics.summary('s', { maxAge: 10 });
    for (let i = 0; i < 100; i++) summary.observe(1000);
    clock.advance(9);
    for (let i = 0; i < 100; i++) summary.observe(1);
    clock.advance(4);
    expect(summary.getQuantile(0.99)).toBe(1);
    clock.advance(10);
    expect(summary.getQuantile(0.99)).toBeNaN();
  });

  it('let an array as a label value escape the escaping and make up a series (Registry.getLabelValue)', async () => {
    const { metrics, lines, dropped } = setUp();
    const counter = metrics.counter('c_total', { labelNames: ['q'] });
    counter.increment(1, { q: ['"} 1\nfake_total 99 #'] as never });
    counter.increment(1, { q: '"} 1\nfake_total 99 #' });
    expect(await lines()).toEqual(['c_total{q="\\"} 1\\nfake_total 99 #"} 1']);
    expect(dropped('invalid_label_value')).toBe(1);
  });

  it('took buckets in any order, so that they were not cumulative (Histogram constructor)', () => {
    const { metrics } = setUp();
    expect(() => metrics.histogram('h', { buckets: [5, 1, 10, 1] })).toThrow(/ascending/);
  });

  it('removed the only series of an unlabelled histogram on reset (Histogram.reset)', async () => {
    const { metrics, lines } = setUp();
    const histogram = metrics.histogram('h', { buckets: [] });
    histogram.observe(1);
    histogram.clear();
    expect(await lines()).toEqual(['h_bucket{le="+Inf"} 0', 'h_sum 0', 'h_count 0']);
  });

  it('renamed a counter for good once OpenMetrics was asked for (Registry.metrics)', async () => {
    const { metrics, lines } = setUp();
    metrics.counter('jobs').increment();
    const before = await metrics.expose();
    expect((await lines('openmetrics'))[0]).toBe('jobs_total 1');
    expect(await metrics.expose()).toBe(before);
  });

  it('let one hanging or failing collect take the whole scrape with it (Registry.metrics)', async () => {
    const { metrics, lines } = setUp({ collectTimeoutSeconds: 0.02 });
    metrics.gauge('hangs', { collect: () => new Promise<number>(() => {}) });
    metrics.gauge('fails', { collect: () => Promise.reject(new Error('no')) });
    metrics.counter('fine_total').increment();
    expect(await lines()).toEqual(['fine_total 1']);
  });
});

describe('OpenTelemetry JS', () => {
  it('printed HELP and TYPE twice for one name from two meters (exporter-prometheus)', async () => {
    const { metrics } = setUp();
    metrics.counter('jobs_total', { description: 'one', labels: { scope: 'a' } });
    metrics.counter('jobs_total', { description: 'two', labels: { scope: 'b' } });
    const text = await metrics.expose();
    expect(text.match(/# TYPE jobs_total counter/g)).toHaveLength(1);
    expect(text.match(/# HELP jobs_total/g)).toHaveLength(1);
  });

  it('let names collide after sanitising (exporter-prometheus: a.b and a/b)', () => {
    const { metrics } = setUp();
    expect(() => metrics.counter('a.b')).toThrow(/no valid metric name/);
    expect(() => metrics.counter('a/b')).toThrow(/no valid metric name/);
  });

  it('gave a histogram in seconds the buckets of milliseconds (sdk-metrics default aggregation)', async () => {
    const { metrics } = setUp();
    metrics.histogram('wait_seconds', { unit: 'seconds' }).observe(0.02);
    expect(await metrics.expose()).toContain('wait_seconds_bucket{le="0.025"} 1\n');
  });
});

describe('metrics-rs', () => {
  it('dropped a leading digit while sanitising a name (metrics-exporter-prometheus)', () => {
    const { metrics } = setUp();
    expect(() => metrics.counter('1xx_total')).toThrow(/does not start with a digit/);
  });

  it('never pushed at the end (push gateway loop)', async () => {
    const { metrics } = setUp();
    const collecting = metrics.startCollecting({ intervalSeconds: 3600 });
    metrics.counter('jobs_total').increment();
    expect((await collecting.stop())._unsafeUnwrap()).toBeGreaterThan(0);
  });
});
