// What the metrics of several processes become together: one function per way, from metrics as objects to a metric as an
// object. Quantiles go missing, because no arithmetic on them gives those of all processes.
import type { PlainMetric, SampleObject } from './values.js';

export type AggregatorFunction = (metrics: readonly PlainMetric[]) => PlainMetric | undefined;

/** Makes an aggregator of a function on the samples of one series. */
export function AggregatorFactory(aggregate: (samples: readonly SampleObject[]) => number): AggregatorFunction {
  return (metrics) => {
    const [first] = metrics;
    if (first === undefined) return undefined;
    const { help, name, type, aggregator } = first;
    const series = new Map<string, SampleObject[]>();
    for (const sample of metrics.flatMap(({ values }) => values)) {
      if (type === 'summary' && sample.labels.quantile !== undefined) continue;
      const key = keyOf(sample);
      const known = series.get(key);
      if (known === undefined) series.set(key, [sample]);
      else known.push(sample);
    }
    const values = [...series.values()].map((samples) => together(samples, aggregate(samples)));
    return { help, name, type, values, aggregator };
  };
}

export const aggregators: Readonly<Record<string, AggregatorFunction>> = {
  sum: AggregatorFactory(sum),
  first: AggregatorFactory(([first]) => first?.value ?? Number.NaN),
  omit: () => undefined,
  average: AggregatorFactory((samples) => sum(samples) / samples.length),
  min: AggregatorFactory((samples) => Math.min(...samples.map(({ value }) => value))),
  max: AggregatorFactory((samples) => Math.max(...samples.map(({ value }) => value))),
};

function sum(samples: readonly SampleObject[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

function together([first]: readonly SampleObject[], value: number): SampleObject {
  const { labels, metricName } = first as SampleObject;
  return metricName === undefined ? { value, labels } : { value, labels, metricName };
}

/** Tells label sets apart in any order, whatever characters they have. */
function keyOf({ metricName, labels }: SampleObject): string {
  const entries = Object.entries(labels).map(([name, value]) => [name, String(value)] as const);
  return JSON.stringify([metricName, ...entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
