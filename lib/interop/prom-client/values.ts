// Metrics as plain objects: what `get()` answers, what any registry of prom-client takes in the place of a metric, and what
// workers send to each other.
import type { Exemplar } from '../../model/exemplar.js';
import type { FamilyDescriptor, MetricFamily, SeriesBlock } from '../../model/family.js';

export interface ExemplarObject {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number;
}

/** One sample. */
export interface SampleObject {
  value: number;
  labels: Record<string, unknown>;
  /** Where it is not the metric's own. */
  metricName?: string;
  exemplar?: ExemplarObject | null | undefined;
}

/** A metric with its samples. */
export interface PlainMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator?: string | undefined;
  values: SampleObject[];
}

/** A label value as it was given, where it was no text. */
export type OriginalOf = (label: string, text: string) => unknown;

interface Row {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly numbers: Float64Array;
  readonly exemplars: readonly Exemplar[];
}

/** All samples of a family. */
export function samplesOf(family: MetricFamily, originalOf: OriginalOf): SampleObject[] {
  const samples: SampleObject[] = [];
  for (const block of family.blocks()) {
    for (let row = 0; row < block.size; row++) {
      if (block.live?.[row] === 0) continue;
      addSamples(family.descriptor, readRow(block, row, originalOf), samples);
    }
  }
  return samples;
}

function readRow(block: SeriesBlock, row: number, originalOf: OriginalOf): Row {
  const { width, values, exemplars } = block;
  const numbers = values.subarray(row * width, (row + 1) * width);
  return { labels: rowLabels(block, row, originalOf), numbers, exemplars: exemplars?.get(row) ?? [] };
}

/** The labels of one series, with values as they were given. */
export function rowLabels(
  { dictionaries, labelIds }: SeriesBlock,
  row: number,
  originalOf: OriginalOf,
): Record<string, unknown> {
  const labels: Record<string, unknown> = {};
  dictionaries.forEach(({ name, values: texts }, column) => {
    const text = texts[labelIds[row * dictionaries.length + column] as number] as string;
    labels[name] = originalOf(name, text);
  });
  return labels;
}

function addSamples(descriptor: FamilyDescriptor, row: Row, samples: SampleObject[]): void {
  switch (descriptor.type) {
    case 'histogram':
      return addHistogram(descriptor, row, samples);
    case 'summary':
      return addSummary(descriptor, row, samples);
    default: {
      const exemplar = exemplarAt(row, 0);
      const value = row.numbers[0] as number;
      samples.push(exemplar === null ? { value, labels: { ...row.labels } } : { value, labels: row.labels, exemplar });
    }
  }
}

function addHistogram(
  { name, upperBounds }: Extract<FamilyDescriptor, { type: 'histogram' }>,
  row: Row,
  samples: SampleObject[],
): void {
  const { labels, numbers } = row;
  let count = 0;
  [...upperBounds, '+Inf'].forEach((le, bucket) => {
    count += numbers[bucket] as number;
    const exemplar = exemplarAt(row, bucket);
    samples.push({ labels: { le, ...labels }, value: count, metricName: `${name}_bucket`, exemplar });
  });
  const sum = numbers[upperBounds.length + 1] as number;
  samples.push({ labels: { ...labels }, value: sum, metricName: `${name}_sum` });
  samples.push({ labels: { ...labels }, value: count, metricName: `${name}_count` });
}

function addSummary(
  { name, quantiles }: Extract<FamilyDescriptor, { type: 'summary' }>,
  { labels, numbers }: Row,
  samples: SampleObject[],
): void {
  quantiles.forEach((quantile, i) => {
    samples.push({ labels: { quantile, ...labels }, value: numbers[i] as number });
  });
  const [sum, count] = numbers.subarray(quantiles.length);
  samples.push({ metricName: `${name}_sum`, labels: { ...labels }, value: sum as number });
  samples.push({ metricName: `${name}_count`, labels: { ...labels }, value: count as number });
}

function exemplarAt({ exemplars }: Row, column: number): ExemplarObject | null {
  const exemplar = exemplars.find((one) => one.column === column);
  if (exemplar === undefined) return null;
  const { labels, value, timestampMs } = exemplar;
  return { labelSet: { ...labels }, value, timestamp: timestampMs / 1000 };
}
