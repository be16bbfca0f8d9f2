// A collector in the place of a registry: prom-client's own classes and a middleware that was made for it find there what they
// need, and the collector shows what they leave.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import promBundle from 'express-prom-bundle';
import * as original from 'prom-client';
import type { CollectorOptions } from 'telltale';
import * as ours from 'telltale/prom-client';
import { asPromClientRegistry } from 'telltale/prom-client';
import { setUp as setUpCollector } from '../../instruments/setup.js';

function setUp(options: CollectorOptions = {}) {
  const collector = setUpCollector({ defaultLabels: { service: 'shop' }, ...options });
  const { metrics } = collector;
  metrics.counter('jobs_total', { description: 'Jobs' }).increment(3, { queue: 'mail' });
  metrics.histogram('job_seconds', { description: 'Time', buckets: [1, 2] }).observe(1.5);
  metrics.gauge('depth', { description: 'Depth', aggregation: 'max' }).set(7);
  metrics.info('build', { version: '1' });
  return { ...collector, registry: asPromClientRegistry(metrics) };
}

const withoutOwn = (text: string) =>
  text.split('\n').filter((line) => line !== '' && !/^(# (HELP|TYPE) )?telltale_/.test(line));

describe('asPromClientRegistry', () => {
  it('is one per collector', () => {
    const { metrics, registry } = setUp();
    expect(asPromClientRegistry(metrics)).toBe(registry);
    expect(asPromClientRegistry(setUp().metrics)).not.toBe(registry);
  });

  it('shows what the collector shows, in the format of its content type', async () => {
    const { metrics, registry } = setUp();
    expect(registry.contentType).toBe(original.prometheusContentType);
    expect(await registry.metrics()).toBe(await metrics.expose());
    registry.setContentType(original.openMetricsContentType);
    expect(registry.contentType).toBe(original.openMetricsContentType);
    expect(await registry.metrics()).toBe(await metrics.expose('openmetrics'));
    expect(() => registry.setContentType('text/html' as never)).toThrow('Content type text/html is unsupported');
  });

  it('answers objects as prom-client does, with the ways to put several together', async () => {
    const { registry } = setUp();
    const json = await registry.getMetricsAsJSON();
    expect(json.filter(({ name }) => !name.startsWith('telltale_'))).toEqual([
      {
        name: 'jobs_total',
        help: 'Jobs',
        type: 'counter',
        aggregator: 'sum',
        values: [{ value: 3, labels: { service: 'shop', queue: 'mail' } }],
      },
      {
        name: 'job_seconds',
        help: 'Time',
        type: 'histogram',
        aggregator: 'sum',
        values: [
          { value: 0, labels: { service: 'shop', le: 1 }, metricName: 'job_seconds_bucket' },
          { value: 1, labels: { service: 'shop', le: 2 }, metricName: 'job_seconds_bucket' },
          { value: 1, labels: { service: 'shop', le: '+Inf' }, metricName: 'job_seconds_bucket' },
          { value: 1.5, labels: { service: 'shop' }, metricName: 'job_seconds_sum' },
          { value: 1, labels: { service: 'shop' }, metricName: 'job_seconds_count' },
        ],
      },
      {
        name: 'depth',
        help: 'Depth',
        type: 'gauge',
        aggregator: 'max',
        values: [{ value: 7, labels: { service: 'shop' } }],
      },
      {
        name: 'build_info',
        help: '',
        type: 'gauge',
        aggregator: 'sum',
        values: [{ value: 1, labels: { service: 'shop', version: '1' } }],
      },
    ]);
  });

  describe.each([
    ['prom-client', original as unknown as typeof ours],
    ['telltale/prom-client', ours],
  ])('with %s', (_, library) => {
    it('is merged with other registries', async () => {
      const { registry } = setUp();
      const other = new library.Registry();
      new library.Gauge({ name: 'other', help: 'x', registers: [other] }).set(1);
      const text = await library.Registry.merge([other, registry as never]).metrics();
      expect(text).toContain('other 1\n');
      expect(text).toMatch(/^jobs_total\{.*queue="mail".*\} 3$/m);
      expect(text).toMatch(/^job_seconds_bucket\{.*le="2".*\} 1$/m);
    });

    it('is aggregated over processes', async () => {
      const two = await Promise.all([setUp(), setUp()].map(({ registry }) => registry.getMetricsAsJSON()));
      const text = await library.AggregatorRegistry.aggregate(two).metrics();
      expect(text).toMatch(/^jobs_total\{.*\} 6$/m);
      expect(text).toMatch(/^depth\{.*\} 7$/m);
      expect(text).toMatch(/^job_seconds_count\{.*\} 2$/m);
    });

    it('has the collector show the metrics that are registered there, until they are removed', async () => {
      const { metrics, lines, registry } = setUp();
      metrics.counter('jobs_total').clear();
      const registers = [registry] as never;
      const gauge = new library.Gauge({ name: 'theirs', help: 'x', labelNames: ['a'], registers });
      gauge.set({ a: 'b' }, 2);
      registry.setDefaultLabels({ a: 'c', zone: 'eu' });
      expect(await lines()).toContain('theirs{a="b",zone="eu"} 2');
      expect(registry.getSingleMetric('theirs')).toBe(gauge);
      expect(await registry.getSingleMetricAsString('theirs')).toBe(
        '# HELP theirs x\n# TYPE theirs gauge\ntheirs{a="b",zone="eu"} 2',
      );
      expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual(
        expect.arrayContaining(['theirs', 'depth', 'jobs_total']),
      );
      expect(() => new library.Gauge({ name: 'theirs', help: 'x', registers })).toThrow(
        'A metric with the name theirs has already been registered.',
      );
      registry.resetMetrics();
      expect(withoutOwn(await registry.metrics()).filter((line) => line.startsWith('theirs{'))).toEqual([]);
      gauge.set({ a: 'b' }, 3);
      registry.removeSingleMetric('theirs');
      expect(await lines()).not.toContain('theirs{a="b",zone="eu"} 3');
      registry.registerMetric(gauge);
      registry.clear();
      expect(registry.getSingleMetric('theirs')).toBeUndefined();
      expect(withoutOwn(await registry.metrics()).filter((line) => line.startsWith('theirs'))).toEqual([]);
    });

    it('shows the others where the collect function of one throws and that of another hangs', async () => {
      const { metrics, told, registry } = setUp({ collectTimeoutSeconds: 0.05 });
      const registers = [registry] as never;
      const collect = () => {
        throw new Error('no reading');
      };
      new library.Gauge({ name: 'broken', help: 'x', registers, collect });
      new library.Gauge({ name: 'hanging', help: 'x', registers, collect: () => new Promise<void>(() => {}) });
      new library.Gauge({ name: 'whole', help: 'x', registers }).set(1);
      const text = await registry.metrics();
      expect(text).toContain('\nwhole 1\n');
      expect(told).toEqual([
        { kind: 'source_failed', source: "prom-client's broken", cause: new Error('no reading') },
        { kind: 'source_timed_out', source: "prom-client's hanging", timeoutSeconds: 0.05 },
      ]);
      registry.removeSingleMetric('broken');
      registry.removeSingleMetric('hanging');
      await metrics.expose();
      expect(told).toHaveLength(2);
    });
  });

  it('has single metrics of the collector, which answer as those of prom-client', async () => {
    const { registry } = setUp();
    const metric = registry.getSingleMetric('jobs_total');
    expect(await metric?.get()).toMatchObject({
      name: 'jobs_total',
      type: 'counter',
      values: [{ value: 3, labels: { queue: 'mail' } }],
    });
    expect(await registry.getSingleMetricAsString('jobs_total')).toBe(
      '# HELP jobs_total Jobs\n# TYPE jobs_total counter\njobs_total{queue="mail",service="shop"} 3',
    );
    await expect(registry.getSingleMetricAsString('none')).rejects.toThrow('There is no metric with the name none');
  });

  it('serves express-prom-bundle: its metrics are the collector’s', async () => {
    const { metrics, registry } = setUp();
    const app = express();
    app.use(promBundle({ promRegistry: registry as never, includePath: true }));
    app.get('/hello', (_, response) => void response.send('hello'));
    const server = await new Promise<Server>((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await (await fetch(`${url}/hello`)).text();
    const shown = await (await fetch(`${url}/metrics`)).text();
    await new Promise((resolve) => server.close(resolve));
    expect(shown).toMatch(/^jobs_total\{.*\} 3$/m);
    const series = 'http_request_duration_seconds_count{status_code="200",path="/hello"} 1';
    expect(shown).toContain(series);
    expect(await metrics.expose()).toContain(series);
  });
});
