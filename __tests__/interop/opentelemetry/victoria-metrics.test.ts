// Names and numbers against a real VictoriaMetrics, to which OpenTelemetry's own exporter brings them: once from the SDK's
// instruments, to see what it makes of names, and once from a collector, to see that everything arrives.
import type { MeterProvider as ApiMeterProvider, Meter, MetricOptions } from '@opentelemetry/api';
import { type IMetricReader, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { MetricsCollector } from 'telltale';
import { metricProducer, TelltaleMeterProvider } from 'telltale/opentelemetry';
import { pollUntil } from '../../support/poll.js';
import { startVictoriaMetrics, type VictoriaMetrics } from '../../support/victoria-metrics.js';
import { RealExporter } from './real-exporter.js';

jest.setTimeout(60_000);

let naming: VictoriaMetrics;
let plain: VictoriaMetrics;
beforeAll(async () => {
  naming = await startVictoriaMetrics(['-opentelemetry.usePrometheusNaming']);
  plain = await startVictoriaMetrics();
});
afterAll(async () => {
  await Promise.all([naming.remove(), plain.remove()]);
});

const sendingTo = (server: VictoriaMetrics, producers: ReturnType<typeof metricProducer>[] = []): IMetricReader =>
  new PeriodicExportingMetricReader({
    exporter: new RealExporter(`${server.url}/opentelemetry/v1/metrics`),
    // Nothing is sent but by a flush.
    exportIntervalMillis: 3_600_000,
    metricProducers: producers,
  });

/** What a server has, once it has at least so many series: it answers before it has taken what it was sent. */
const storedIn = (server: VictoriaMetrics, match: string, series: number) =>
  pollUntil({ what: 'the series being stored', timeoutMs: 20_000, intervalMs: 50 }, async () => {
    const stored = await server.exported(match);
    return stored.length >= series ? stored : undefined;
  });

type Create = Extract<keyof Meter, `create${string}`>;
const kinds: readonly Create[] = ['createCounter', 'createUpDownCounter', 'createGauge', 'createHistogram'];
const named: readonly (readonly [string, MetricOptions['unit']])[] = [
  ['http.server.request.duration', 's'],
  ['http.server.active_requests', '{request}'],
  ['http.server.request.body.size', 'By'],
  ['process.cpu.time', 's'],
  ['process.cpu.utilization', '1'],
  ['system.network.io', 'By'],
  ['system.network.io.rate', 'By/s'],
  ['system.paging.faults', '{fault}'],
  ['system.memory.usage', 'MiBy'],
  ['db.client.connection.wait_time', 'ms'],
  ['jvm.gc.duration', 'us'],
  ['queue.total.length', ''],
  ['requests.total', '1'],
  ['ratio.of.hits', '1'],
  ['temperature', 'Cel'],
  ['speed', 'm/s'],
  ['per.second.rate', '1/s'],
  ['room-temp/inside', '%'],
  ['voltage', 'V'],
  ['jobs_total', ''],
  ['wait_seconds', 's'],
  ['wait_seconds.max', 's'],
  ['seconds.elapsed', 's'],
  ['visits', '{visit}/d'],
  ['power', 'kW'],
  ['energy', 'J'],
  ['frequency', 'Hz'],
  ['age', 'd'],
];

/** What is made of each name as each kind: the samples by the number that the instrument has as a label. */
function record(provider: ApiMeterProvider): void {
  named.forEach(([name, unit], i) => {
    // A meter each, because kinds of the same name would have to share it.
    kinds.forEach((create, k) => {
      const instrument = provider
        .getMeter(`${i} ${k}`)
        [create](name, { unit, advice: { explicitBucketBoundaries: [1] } } as MetricOptions);
      const attributes = { number: `${i} ${create}` };
      if ('add' in instrument) instrument.add(1, attributes);
      else if ('record' in instrument) instrument.record(1, attributes);
    });
  });
}

const byNumber = (samples: readonly { readonly name: string; readonly number: string | undefined }[]) => {
  const names: Record<string, string[]> = {};
  for (const { name, number } of samples) {
    if (number === undefined) continue;
    names[number] = [...new Set([...(names[number] ?? []), name])].sort();
  }
  return names;
};

describe('names', () => {
  it('are what VictoriaMetrics makes of them, for every kind and unit', async () => {
    const reader = sendingTo(naming);
    const sdk = new MeterProvider({ readers: [reader] });
    record(sdk);
    await sdk.forceFlush();
    await sdk.shutdown();
    const stored = await storedIn(naming, '{number!=""}', named.length * kinds.length);
    const theirs = byNumber(stored.map(({ labels }) => ({ name: labels.__name__ as string, number: labels.number })));

    const ours: Record<string, readonly string[]> = {};
    // A collector each, so that no name is taken.
    for (const create of kinds) {
      const collector = new MetricsCollector();
      record(onlyOf(create, new TelltaleMeterProvider({ collector })));
      const samples = await collector.getAllMetrics();
      Object.assign(
        ours,
        byNumber(samples.map(({ name, labels }) => ({ name, number: labels.number as string | undefined }))),
      );
    }
    expect(Object.keys(ours)).toHaveLength(named.length * kinds.length);
    expect(ours).toEqual(theirs);
  });
});

/** A provider whose instruments of other kinds do nothing. */
function onlyOf(create: Create, provider: ApiMeterProvider): ApiMeterProvider {
  return {
    getMeter: (name) => {
      const meter = provider.getMeter(name);
      const nothing = () => ({ add: () => {}, record: () => {} });
      return new Proxy(meter, {
        get: (_, method) => (method === create ? meter[create].bind(meter) : nothing),
      });
    },
  };
}

describe('metricProducer', () => {
  it('has everything of a collector arrive', async () => {
    const collector = new MetricsCollector({ defaultLabels: { cluster: 'c1' } });
    collector.counter('orders_total', { labelNames: ['shop'] }).increment(3, { shop: 'north' });
    collector.gauge('depth', { unit: '' }).set(-2.5);
    const latency = collector.histogram('latency_seconds', { unit: 'seconds', buckets: [0.1, 1] });
    for (const seconds of [0.05, 0.5, 0.7, 5]) latency.observe(seconds);
    const summary = collector.summary('size_bytes', { quantiles: [0.5, 0.9] });
    for (let i = 1; i <= 9; i++) summary.observe(i);
    collector.stateSet('breaker', { states: ['closed', 'open'] }).set('open');
    collector.info('build', { version: '1.4.2' });
    const reader = sendingTo(plain, [metricProducer(collector)]);
    const provider = new MeterProvider({ readers: [reader] });
    await provider.forceFlush();
    await provider.shutdown();

    const stored = new Map<string, number>();
    for (const { labels, points } of await storedIn(plain, '{cluster="c1"}', 14)) {
      // Those of the SDK's own resource.
      const own = Object.entries(labels).filter(([name]) => !/^(service|telemetry)\./.test(name));
      const [{ value } = { value: Number.NaN }] = points.slice(-1);
      stored.set(JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1))), value);
    }
    const expected = new Map<string, number>();
    for (const { name, labels, value } of await collector.getAllMetrics()) {
      const all = Object.entries({ ...labels, __name__: name }).sort(([a], [b]) => (a < b ? -1 : 1));
      expected.set(JSON.stringify(all), value);
    }
    const foreign = (samples: ReadonlyMap<string, number>) =>
      new Map([...samples].filter(([labels]) => !labels.includes('"telltale_')).sort());
    expect(foreign(stored)).toEqual(foreign(expected));
    expect(foreign(stored).size).toBe(14);
  });
});
