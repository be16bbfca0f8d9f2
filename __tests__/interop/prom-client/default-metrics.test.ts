// The default metrics: the same names, help texts, types, labels and aggregations as prom-client's, with values that are true.
import * as original from 'prom-client';
import * as telltale from 'telltale/prom-client';
import { libraries, registryOf, type Sample } from './libraries.js';

interface Shown {
  readonly name: string;
  readonly values: readonly Sample[];
}

type Library = (typeof libraries)[number][1];

async function defaultsOf(library: Library, config: object = {}): Promise<readonly Shown[]> {
  const register = new library.Registry();
  library.collectDefaultMetrics({ register, ...config } as never);
  // The lag is known after the first look.
  await register.metrics();
  await new Promise((resolve) => setImmediate(resolve));
  return (await register.getMetricsAsJSON()) as unknown as Shown[];
}

const [, [, dropIn]] = libraries as [unknown, (typeof libraries)[number]];

it('are the same as those of prom-client', async () => {
  const labels = { NODE_APP_INSTANCE: 0 };
  const shown = async (library: Library) => {
    const metrics = await defaultsOf(library, { prefix: 'my_', labels, gcDurationBuckets: [1, 2] });
    return metrics.map(({ values, ...metric }) => ({
      ...metric,
      // Which resources and handles there are changes from moment to moment.
      labels: /active|gc_duration/.test(metric.name)
        ? []
        : values.map((sample) => Object.entries(sample.labels).sort()),
    }));
  };
  const known = await shown(original);
  expect(await shown(dropIn)).toEqual(known);
  expect(known.length).toBeGreaterThan(25);
  expect(telltale.collectDefaultMetrics.metricsList).toEqual(original.collectDefaultMetrics.metricsList);
});

it('carry their labels', async () => {
  const metrics = await defaultsOf(dropIn, { labels: { instance: 3 } });
  for (const { values } of metrics) for (const { labels } of values) expect(labels).toMatchObject({ instance: 3 });
});

it('are true', async () => {
  const metrics = new Map((await defaultsOf(dropIn)).map((metric) => [metric.name, metric.values] as const));
  const value = (name: string) => metrics.get(name)?.[0]?.value ?? Number.NaN;
  const memory = process.memoryUsage();
  expect(value('process_resident_memory_bytes') / memory.rss).toBeCloseTo(1, 0);
  expect(value('nodejs_heap_size_used_bytes')).toBeLessThanOrEqual(value('nodejs_heap_size_total_bytes'));
  expect(value('process_start_time_seconds')).toBeCloseTo(Date.now() / 1000 - process.uptime(), -1);
  expect(value('process_open_fds')).toBeGreaterThan(2);
  expect(value('process_max_fds')).toBeGreaterThan(value('process_open_fds'));
  expect(value('nodejs_eventloop_lag_seconds')).toBeGreaterThan(0);
  const active = metrics.get('nodejs_active_resources') ?? [];
  const total = active.reduce((sum, sample) => sum + sample.value, 0);
  expect(total).toBe(value('nodejs_active_resources_total'));
  const [major, minor, patch] = process.version.slice(1).split('.').map(Number);
  expect(metrics.get('nodejs_version_info')).toEqual([
    { value: 1, labels: { version: process.version, major, minor, patch } },
  ]);
});

it('count processor time in the three counters alike', async () => {
  const register = registryOf(dropIn, telltale.openMetricsContentType);
  dropIn.collectDefaultMetrics({ register, enableExemplars: true } as never);
  const spent = process.cpuUsage();
  while (process.cpuUsage(spent).user < 20_000);
  const values = (await register.getMetricsAsJSON()).slice(0, 3).map((metric) => metric.values[0]?.value ?? Number.NaN);
  expect(values[0]).toBeGreaterThanOrEqual(0.02);
  expect((values[0] ?? 0) + (values[1] ?? 0)).toBeCloseTo(values[2] ?? 0, 9);
});

it('refuse what is no configuration', () => {
  for (const [, { collectDefaultMetrics }] of libraries) {
    expect(() => collectDefaultMetrics('x' as never)).toThrow(
      new TypeError('config must be null, undefined, or an object'),
    );
  }
});
