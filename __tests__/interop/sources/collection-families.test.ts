// What the SDK of OpenTelemetry itself collects, attached: its instruments, views, scopes and resource in the exposition.
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  type IMetricReader,
  MeterProvider,
  type MeterProviderOptions,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import { setUp } from '../../instruments/setup.js';
import { checkMetrics } from '../../support/promtool.js';

/** The least that a reader has to be. */
class PulledReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

const resource = resourceFromAttributes({ 'service.name': 'shop' });

function setUpProvider(options: Omit<MeterProviderOptions, 'readers'> = {}, reader: MetricReader = new PulledReader()) {
  const provider = new MeterProvider({ resource, ...options, readers: [reader as IMetricReader] });
  const collector = setUp();
  const attachment = collector.metrics.attach(reader, { name: 'opentelemetry' });
  return { ...collector, provider, attachment };
}

describe('a metric reader of OpenTelemetry', () => {
  it('is shown with the names, units and scopes of Prometheus', async () => {
    const { provider, metrics } = setUpProvider();
    const meter = provider.getMeter('orders', '1.0');
    meter.createCounter('orders.placed', { description: 'Orders', unit: '{order}' }).add(3, { 'shop.name': 'north' });
    meter.createUpDownCounter('orders.open').add(-2);
    meter.createGauge('disk.usage', { unit: 'By' }).record(7);
    meter
      .createHistogram('order.duration', { unit: 's', advice: { explicitBucketBoundaries: [1, 2] } })
      .record(1.5, { le: 'x' });
    const text = (await metrics.expose()).replace(/^(# (HELP|TYPE) )?telltale_.*\n/gm, '');
    expect(text).toBe(`# HELP target_info What these metrics are about.
# TYPE target_info gauge
target_info{service_name="shop"} 1
# HELP orders_placed_total Orders
# TYPE orders_placed_total counter
orders_placed_total{otel_scope_name="orders",otel_scope_version="1.0",shop_name="north"} 3
# TYPE orders_open gauge
orders_open{otel_scope_name="orders",otel_scope_version="1.0"} -2
# TYPE disk_usage_bytes gauge
disk_usage_bytes{otel_scope_name="orders",otel_scope_version="1.0"} 7
# TYPE order_duration_seconds histogram
order_duration_seconds_bucket{otel_scope_name="orders",otel_scope_version="1.0",exported_le="x",le="1"} 0
order_duration_seconds_bucket{otel_scope_name="orders",otel_scope_version="1.0",exported_le="x",le="2"} 1
order_duration_seconds_bucket{otel_scope_name="orders",otel_scope_version="1.0",exported_le="x",le="+Inf"} 1
order_duration_seconds_sum{otel_scope_name="orders",otel_scope_version="1.0",exported_le="x"} 1.5
order_duration_seconds_count{otel_scope_name="orders",otel_scope_version="1.0",exported_le="x"} 1
`);
    expect(await checkMetrics(text)).toMatchObject({ output: expect.not.stringContaining('error') });
    expect(await metrics.expose('openmetrics')).toMatch(/^orders_placed_created\{.*\} \d{10}/m);
  });

  it('is one family where several meters have the metric, also with other buckets, unlike in the exporter of the SDK', async () => {
    const { provider, metrics } = setUpProvider();
    for (const [name, bounds] of [
      ['a', [1]],
      ['b', [2, 3]],
      ['c', [1]],
    ] as const) {
      const meter = provider.getMeter(name);
      meter.createCounter('jobs').add(1);
      meter.createHistogram('job.size', { advice: { explicitBucketBoundaries: [...bounds] } }).record(2);
    }
    const text = await metrics.expose();
    expect(text.match(/^# TYPE jobs_total /gm)).toHaveLength(1);
    expect(text.match(/^jobs_total\{.*/gm)).toEqual(
      ['a', 'b', 'c'].map((name) => `jobs_total{otel_scope_name="${name}"} 1`),
    );
    expect(text.match(/^# TYPE job_size /gm)).toHaveLength(1);
    expect(text.match(/^job_size_count.*/gm)).toHaveLength(3);
  });

  it('gives a metric the next name where another one has its own after translation', async () => {
    const { provider, lines } = setUpProvider({ resource: resourceFromAttributes({}) });
    const meter = provider.getMeter('');
    meter.createGauge('queue.depth').record(1);
    meter.createGauge('queue/depth').record(2);
    const shown = (await lines()).filter((line) => line.includes('depth'));
    expect(new Set(shown.map((line) => line.split(/[ {]/)[0])).size).toBe(2);
    expect(shown.map((line) => line.split(' ').at(-1))).toEqual(['1', '2']);
  });

  it('shows exponential histograms as native ones', async () => {
    const { provider, metrics } = setUpProvider({
      views: [{ instrumentName: '*', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const histogram = provider.getMeter('m').createHistogram('size');
    for (const value of [0, 1, 1.5, 4, 4]) histogram.record(value);
    histogram.record(3, { other: true });
    const family = (await metrics.snapshot()).families.find(({ descriptor }) => descriptor.name === 'size');
    const blocks = [...(family?.blocks() ?? [])];
    const native = nativeHistogramAt(blocks[0] as never, 0);
    expect(native).toMatchObject({ count: 5, sum: 10.5, zeroCount: 1, zeroThreshold: 0 });
    expect([...(native?.positive.counts ?? [])]).toEqual([1, 1, 2]);
    const { schema = 0, positive } = native ?? {};
    // 1 and 4 are the upper bounds of their buckets.
    expect([positive?.indexes[0], positive?.indexes[2]]).toEqual([0, 2 * 2 ** schema]);
    expect(await metrics.expose()).toContain('size_count{otel_scope_name="m"} 5\n');
  });

  it('is shown where it is the Prometheus exporter of the SDK, without a server of its own', async () => {
    const { provider, lines } = setUpProvider({}, new PrometheusExporter({ preventServerStart: true }) as never);
    provider.getMeter('m').createCounter('jobs').add(2);
    expect(await lines()).toContain('jobs_total{otel_scope_name="m"} 2');
  });

  it('goes without what a callback failed to observe, and counts it', async () => {
    const { provider, metrics, lines, told } = setUpProvider();
    const meter = provider.getMeter('m');
    meter.createCounter('jobs').add(2);
    meter.createObservableGauge('bad').addCallback(() => Promise.reject(new Error('down')));
    expect(await lines()).toContain('jobs_total{otel_scope_name="m"} 2');
    expect(told).toEqual([{ kind: 'source_failed', source: 'opentelemetry', cause: new Error('down') }]);
    const errors = metrics.counter('telltale_source_errors_total', { labelNames: ['source'] });
    expect(errors.getValue({ source: 'opentelemetry' })).toBe(1);
  });

  it('goes without totals that start anew with each reading, and says what to do', async () => {
    const reader = new PulledReader({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
    const { provider, lines, told } = setUpProvider({ resource: resourceFromAttributes({}) }, reader);
    const meter = provider.getMeter('');
    meter.createCounter('jobs').add(2);
    meter.createGauge('depth').record(1);
    expect(await lines()).toEqual(['depth 1']);
    expect(told.map((error) => 'cause' in error && String(error.cause))).toEqual([
      expect.stringContaining('give its reader the cumulative temporality'),
    ]);
  });

  it('is shown with the first of two points that have the same attributes', async () => {
    const point = (value: number) => ({ startTime: [0, 0], attributes: { queue: 'mail' }, value });
    const scope = { name: '' };
    const descriptor = { name: 'depth', description: '', unit: '' };
    const metric = { descriptor, aggregationTemporality: 1, dataPointType: 2, dataPoints: [point(1), point(2)] };
    const resourceMetrics = { scopeMetrics: [{ scope, metrics: [metric] }] };
    const { metrics, lines, told } = setUp();
    metrics.attach({ collect: async () => ({ resourceMetrics, errors: [] }) });
    expect(await lines()).toEqual(['depth{queue="mail"} 1']);
    expect(told.map((error) => 'cause' in error && String(error.cause))).toEqual([
      expect.stringContaining('only the first of them is shown'),
    ]);
  });

  it('fails alone where no provider has it', async () => {
    const { metrics, lines, told } = setUp();
    metrics.gauge('own').set(1);
    metrics.attach(new PulledReader());
    expect(await lines()).toEqual(['own 1']);
    expect(told).toEqual([expect.objectContaining({ kind: 'source_failed', source: 'source' })]);
  });
});
