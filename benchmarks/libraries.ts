// The libraries that are compared, each set up in one place and read back in the same terms. The limits on series are
// raised in both that have one, far above what the rows record.
import type { Meter } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { MetricsCollector } from 'telltale';
import type { Tally } from './harness/expect.js';

const MOST_SERIES = 2_000_000;

export function newCollector(): MetricsCollector {
  return new MetricsCollector({ limits: { maxSeriesPerMetric: MOST_SERIES } });
}

/** Reads when it is asked to, and never by itself. */
class ManualReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

export interface OpenTelemetry {
  readonly meter: Meter;
  read(): Promise<ResourceMetrics>;
  /** The text that its Prometheus exporter serves, without what the others do not show either. */
  text(): Promise<string>;
}

export function newOpenTelemetry(): OpenTelemetry {
  const reader = new ManualReader({ cardinalitySelector: () => MOST_SERIES });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('benchmarks');
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const read = async () => (await reader.collect()).resourceMetrics;
  return { meter, read, text: async () => serializer.serialize(await read()) };
}

/** What a family of telltale holds. */
export async function tallyOf(metrics: MetricsCollector, name: string): Promise<Tally> {
  const { families } = await metrics.snapshot();
  const tally = { series: 0, sum: 0, count: 0, buckets: 0 };
  for (const { descriptor, blocks } of families.filter((family) => family.descriptor.name === name)) {
    for (const { size, width, values } of blocks()) {
      tally.series += size;
      for (let row = 0; row < size; row++) {
        const numbers = values.subarray(row * width, (row + 1) * width);
        if (descriptor.type === 'histogram') {
          let cumulative = 0;
          for (const count of numbers.subarray(0, -1)) tally.buckets += cumulative += count;
          tally.count += cumulative;
          tally.sum += numbers[width - 1]!;
        } else if (descriptor.type === 'summary') {
          tally.sum += numbers[width - 2]!;
          tally.count += numbers[width - 1]!;
        } else {
          tally.sum += numbers[0]!;
        }
      }
    }
  }
  return tally;
}

/** What a metric of prom-client holds. */
export async function promTallyOf(metric: {
  get(): Promise<MetricObjectWithValues<MetricValue<string>>>;
}): Promise<Tally> {
  const tally = { series: 0, sum: 0, count: 0, buckets: 0 };
  for (const sample of (await metric.get()).values) {
    const { value, metricName = '' } = sample as { value: number; metricName?: string };
    if (metricName.endsWith('_bucket')) tally.buckets += value;
    else if (metricName.endsWith('_count')) tally.count += value;
    else if (!('quantile' in sample.labels)) {
      tally.sum += value;
      tally.series++;
    }
  }
  return tally;
}

/** What an instrument of the OpenTelemetry SDK holds. */
export async function openTelemetryTallyOf({ read }: OpenTelemetry, name: string): Promise<Tally> {
  const tally = { series: 0, sum: 0, count: 0, buckets: 0 };
  const metrics = (await read()).scopeMetrics.flatMap((scope) => scope.metrics);
  for (const { value } of metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []) {
    tally.series++;
    if (typeof value === 'number') {
      tally.sum += value;
    } else if ('buckets' in value) {
      const { counts } = value.buckets as { counts: number[] };
      let cumulative = 0;
      for (const count of counts) tally.buckets += cumulative += count;
      tally.count += value.count;
      tally.sum += value.sum ?? 0;
    }
  }
  return tally;
}
