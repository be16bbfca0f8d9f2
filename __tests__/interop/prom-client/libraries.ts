// The two libraries that one suite runs on: prom-client itself shows that what a test says is true of it, and telltale that
// it is as true of the drop-in.
import * as original from 'prom-client';
import * as telltale from 'telltale/prom-client';

export type Library = typeof original;

export const libraries: readonly (readonly [name: string, library: Library])[] = [
  ['prom-client', original],
  ['telltale', telltale as unknown as Library],
];

export const contentTypes = [
  ['Prometheus', original.Registry.PROMETHEUS_CONTENT_TYPE],
  ['OpenMetrics', original.Registry.OPENMETRICS_CONTENT_TYPE],
] as const;

export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly metricName?: string;
  readonly exemplar?: { readonly labelSet: unknown; readonly value: number; readonly timestamp: number } | null;
}

/** The samples of a metric. */
export async function samplesOf(metric: { get(): unknown }): Promise<readonly Sample[]> {
  return ((await metric.get()) as { values: readonly Sample[] }).values;
}

/** The values of a metric's samples that match. */
export async function valuesOf(metric: { get(): unknown }, labels: object = {}, name?: string): Promise<number[]> {
  const samples = (await samplesOf(metric)).filter(({ metricName }) => name === undefined || metricName === name);
  const fits = (sample: Sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
  return samples.filter(fits).map(({ value }) => value);
}

/** Every kind of library with every content type. */
export const cases = libraries.flatMap(([name, library]) =>
  contentTypes.map(([format, type]) => ({ title: `${name} with ${format}`, library, type })),
);

/** A registry with this content type: prom-client takes it, and its declarations do not say so. */
export function registryOf({ Registry }: Library, type: string): InstanceType<Library['Registry']> {
  return new (Registry as unknown as new (type: string) => InstanceType<Library['Registry']>)(type);
}
