// What OpenTelemetry's own exporter sends of a collector, decoded by the messages of OTLP: totals and changes, buckets of all
// kinds, types of attributes, times and the resource.
import { ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  type DataPoint,
  type ExponentialHistogram,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { MetricsCollector } from 'telltale';
import { metricProducer, TelltaleMeterProvider } from 'telltale/opentelemetry';
import { ManualClock } from 'telltale/testing';
import { OtlpEndpoint, pointsOf, type Received, type ReceivedMetric, type ReceivedPoint } from './otlp-endpoint.js';
import { RealExporter } from './real-exporter.js';

let endpoint: OtlpEndpoint;
let url = '';
beforeEach(async () => {
  endpoint = new OtlpEndpoint();
  url = await endpoint.start();
});
afterEach(() => endpoint.stop());

const sending = (temporality?: AggregationTemporality) =>
  new PeriodicExportingMetricReader({ exporter: new RealExporter(url, temporality), exportIntervalMillis: 3_600_000 });

const metricsIn = (received: Received | undefined, scope: string): Readonly<Record<string, ReceivedMetric>> =>
  Object.fromEntries(
    (received?.scopes ?? [])
      .filter(({ name }) => name === scope)
      .flatMap(({ metrics }) => metrics.map((one) => [one.name, one])),
  );

/** In seconds since the epoch. */
function timesOf(metric: ReceivedMetric | undefined): readonly (readonly [number, number])[] {
  const data = metric?.[metric.data] as { readonly dataPoints: readonly ReceivedPoint[] } | undefined;
  return (data?.dataPoints ?? []).map(({ startTimeUnixNano, timeUnixNano }) => [
    Number(startTimeUnixNano) / 1e9,
    Number(timeUnixNano) / 1e9,
  ]);
}

describe('what instruments of OpenTelemetry record', () => {
  it('is sent under its own names, with types, units and the resource', async () => {
    const collector = new MetricsCollector();
    const resource = { attributes: { 'service.name': 'shop', 'process.pid': 7 } };
    const provider = new TelltaleMeterProvider({ collector, resource, readers: [sending()] });
    const meter = provider.getMeter('shop.web', '1.2.0');
    const attributes = { 'http.route': '/', 'http.response.status_code': 200, retried: false };
    meter
      .createCounter('http.requests', { unit: '{request}', description: 'Requests', valueType: ValueType.INT })
      .add(2, attributes);
    meter.createUpDownCounter('connections').add(-1.5);
    meter.createGauge('disk.use', { unit: '1' }).record(0.25);
    meter.createHistogram('http.duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } }).record(0.5);
    await provider.forceFlush();
    await provider.shutdown();

    const [received] = endpoint.received;
    expect(received?.resource).toEqual({ 'service.name': 'shop', 'process.pid': 7 });
    expect(received?.scopes.find(({ name }) => name === 'shop.web')?.version).toBe('1.2.0');
    const metrics = metricsIn(received, 'shop.web');
    expect(Object.keys(metrics).sort()).toEqual(['connections', 'disk.use', 'http.duration', 'http.requests']);
    const requests = metrics['http.requests'] as ReceivedMetric;
    expect(requests).toMatchObject({
      unit: '{request}',
      description: 'Requests',
      sum: { isMonotonic: true, aggregationTemporality: 2 },
    });
    expect(pointsOf(requests)).toEqual([{ attributes, asInt: 2 }]);
    expect(metrics.connections).toMatchObject({ sum: { aggregationTemporality: 2 } });
    expect(metrics.connections?.sum).not.toHaveProperty('isMonotonic');
    expect(pointsOf(metrics.connections as ReceivedMetric)).toEqual([{ attributes: {}, asDouble: -1.5 }]);
    expect(metrics['disk.use']).toMatchObject({ data: 'gauge', unit: '1' });
    expect(pointsOf(metrics['disk.use'] as ReceivedMetric)).toEqual([{ attributes: {}, asDouble: 0.25 }]);
    expect(pointsOf(metrics['http.duration'] as ReceivedMetric)).toEqual([
      { attributes: {}, count: 1, sum: 0.5, min: 0.5, max: 0.5, bucketCounts: [0, 1, 0], explicitBounds: [0.1, 1] },
    ]);
  });
});

describe('temporality', () => {
  it('of changes tells each reading what was added since the last one', async () => {
    const clock = new ManualClock();
    const startSeconds = clock.now() / 1000;
    const collector = new MetricsCollector({ clock });
    const views = [{ instrumentName: 'spread', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM as const } }];
    const provider = new TelltaleMeterProvider({ collector, views, readers: [sending(AggregationTemporality.DELTA)] });
    const meter = provider.getMeter('m');
    const counter = meter.createCounter('hits');
    const sizes = meter.createHistogram('sizes', { advice: { explicitBucketBoundaries: [10] } });
    const spread = meter.createHistogram('spread');
    const record = (value: number) => {
      counter.add(value, { a: 1 });
      sizes.record(value);
      spread.record(value);
    };
    record(1);
    record(2);
    clock.advance(10);
    await provider.forceFlush();
    record(40);
    counter.add(5, { a: 2 });
    clock.advance(10);
    await provider.forceFlush();
    clock.advance(10);
    await provider.forceFlush();
    await provider.shutdown();

    // The third time nothing was added, and a reader sends nothing of nothing.
    expect(endpoint.received).toHaveLength(2);
    const [first, second] = endpoint.received.map((received) => metricsIn(received, 'm'));
    expect(first?.hits).toMatchObject({ sum: { aggregationTemporality: 1 } });
    expect(pointsOf(first?.hits as ReceivedMetric)).toEqual([{ attributes: { a: 1 }, asDouble: 3 }]);
    expect(timesOf(first?.hits)).toEqual([[startSeconds, startSeconds + 10]]);
    expect(pointsOf(second?.hits as ReceivedMetric)).toEqual([
      { attributes: { a: 1 }, asDouble: 40 },
      { attributes: { a: 2 }, asDouble: 5 },
    ]);
    expect(timesOf(second?.hits)).toEqual([
      [startSeconds + 10, startSeconds + 20],
      [startSeconds + 10, startSeconds + 20],
    ]);
    expect(pointsOf(first?.sizes as ReceivedMetric)).toMatchObject([{ count: 2, sum: 3, bucketCounts: [2, 0] }]);
    expect(pointsOf(second?.sizes as ReceivedMetric)).toMatchObject([{ count: 1, sum: 40, bucketCounts: [0, 1] }]);
    expect(pointsOf(second?.spread as ReceivedMetric)).toMatchObject([
      { count: 1, sum: 40, positive: { bucketCounts: [1] } },
    ]);
  });

  it('of changes starts anew with a series that does', async () => {
    const clock = new ManualClock();
    const collector = new MetricsCollector({ clock });
    const producer = metricProducer(collector, { temporality: 'delta' });
    const jobs = collector.counter('jobs_total', { labelNames: [] });
    const valuesNow = async () => {
      const { resourceMetrics } = await producer.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
      return metrics.find(({ descriptor }) => descriptor.name === 'jobs_total')?.dataPoints.map(({ value }) => value);
    };
    jobs.increment(5);
    expect(await valuesNow()).toEqual([5]);
    clock.advance(1);
    jobs.clear();
    jobs.increment(7);
    expect(await valuesNow()).toEqual([7]);
  });
});

describe('readings at the same time', () => {
  it('are one after the other, so that each tells its own interval', async () => {
    const clock = new ManualClock();
    const startSeconds = Math.floor(clock.now() / 1000);
    const collector = new MetricsCollector({ clock, limits: { maxSeriesPerMetric: 1e6 } });
    const producer = metricProducer(collector, { temporality: 'delta' });
    const jobs = collector.counter('jobs_total', { labelNames: ['id'] });
    // So many that a reading gives up the thread in between.
    for (let id = 0; id < 30_000; id++) jobs.increment(1, { id });
    clock.advance(10);
    const readNow = async () => {
      const { resourceMetrics } = await producer.collect();
      const points = resourceMetrics.scopeMetrics.flatMap(
        ({ metrics }) => (metrics[0]?.dataPoints ?? []) as readonly DataPoint<number>[],
      );
      const sum = points.reduce((total, { value }) => total + value, 0);
      return { sum, starts: [...new Set(points.map(({ startTime }) => startTime[0] - startSeconds))] };
    };
    expect(await Promise.all([readNow(), readNow()])).toEqual([
      { sum: 30_000, starts: [0] },
      { sum: 0, starts: [] },
    ]);
    jobs.increment(5, { id: 7 });
    clock.advance(10);
    expect(await readNow()).toEqual({ sum: 5, starts: [10] });
  });
});

describe('native histograms', () => {
  it('arrive as exponential ones, whose buckets hold what was observed', async () => {
    const collector = new MetricsCollector();
    const latency = collector.histogram('latency_seconds', { native: { growthFactor: 1.1 }, unit: 'seconds' });
    const values = [0, 0.001, 0.5, 1, 1, 2, 1000, -3];
    for (const value of values) latency.observe(value);
    const reader = sending();
    reader.setMetricProducer(metricProducer(collector));
    await reader.forceFlush();
    await reader.shutdown();

    const metric = metricsIn(endpoint.received[0], 'telltale').latency_seconds as ReceivedMetric;
    expect(metric).toMatchObject({ unit: 's', data: 'exponentialHistogram' });
    const [point] = pointsOf(metric) as unknown as readonly {
      readonly count: number;
      readonly scale: number;
      readonly zeroCount: number;
      readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
      readonly negative: { readonly offset: number; readonly bucketCounts: readonly number[] };
    }[];
    expect(point).toMatchObject({ count: 8, scale: 3, zeroCount: 1 });
    // A sum that may fall is none.
    expect(point).not.toHaveProperty('sum');
    const within = (side: 'positive' | 'negative', magnitude: number): number => {
      const { offset = 0, bucketCounts } = point?.[side] ?? { bucketCounts: [] };
      const base = 2 ** (2 ** -3);
      const index = bucketCounts.findIndex(
        (_, i) => base ** (offset + i) < magnitude * (1 + 1e-12) && magnitude <= base ** (offset + i + 1) * (1 + 1e-12),
      );
      return bucketCounts[index] ?? 0;
    };
    expect([0.001, 0.5, 2, 1000].map((value) => within('positive', value))).toEqual([1, 1, 1, 1]);
    expect(point?.positive.bucketCounts.reduce((total, count) => total + count, 0)).toBe(6);
    expect(point?.negative.bucketCounts).toEqual([1]);
    expect(within('negative', 3)).toBe(1);
  });

  it('that are spread too far to be a row are sent at a lower resolution', async () => {
    const collector = new MetricsCollector();
    const wide = collector.histogram('wide', { native: { growthFactor: 1.003, maxBuckets: 1000 } });
    wide.observe(1e-30);
    wide.observe(1e300);
    const { resourceMetrics } = await metricProducer(collector).collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const point = metrics.find(({ descriptor }) => descriptor.name === 'wide')?.dataPoints[0];
    expect(point?.value).toMatchObject({ count: 2 });
    const { positive } = (point as DataPoint<ExponentialHistogram>).value;
    expect(positive.bucketCounts.length).toBeLessThanOrEqual(640);
    expect(positive.bucketCounts.filter((one) => one > 0)).toEqual([1, 1]);
  });
});

describe('beside the SDK', () => {
  it('a collector is sent with what the SDK has, under the resource of the SDK', async () => {
    const collector = new MetricsCollector();
    collector.counter('own_total').increment();
    const reader = new PeriodicExportingMetricReader({
      exporter: new RealExporter(url),
      exportIntervalMillis: 3_600_000,
      metricProducers: [metricProducer(collector, { resource: { attributes: { 'service.name': 'unseen' } } })],
    });
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('theirs').createCounter('their').add(1);
    await provider.forceFlush();
    await provider.shutdown();
    const [received] = endpoint.received;
    expect(received?.resource['service.name']).not.toBe('unseen');
    expect(Object.keys(metricsIn(received, 'theirs'))).toEqual(['their']);
    expect(pointsOf(metricsIn(received, 'telltale').own_total as ReceivedMetric)).toEqual([
      { attributes: {}, asDouble: 1 },
    ]);
  });
});
