// What may be said when a metric is defined, and the rules that it has to pass. All of a definition is checked before
// anything is made, so that a refused one leaves nothing behind.
import { MetricDefinitionError } from '../errors.js';
import { openMetricsName } from '../model/claimed-names.js';
import { type FamilyDescriptor, GAUGE_AGGREGATIONS, type MetricType } from '../model/family.js';
import {
  isLabelName,
  isMetricName,
  isReservedLabelName,
  labelNameRule,
  metricNameRule,
  type NameRule,
} from '../model/names.js';
import type { Labels } from './labels.js';

/**
 * What a `collect` callback may answer: the value; all values with their labels, where series that it answered before and
 * no longer answers go; or nothing, having recorded by itself.
 */
export type Observed<Name extends string = string> =
  | number
  | Iterable<{ readonly value: number; readonly labels: Labels<Name> }>
  | void;

/** What is left to be given with each recording. */
export type Rest<Name extends string, Fixed extends string> = string extends Name ? string : Exclude<Name, Fixed>;

/** Makes it an error at compile time to fix a label that was not declared. */
export type FixedWithin<Name extends string, Fixed extends string> = [Exclude<Fixed, Name>] extends [never]
  ? unknown
  : { readonly labels: never };

export interface InstrumentOptions<Name extends string = string, Fixed extends string = string> {
  /** Shown as HELP. The first one given for a name stays. */
  readonly description?: string;
  /** A base unit (`seconds`, `bytes`) that is the name's suffix. */
  readonly unit?: string;
  /** The exact labels that every recording carries. Without, recordings may carry any. */
  readonly labelNames?: readonly Name[];
  /** Labels fixed from the start: what comes back is that child. */
  readonly labels?: Labels<Fixed>;
  /** Seconds without recording after which a series goes. Costs a clock reading (30 to 60 ns) per recording. Default: never. */
  readonly expireAfter?: number;
}

/** A definition after its options were checked. */
export interface Definition {
  readonly descriptor: FamilyDescriptor;
  readonly labelNames: readonly string[] | undefined;
  readonly expireAfter: number | undefined;
}

/** The label of the series that takes what goes over the limit; no metric may use it otherwise. */
export const OVERFLOW_LABEL = 'otel_metric_overflow';

/** Labels that a type writes by itself. */
export function reservedLabelsOf(descriptor: FamilyDescriptor): readonly string[] {
  switch (descriptor.type) {
    case 'histogram':
      return ['le', OVERFLOW_LABEL];
    case 'summary':
      return ['quantile', OVERFLOW_LABEL];
    case 'stateset':
      return [descriptor.name, OVERFLOW_LABEL];
    default:
      return [OVERFLOW_LABEL];
  }
}

export function checkName(name: unknown, names: NameRule): asserts name is string {
  if (typeof name === 'string' && isMetricName(name, names)) return;
  const metric = typeof name === 'string' ? name : `a value of type ${typeof name}`;
  throw new MetricDefinitionError({ kind: 'invalid_metric_name', metric, rule: metricNameRule(names) });
}

/** What label names have to be. */
export interface LabelNameRules {
  readonly names: NameRule;
  /** Those that the metric's type writes itself. */
  readonly reserved: readonly string[];
}

/** Checks label names against the general rules and those of the metric's type. */
export function checkLabelNames(metric: string, given: unknown, { names, reserved }: LabelNameRules): void {
  if (!Array.isArray(given)) {
    const rule = 'Give labelNames as an array of strings.';
    throw new MetricDefinitionError({ kind: 'invalid_label_name', metric, label: typeof given, rule });
  }
  given.forEach((label: unknown, i) => {
    if (typeof label !== 'string' || !isLabelName(label, names)) {
      const shown = typeof label === 'string' ? label : `a value of type ${typeof label}`;
      throw new MetricDefinitionError({ kind: 'invalid_label_name', metric, label: shown, rule: labelNameRule(names) });
    }
    if (given.indexOf(label) !== i) {
      const rule = 'It is given twice; give every label once.';
      throw new MetricDefinitionError({ kind: 'invalid_label_name', metric, label, rule });
    }
    if (isReservedLabelName(label) || reserved.includes(label)) {
      const rule = isReservedLabelName(label)
        ? 'Names that start with two underscores belong to Prometheus; choose another.'
        : 'It is written by the library itself for this type of metric; choose another name.';
      throw new MetricDefinitionError({ kind: 'reserved_label', metric, label, rule });
    }
  });
}

export function checkUnit(name: string, type: MetricType, unit: unknown): string {
  if (unit === undefined || unit === '') return '';
  const family = openMetricsName(name, type);
  if (typeof unit === 'string' && family.endsWith(`_${unit}`)) return unit;
  const rule = `The name has to end in its unit, as in ${family}_${String(unit).slice(0, 40)}${type === 'counter' ? '_total' : ''}.`;
  throw new MetricDefinitionError({ kind: 'invalid_unit', metric: name, unit: String(unit), rule });
}

export function checkQuantiles(metric: string, quantiles: unknown): readonly number[] {
  const rule = 'Give numbers from 0 to 1, each once.';
  const invalid = (value: string) => new MetricDefinitionError({ kind: 'invalid_quantiles', metric, value, rule });
  if (!Array.isArray(quantiles)) throw invalid(typeof quantiles);
  const sorted = [...(quantiles as unknown[])].sort((a, b) => Number(a) - Number(b));
  sorted.forEach((q, i) => {
    if (typeof q !== 'number' || !(q >= 0 && q <= 1) || q === sorted[i - 1])
      throw invalid(quantiles.slice(0, 20).join(', '));
  });
  return (sorted as number[]).map((q) => q + 0);
}

export function checkAggregation(aggregation: unknown): void {
  if (aggregation === undefined || (GAUGE_AGGREGATIONS as readonly unknown[]).includes(aggregation)) return;
  const rule = `Give one of ${GAUGE_AGGREGATIONS.join(', ')}.`;
  const value = String(aggregation).slice(0, 100);
  throw new MetricDefinitionError({ kind: 'invalid_option', option: 'aggregation', value, rule });
}

/** States become values of a label that is named like the metric. */
export function checkStates(metric: string, states: unknown): readonly string[] {
  if (metric.includes(':')) {
    const rule = 'The name of a state set is also the name of a label, and so has no colon.';
    throw new MetricDefinitionError({ kind: 'invalid_metric_name', metric, rule });
  }
  const given: readonly unknown[] = Array.isArray(states) ? states : [];
  const isName = (state: unknown) => typeof state === 'string' && state !== '' && state.isWellFormed();
  if (given.length > 0 && given.every(isName) && new Set(given).size === given.length) return [...given] as string[];
  const value = `${given.length} states`;
  throw new MetricDefinitionError({
    kind: 'invalid_option',
    option: 'states',
    value,
    rule: 'Give at least one name, each once.',
  });
}

/** Checks an option that is a number in a range, where it is given. */
export function checkNumber(option: string, value: unknown, rule: string, fits: (value: number) => boolean): void {
  if (value === undefined || (typeof value === 'number' && fits(value))) return;
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}

/** Checks a length of time. The longest is a day: timers of the platform overflow at 24 of them, and would end at once. */
export function checkSeconds(option: string, value: unknown): void {
  checkNumber(option, value, 'Give seconds, above 0 and at most a day.', (seconds) => seconds > 0 && seconds <= 86_400);
}
