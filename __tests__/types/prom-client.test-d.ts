// A program in prom-client's words that uses every name of it: it compiles against the drop-in here, and another test compiles
// the very same text against prom-client itself.
import client, {
  type Aggregator,
  AggregatorRegistry,
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  contentType,
  type DefaultMetricsCollectorConfiguration,
  exponentialBuckets,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  type LabelValues,
  linearBuckets,
  type Metric,
  type MetricConfiguration,
  type MetricObject,
  type MetricObjectWithValues,
  type MetricType,
  type MetricValue,
  type OpenMetricsContentType,
  openMetricsContentType,
  type PrometheusContentType,
  Pushgateway,
  prometheusContentType,
  Registry,
  type RegistryContentType,
  register,
  Summary,
  type SummaryConfiguration,
  validateMetricName,
} from 'telltale/prom-client';

const config: CounterConfiguration<'method' | 'code'> = {
  name: 'requests_total',
  help: 'Requests',
  labelNames: ['method', 'code'],
  registers: [register],
  aggregator: 'sum',
  collect() {
    this.inc({ method: 'GET' }, 1);
  },
};
const counter = new Counter(config);
counter.inc();
counter.inc(5);
counter.inc({ method: 'GET', code: 200 });
counter.inc({ code: 200 }, 2);
counter.inc({ labels: { method: 'GET' }, value: 2, exemplarLabels: {} });
counter.labels('GET', '200').inc();
counter.labels({ method: 'GET' }).inc(2);
counter.remove('GET', '200');
counter.remove({ method: 'GET' });
counter.reset();
const child: Counter.Internal = counter.labels('GET', '200');

// @ts-expect-error: a label that was not declared
counter.inc({ verb: 'GET' });
// @ts-expect-error: no number
counter.inc('1');
// @ts-expect-error: help is missing
new Counter({ name: 'x' });

const gaugeConfig: GaugeConfiguration<string> = { name: 'depth', help: 'Depth', collect: async () => {} };
const gauge: Gauge = new Gauge(gaugeConfig);
gauge.set(1);
gauge.set({ queue: 'mail' }, 1);
gauge.inc({ queue: 'mail' });
gauge.dec(2);
gauge.setToCurrentTime({ queue: 'mail' });
const gaugeSeconds: number = gauge.startTimer({ queue: 'mail' })();
const gaugeChild: Gauge.Internal<string> = gauge.labels('mail');
gaugeChild.setToCurrentTime();

const histogramConfig: HistogramConfiguration<'route'> = {
  name: 'seconds',
  help: 'Seconds',
  labelNames: ['route'] as const,
  buckets: [...linearBuckets(0, 1, 3), ...exponentialBuckets(4, 2, 3)],
  enableExemplars: true,
};
const histogram = new Histogram(histogramConfig);
histogram.observe(1);
histogram.observe({ route: '/' }, 1);
histogram.observe({ labels: { route: '/' }, value: 1, exemplarLabels: {} });
histogram.zero({ route: '/' });
const end = histogram.startTimer({ route: '/' }, {});
const seconds: number = end({ route: '/a' }, {});
const histogramChild: Histogram.Internal<'route'> = histogram.labels({ route: '/' });
histogramChild.startTimer()();

const summaryConfig: SummaryConfiguration<'route'> = {
  name: 'size',
  help: 'Size',
  labelNames: ['route'],
  percentiles: [0.5],
  maxAgeSeconds: 600,
  ageBuckets: 5,
  pruneAgedBuckets: true,
  compressCount: 10,
};
const summary = new Summary(summaryConfig);
summary.observe({ route: '/' }, 3);
const summaryChild: Summary.Internal<'route'> = summary.labels('/');

const own = new Registry();
own.registerMetric(counter);
own.setDefaultLabels({ app: 'shop' });
own.setContentType(prometheusContentType);
const open = new Registry<OpenMetricsContentType>();
open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
const found: Metric<'route'> | undefined = own.getSingleMetric<'route'>('seconds');
const cast = register.getSingleMetric('requests_total') as Counter<'method'>;
const merged: Registry = Registry.merge([register, own]);
const arrays: MetricObject[] = merged.getMetricsAsArray();
const type: RegistryContentType = contentType;
const promType: PrometheusContentType = register.contentType;

export async function read(): Promise<string> {
  const objects: MetricObjectWithValues<MetricValue<string>>[] = await register.getMetricsAsJSON();
  const first: number | undefined = objects[0]?.values[0]?.value;
  const label: string | number | undefined = objects[0]?.values[0]?.labels['method'];
  const kind: MetricType | undefined = objects[0]?.type;
  const { values, aggregator } = await histogram.get();
  const name: string | undefined = values[0]?.metricName;
  await found?.get();
  return [await own.metrics(), await own.getSingleMetricAsString('x'), first, label, kind, name, aggregator].join();
}

const settings: DefaultMetricsCollectorConfiguration<PrometheusContentType> = {
  register,
  prefix: 'my_',
  labels: { app: 'shop' },
  gcDurationBuckets: [1],
  eventLoopMonitoringPrecision: 5,
};
collectDefaultMetrics(settings);
collectDefaultMetrics();
const names: string[] = collectDefaultMetrics.metricsList;

export async function push(): Promise<void> {
  const gateway = new Pushgateway('http://127.0.0.1:9091', { timeout: 5000 }, register);
  const { resp, body } = await gateway.pushAdd({ jobName: 'job', groupings: { instance: 'a' } });
  await gateway.push({ jobName: 'job' });
  await gateway.delete({ jobName: String(resp ?? body) });
}

const aggregating = new AggregatorRegistry<PrometheusContentType>();
AggregatorRegistry.setRegistries([register, own]);
export const together: Promise<string> = aggregating.clusterMetrics();
export const aggregated: Registry<PrometheusContentType> = AggregatorRegistry.aggregate([[]]);

export function define<T extends string>(options: MetricConfiguration<T>): Metric<T> {
  return new Gauge<T>(options);
}
export function ofDefault(values: LabelValues<'a'>, way: Aggregator): client.Counter<'a'> {
  const made = new client.Counter({ name: 'made', help: way, labelNames: ['a'] });
  made.inc(values);
  client.register.clear();
  return made;
}
export const all = [
  validateMetricName('x'),
  openMetricsContentType,
  child,
  gaugeSeconds,
  seconds,
  summaryChild,
  cast,
  arrays,
  type,
  promType,
  names,
  open,
];
