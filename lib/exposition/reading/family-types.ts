// Which samples a family of each type has in each format. Apart from the readers of lines and of families, because it is the
// knowledge that both go by, and the counterpart of what the encoders know.
import type { MetricType } from '../../model/family.js';
import type { ExpositionTextFormat } from '../encode.js';
import { COUNT, CREATED, KEYED, SUM, VALUE } from './cells.js';

/** One kind of sample: what its name has behind that of the family, and which number of the series it is. */
export interface SampleRole {
  readonly suffix: string;
  readonly cell: number;
}

const role = (suffix: string, cell: number): SampleRole => ({ suffix, cell });
const single = [role('', VALUE)];
const created = role('_created', CREATED);
const totals = [role('_sum', SUM), role('_count', COUNT)];

const CLASSIC: Readonly<Record<string, readonly SampleRole[]>> = {
  counter: single,
  gauge: single,
  unknown: single,
  histogram: [role('_bucket', KEYED), ...totals],
  gaugehistogram: [role('_bucket', KEYED), ...totals],
  summary: [role('', KEYED), ...totals],
};

const OPENMETRICS: Readonly<Record<string, readonly SampleRole[]>> = {
  counter: [role('_total', VALUE), created],
  gauge: single,
  unknown: single,
  histogram: [role('_bucket', KEYED), ...totals, created],
  gaugehistogram: [role('_bucket', KEYED), role('_gsum', SUM), role('_gcount', COUNT)],
  summary: [role('', KEYED), ...totals, created],
  info: [role('_info', VALUE)],
  stateset: [role('', KEYED)],
};

export function rolesOf(type: MetricType, format: ExpositionTextFormat): readonly SampleRole[] {
  return (format === 'prometheus' ? CLASSIC : OPENMETRICS)[type]!;
}

/** The type that a TYPE line names; undefined where the format has none of this name. */
export function typeNamed(name: string, format: ExpositionTextFormat): MetricType | undefined {
  if (format === 'openmetrics') return Object.hasOwn(OPENMETRICS, name) ? (name as MetricType) : undefined;
  if (name === 'untyped') return 'unknown';
  if (name === 'gauge_histogram') return 'gaugehistogram';
  return name !== 'unknown' && Object.hasOwn(CLASSIC, name) ? (name as MetricType) : undefined;
}

/** The label that says which number of its series a line has; undefined where lines of this type have none. */
export function keyLabelOf(type: MetricType, family: string): string | undefined {
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return 'le';
    case 'summary':
      return 'quantile';
    case 'stateset':
      return family;
    default:
      return undefined;
  }
}
