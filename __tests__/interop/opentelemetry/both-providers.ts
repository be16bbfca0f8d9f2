// The same program on the SDK's own provider and on telltale's, and what a reader of the SDK gets from each: the first says
// what is expected, so that no expectation is only ours.
import type { MeterProvider as ApiMeterProvider } from '@opentelemetry/api';
import {
  type AggregationTemporality,
  type CollectionResult,
  type IMetricReader,
  MeterProvider,
  type MetricData,
  MetricReader,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { MetricsCollector, type MetricsError } from 'telltale';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';

export class ManualReader extends MetricReader {
  shutdowns = 0;
  flushes = 0;

  protected override async onShutdown(): Promise<void> {
    this.shutdowns++;
  }

  protected override async onForceFlush(): Promise<void> {
    this.flushes++;
  }
}

export interface Setup {
  readonly views?: ViewOptions[];
  readonly temporality?: AggregationTemporality;
}

type Program = (provider: ApiMeterProvider, collect: () => Promise<void>) => void | Promise<void>;

/** What one provider's reader got, each time that the program had it collect and once at the end. */
export interface Outcome {
  readonly readings: readonly (readonly ScopeReading[])[];
  readonly errors: readonly unknown[];
}

export interface ScopeReading {
  readonly scope: {
    readonly name: string;
    readonly version?: string | undefined;
    readonly schemaUrl?: string | undefined;
  };
  readonly metrics: readonly object[];
}

export const readerOf = (temporality?: AggregationTemporality): ManualReader =>
  new ManualReader(temporality === undefined ? {} : { aggregationTemporalitySelector: () => temporality });

/** Runs a program on both. */
export async function onBoth(
  program: Program,
  { views = [], temporality }: Setup = {},
): Promise<{
  readonly sdk: Outcome;
  readonly own: Outcome;
  readonly collector: MetricsCollector;
  readonly told: readonly MetricsError[];
}> {
  const told: MetricsError[] = [];
  const collector = new MetricsCollector({ onError: (error) => told.push(error) });
  const sdkReader = readerOf(temporality);
  const ownReader = readerOf(temporality);
  const sdk = await outcomeOf(new MeterProvider({ views, readers: [sdkReader] }), sdkReader, program);
  const own = await outcomeOf(
    new TelltaleMeterProvider({ collector, views, readers: [ownReader] }),
    ownReader,
    program,
  );
  return { sdk, own, collector, told };
}

async function outcomeOf(provider: ApiMeterProvider, reader: IMetricReader, program: Program): Promise<Outcome> {
  const readings: (readonly ScopeReading[])[] = [];
  const errors: unknown[] = [];
  const collect = async () => {
    const result = await reader.collect();
    readings.push(withoutTimes(result));
    errors.push(...result.errors);
  };
  await program(provider, collect);
  await collect();
  return { readings, errors };
}

/** Without times, and in an order of its own: the SDK's is that in which instruments were made. Its own metrics of telltale go. */
export function withoutTimes({ resourceMetrics }: CollectionResult): readonly ScopeReading[] {
  return resourceMetrics.scopeMetrics
    .map(({ scope, metrics }) => ({
      scope: JSON.parse(JSON.stringify(scope)) as ScopeReading['scope'],
      metrics: sorted(metrics.map(plain)),
    }))
    .filter(({ scope }) => scope.name !== 'telltale')
    .sort((a, b) => (JSON.stringify(a.scope) < JSON.stringify(b.scope) ? -1 : 1));
}

function plain(data: MetricData): object {
  const { name, description, unit, valueType } = data.descriptor;
  const points = data.dataPoints.map(({ attributes, value }) => ({ attributes: inOrder(attributes), value }));
  return { ...data, descriptor: { name, description, unit, valueType }, dataPoints: sorted(points) };
}

const inOrder = (attributes: object): object =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));

const sorted = <T extends object>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** The samples of a text, without what telltale tells of itself. */
export async function samplesOf(collector: MetricsCollector): Promise<readonly string[]> {
  return (await collector.expose()).split('\n').filter((line) => line !== '' && !/^(# \w+ )?telltale_/.test(line));
}
