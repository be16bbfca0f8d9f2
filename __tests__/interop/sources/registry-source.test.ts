// Registries of prom-client itself, attached: everything they show is in the collector's exposition as they show it, and what
// is wrong in theirs is right in ours.
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { setUp } from '../../instruments/setup.js';
import { checkMetrics } from '../../support/promtool.js';

function registryWithAll(): Registry {
  const registers = [new Registry()];
  const requests = new Counter({
    name: 'requests_total',
    help: 'Requests "served"\nso far',
    labelNames: ['method', 'status'],
    registers,
  });
  requests.inc({ method: 'GET', status: 200 }, 3);
  requests.inc({ method: 'PO\\ST', status: 500 });
  requests.inc({ method: 'GET' });
  new Gauge({ name: 'depth', help: 'Depth', registers }).set(-1.5);
  const latency = new Histogram({
    name: 'latency_seconds',
    help: 'Latency',
    labelNames: ['route'],
    buckets: [0.1, 0.5, 1],
    registers,
  });
  for (const seconds of [0.05, 0.3, 0.3, 7]) latency.observe({ route: '/' }, seconds);
  latency.observe({ route: '/a' }, 0.7);
  const size = new Summary({ name: 'size_bytes', help: 'Size', percentiles: [0.5, 0.9], registers });
  for (const bytes of [1, 2, 3]) size.observe(bytes);
  return registers[0] as Registry;
}

/** Lines, and the labels in them, in an order that does not depend on who wrote them. */
const sorted = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').toSorted().join()}}`))
    .toSorted();

const withoutOwn = (text: string) => sorted(text).filter((line) => !/^(# (HELP|TYPE) )?telltale_/.test(line));

describe('a registry of prom-client', () => {
  it('is shown line by line as it shows itself', async () => {
    const registry = registryWithAll();
    const { metrics } = setUp();
    metrics.attach(registry);
    const text = await metrics.expose();
    expect(withoutOwn(text)).toEqual(sorted(await registry.metrics()));
    expect(text).toContain('latency_seconds_bucket{route="/",le="0.5"} 3\n');
    expect(await checkMetrics(text)).toMatchObject({ exitCode: 0 });
  });

  it('is shown with the first of two series that have the same labels', async () => {
    const both = (type: string, name: string, ...pairs: (readonly [number, object, string?])[]) => ({
      name,
      help: 'help',
      type,
      values: [...pairs, ...pairs.map(([value, ...rest]) => [10 * value, ...rest] as const)].map(
        ([value, labels, metricName]) => ({ value, labels, metricName }),
      ),
    });
    const answer = [
      both('gauge', 'g', [1, { a: 'x' }]),
      both(
        'histogram',
        'h',
        [1, { le: 1 }, 'h_bucket'],
        [2, { le: '+Inf' }, 'h_bucket'],
        [5, {}, 'h_sum'],
        [2, {}, 'h_count'],
      ),
      both('summary', 's', [1, { quantile: 0.5 }], [3, {}, 's_sum'], [2, {}, 's_count']),
      {
        name: 'once',
        help: 'help',
        type: 'gauge',
        values: [
          { value: 4, labels: { a: 'x' } },
          { value: 5, labels: { b: 'x' } },
        ],
      },
    ];
    const { metrics, lines, told } = setUp();
    metrics.attach({ getMetricsAsJSON: () => answer }, { name: 'registry' });
    expect(await lines()).toEqual([
      'g{a="x"} 1',
      'h_bucket{le="1"} 1',
      'h_bucket{le="+Inf"} 2',
      'h_sum 5',
      'h_count 2',
      's{quantile="0.5"} 1',
      's_sum 3',
      's_count 2',
      'once{a="x"} 4',
      'once{b="x"} 5',
    ]);
    expect(told).toEqual([
      {
        kind: 'source_failed',
        source: 'registry',
        cause: new Error('g has a series twice: only the first one is shown'),
      },
    ]);
    const errors = metrics.counter('telltale_source_errors_total', { labelNames: ['source'] });
    expect(errors.getValue({ source: 'registry' })).toBe(3);
  });

  it('is shown with its default labels', async () => {
    const registry = registryWithAll();
    registry.setDefaultLabels({ service: 'shop', method: 'none' });
    const { metrics } = setUp();
    metrics.attach(registry);
    expect(withoutOwn(await metrics.expose())).toContain('requests_total{method="GET",service="shop"} 1');
    expect(withoutOwn(await metrics.expose())).toEqual(sorted(await registry.metrics()));
  });

  it('brings exemplars along', async () => {
    const registry = new Registry();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const common = { help: 'x', registers: [registry], enableExemplars: true };
    new Counter({ ...common, name: 'jobs_total', labelNames: ['queue'] }).inc({
      labels: { queue: 'mail' },
      exemplarLabels: { trace_id: 'a' },
    } as never);
    new Histogram({ ...common, name: 'job_seconds', buckets: [1, 2] }).observe({
      labels: {},
      value: 1.5,
      exemplarLabels: { trace_id: 'b' },
    } as never);
    const { metrics } = setUp();
    metrics.attach(registry);
    const text = await metrics.expose('openmetrics');
    expect(text).toMatch(/^jobs_total\{queue="mail"\} 1 # \{trace_id="a"\} 1 \d+\.\d+$/m);
    expect(text).toMatch(/^job_seconds_bucket\{le="2.0"\} 1 # \{trace_id="b"\} 1.5 \d+\.\d+$/m);
  });

  it('shows a label that is an array as one text, which prom-client lets break out of its quotes', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'searches_total', help: 'x', labelNames: ['q'], registers: [registry] });
    const given = ['a"} 1\nforged_total{x="'];
    counter.inc({ q: given as never });
    expect(await registry.metrics()).toContain('\nforged_total');
    const { metrics, lines } = setUp();
    metrics.attach(registry);
    expect(await lines()).toEqual(['searches_total{q="a\\"} 1\\nforged_total{x=\\""} 1']);
  });

  it('shows an empty label and a missing one as the one series that they are', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'g', help: 'x', labelNames: ['a'], registers: [registry] });
    gauge.set({ a: '' }, 1);
    gauge.set(2);
    expect((await registry.metrics()).match(/^g/gm)).toHaveLength(2);
    const { metrics, lines } = setUp();
    metrics.attach(registry);
    expect(await lines()).toHaveLength(1);
  });

  it('shows buckets that were given in disorder in theirs', async () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'h', help: 'x', buckets: [5, 1, 10], registers: [registry] });
    for (const value of [0.5, 3, 7]) histogram.observe(value);
    const { metrics } = setUp();
    metrics.attach(registry);
    const text = await metrics.expose();
    expect(text.match(/h_bucket.*/g)?.map((line) => line.replace(/ \d+$/, ''))).toEqual([
      'h_bucket{le="1"}',
      'h_bucket{le="5"}',
      'h_bucket{le="10"}',
      'h_bucket{le="+Inf"}',
    ]);
    expect(await checkMetrics(text)).toMatchObject({ output: expect.not.stringContaining('error') });
  });

  it('is shown with its default metrics, and when it gathers others', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const json = await registry.getMetricsAsJSON();
    const { metrics } = setUp();
    metrics.attach(AggregatorRegistry.aggregate([json, json]));
    const names = (await metrics.snapshot()).families.map(({ descriptor }) => descriptor.name);
    expect(names).toEqual(
      expect.arrayContaining(
        json.filter((metric) => metric.values.length > 0 && metric.aggregator !== 'omit').map(({ name }) => name),
      ),
    );
  });

  it('costs itself when one of its collect functions throws', async () => {
    const registry = new Registry();
    new Gauge({ name: 'g', help: 'x', registers: [registry], collect: () => Promise.reject(new Error('down')) });
    const { metrics, lines, told } = setUp();
    metrics.gauge('own').set(1);
    metrics.attach(registry);
    expect(await lines()).toEqual(['own 1']);
    expect(told).toEqual([{ kind: 'source_failed', source: 'registry', cause: new Error('down') }]);
  });
});

