// A real Prometheus that asks for protobuf: what it makes of it has to agree with the collector, native histograms above all.
// One server and one target for all tests, because its first scrape takes 5 s.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricsCollector } from 'telltale';
import { metricsHandler } from 'telltale/http';
import { type NativeBuckets, nativeHistogramAt, nativeUpperBound } from '../../../lib/model/native-histogram.js';
import { type Prometheus, startPrometheus } from '../../support/prometheus.js';
import { describeWithServer } from '../../support/servers.js';
import { decodeFamilies } from './client-model.js';

const GROWTH = 1.1;
const STARTED_MS = Date.now();

const metrics = new MetricsCollector();
const latency = metrics.histogram('latency_seconds', {
  description: 'Time to answer.',
  unit: 'seconds',
  labelNames: ['route'],
  native: { growthFactor: GROWTH },
});
const both = metrics.histogram('size_bytes', { native: { growthFactor: 2 }, buckets: [10, 1000] });

function recordAll(): void {
  // Spread over many octaves, some below zero and some in the zero bucket.
  for (let i = 1; i <= 5000; i++) latency.observe(((i * 7919) % 5000) ** 2 / 1e6, { route: '/' });
  for (let i = 1; i <= 100; i++) latency.observe(i % 10 === 0 ? 0 : -(1.5 ** (i % 10)), { route: '/signed' });
  for (let i = 1; i <= 300; i++) both.observe(i * i);
  metrics.histogram('idle_seconds', { native: { zeroThreshold: 0 } });
  both.observe(500, {}, { exemplar: { trace_id: 'abc' } });
  metrics
    .counter('orders_total', { description: 'Orders taken', labelNames: ['shop'] })
    .increment(3, { shop: 'é "north"' }, { exemplar: { trace_id: 'def' } });
  metrics.gauge('temperature_celsius', { unit: 'celsius' }).set(-1.5);
  metrics.summary('wait_seconds', { quantiles: [0.5] }).observe(2);
  metrics.histogram('classic_seconds', { buckets: [1, 2] }).observe(1.5);
  metrics.stateSet('door', { states: ['open', 'closed'] }).set('open');
  metrics.info('build', { version: '1' });
}

/** A native histogram as the API answers it. */
interface HistogramAnswer {
  readonly result: readonly {
    readonly histogram: readonly [
      number,
      {
        readonly count: string;
        readonly sum: string;
        readonly buckets: readonly (readonly [kind: number, lower: string, upper: string, count: string])[];
      },
    ];
  }[];
}