describe('whatever has the shape of a registry', () => {
  /** As `@prometheus-io/client` 0.16 answers: values carry their labels, and bounds are numbers but for the last. */
  const shaped = (metrics: unknown) => ({ contentType: 'text/plain', getMetricsAsJSON: async () => metrics });

  it('is shown alike', async () => {
    const { metrics, lines } = setUp();
    metrics.attach(
      shaped([
        {
          name: 'jobs_total',
          help: 'Jobs',
          type: 'counter',
          values: [{ value: 2, labels: { queue: 'mail' } }],
          aggregator: 'sum',
        },
        {
          name: 'job_seconds',
          help: 'Time',
          type: 'histogram',
          values: [
            { labels: { le: 1, queue: 'mail' }, value: 1, metricName: 'job_seconds_bucket', exemplar: null },
            { labels: { le: '+Inf', queue: 'mail' }, value: 2, metricName: 'job_seconds_bucket' },
            { labels: { queue: 'mail' }, value: 3.5, metricName: 'job_seconds_sum' },
            { labels: { queue: 'mail' }, value: 2, metricName: 'job_seconds_count' },
          ],
        },
      ]),
    );
    expect(await lines()).toEqual([
      'jobs_total{queue="mail"} 2',
      'job_seconds_bucket{queue="mail",le="1"} 1',
      'job_seconds_bucket{queue="mail",le="+Inf"} 2',
      'job_seconds_sum{queue="mail"} 3.5',
      'job_seconds_count{queue="mail"} 2',
    ]);
  });

  it.each([
    ['a name that none is', { name: 'bad\0name', type: 'gauge', values: [{ value: 1 }] }],
    ['no name', { type: 'gauge', values: [{ value: 1 }] }],
    ['a value that is a text', { name: 'bad', type: 'gauge', values: [{ value: '1' }] }],
    ['a bound that is no number', { name: 'bad', type: 'histogram', values: [{ value: 1, labels: { le: 'x' } }] }],
    ['a label without a name', { name: 'bad', type: 'gauge', values: [{ value: 1, labels: { '': 'x' } }] }],
  ])('goes without a metric that has %s', async (_, bad) => {
    const { metrics, lines, told } = setUp();
    metrics.attach(shaped([bad, { name: 'good', type: 'gauge', values: [{ value: 1 }] }]), { name: 'odd' });
    expect(await lines()).toEqual(['good 1']);
    expect(told).toEqual([expect.objectContaining({ kind: 'source_failed', source: 'odd' })]);
  });
});