describeWithServer('prometheus', 'protobuf, scraped by Prometheus', () => {
  let accepted: string | undefined;
  let page: Server;
  let target: string;
  let prometheus: Prometheus;

  beforeAll(async () => {
    recordAll();
    const scrape = metricsHandler(metrics, { selfMetrics: false });
    page = createServer((request, response) => {
      accepted ??= request.headers.accept;
      scrape(request, response);
    }).listen(0, '127.0.0.1');
    await once(page, 'listening');
    target = `127.0.0.1:${(page.address() as AddressInfo).port}`;
    prometheus = await startPrometheus({
      jobs: [{ name: 'shop', targets: [target], settings: { scrape_classic_histograms: true } }],
      args: ['--enable-feature=created-timestamp-zero-ingestion'],
    });
    await prometheus.waitForScrapes();
  });

  afterAll(async () => {
    await prometheus?.stop();
    page.closeAllConnections();
    page.close();
  });

  it('is what it asks for, and gets', async () => {
    expect(accepted).toMatch(/^application\/vnd\.google\.protobuf;/);
    const answer = await fetch(`http://${target}`, { headers: { accept: accepted! } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/vnd\.google\.protobuf;/);
    const families = decodeFamilies(new Uint8Array(await answer.arrayBuffer()));
    expect(families.map(({ name }) => name)).toContain('latency_seconds');
  });

  it.each(['/', '/signed'])('agrees on the count and the sum of the route %s', async (route) => {
    const { count, sum } = await native(route);
    expect(await prometheus.queryValue(`histogram_count(latency_seconds{route="${route}"})`)).toBe(count);
    expect(await prometheus.queryValue(`histogram_sum(latency_seconds{route="${route}"})`)).toBe(sum);
  });

  it.each(['/', '/signed'])('agrees on every bucket of the route %s', async (route) => {
    const { schema, positive, negative, zeroCount, zeroThreshold } = await native(route);
    const { result } = await prometheus.get<HistogramAnswer>('query', { query: `latency_seconds{route="${route}"}` });
    const answered = result[0]!.histogram[1].buckets.map(([, lower, upper, count]) =>
      [lower, upper, count].map(Number),
    );
    const bounds = ({ indexes, counts }: NativeBuckets) =>
      Array.from(indexes, (index, i) => [index - 1, index, counts[i]!] as const).map(([lower, upper, count]) => [
        nativeUpperBound(schema, lower),
        nativeUpperBound(schema, upper),
        count,
      ]);
    const expected = [
      ...bounds(negative)
        .reverse()
        .map(([lower, upper, count]) => [-upper!, -lower!, count]),
      ...(zeroCount > 0 ? [[-zeroThreshold, zeroThreshold, zeroCount]] : []),
      ...bounds(positive),
    ];
    expect(answered.length).toBeGreaterThan(5);
    expect(answered).toEqual(expected.map((row) => row.map((one) => expect.closeTo(one!, 12))));
  });

  it.each([0.01, 0.5, 0.9, 0.99])('agrees on the quantile %d to within a bucket', async (q) => {
    const answered = await prometheus.queryValue(`histogram_quantile(${q}, latency_seconds{route="/"})`);
    const own = latency.getQuantile(q, { route: '/' });
    expect(answered / own).toBeGreaterThan(1 / GROWTH);
    expect(answered / own).toBeLessThan(GROWTH);
  });

  it('gives a histogram without observations as a native one', async () => {
    expect(await prometheus.queryValue('histogram_count(idle_seconds)')).toBe(0);
  });

  it('gives a histogram with both kinds of buckets as both', async () => {
    expect(await prometheus.queryValue('histogram_count(size_bytes)')).toBe(301);
    const buckets = await prometheus.query('size_bytes_bucket');
    expect(buckets.map(({ labels, value }) => [labels.le, value])).toEqual([
      ['10.0', 3],
      ['1000.0', 32],
      ['+Inf', 301],
    ]);
  });

  it('gives the types that have no native form their samples', async () => {
    const answers = await Promise.all(
      [
        'orders_total{shop="é \\"north\\""}',
        'temperature_celsius',
        'wait_seconds{quantile="0.5"}',
        'wait_seconds_sum',
        'classic_seconds_bucket{le="2.0"}',
        'classic_seconds_count',
        'door{door="open"}',
        'door{door="closed"}',
        'build_info{version="1"}',
      ].map((expression) => prometheus.queryValue(expression)),
    );
    expect(answers).toEqual([3, -1.5, expect.closeTo(2, 1), 2, 1, 1, 1, 0, 1]);
  });

  it('tells type and description; the unit is read by later versions', async () => {
    const metadata = await prometheus.get<Record<string, unknown>>('metadata');
    expect(metadata.latency_seconds).toEqual([{ type: 'histogram', help: 'Time to answer.', unit: '' }]);
    expect(metadata.orders_total).toEqual([{ type: 'counter', help: 'Orders taken', unit: '' }]);
  });

  it('gives it exemplars', async () => {
    const ask = (query: string) =>
      prometheus.get<readonly { readonly exemplars: readonly { readonly labels: object; readonly value: string }[] }[]>(
        'query_exemplars',
        { query, start: String(STARTED_MS / 1000 - 60), end: String(Date.now() / 1000 + 60) },
      );
    const [order] = await ask('orders_total');
    expect(order?.exemplars).toEqual([expect.objectContaining({ labels: { trace_id: 'def' }, value: '3' })]);
    const sizes = await ask('size_bytes');
    expect(sizes.flatMap(({ exemplars }) => exemplars)).toContainEqual(
      expect.objectContaining({ labels: { trace_id: 'abc' }, value: '500' }),
    );
  });

  it('tells when a counter was created, which it takes for a zero at that time', async () => {
    const data = await prometheus.get<{
      readonly result: readonly { readonly values: readonly (readonly [seconds: number, value: string])[] }[];
    }>('query', { query: 'orders_total[5m]' });
    const [seconds, value] = data.result[0]!.values[0]!;
    expect(value).toBe('0');
    const [block] = [...(await familyNamed('orders_total')).blocks()];
    expect(Math.round(seconds * 1000)).toBe(Math.floor(block!.createdMs[0]!));
  });
});

async function familyNamed(name: string) {
  const { families } = await metrics.snapshot();
  return families.find(({ descriptor }) => descriptor.name === name)!;
}

async function native(route: string) {
  for (const block of (await familyNamed('latency_seconds')).blocks()) {
    const [dictionary] = block.dictionaries;
    const row = Array.from(block.labelIds).findIndex((id) => dictionary?.values[id] === route);
    if (row >= 0) return nativeHistogramAt(block, row)!;
  }
  throw new Error(`The route ${route} has no series.`);
}
