// What single samples have to be like, type by type. Apart from the family reader, because the rules are many, each of one line,
// and those about several samples of a series are elsewhere.
import type { MetricType } from '../../model/family.js';
import { COUNT, CREATED, KEYED, SUM } from './cells.js';
import { numberOf } from './number-reader.js';

/** Answers what is wrong with the value of a sample, undefined when nothing is. */
export type ValueRule = (cell: number, value: number) => string | undefined;

const isCount = (value: number) => value >= 0 && value < Number.POSITIVE_INFINITY;
const NO_COUNT = 'A count is neither negative nor infinite nor NaN.';
const NO_WHOLE_COUNT = 'A count is a whole number, and not negative.';
const NEGATIVE_SUM = 'This sum is never negative or NaN.';

/** Classic text asks little; but what is counted can be no negative number. */
export function classicRule(type: MetricType): ValueRule {
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return (cell, value) => (cell === SUM || isCount(value) ? undefined : NO_COUNT);
    case 'summary':
      return (cell, value) => (cell !== COUNT || isCount(value) ? undefined : NO_COUNT);
    default:
      return () => undefined;
  }
}

/** Source: https://prometheus.io/docs/specs/om/open_metrics_spec/#metric-types */
export function openMetricsRule(type: MetricType): ValueRule {
  const own = ownRule(type);
  return (cell, value) => {
    if (cell === CREATED) return Number.isFinite(value) ? undefined : 'A time is a finite number of seconds.';
    if (cell === COUNT) return Number.isInteger(value) && value >= 0 ? undefined : NO_WHOLE_COUNT;
    return own(cell, value);
  };
}

function ownRule(type: MetricType): ValueRule {
  switch (type) {
    case 'counter':
      return (_, value) => (value >= 0 ? undefined : 'A counter is never negative or NaN.');
    case 'histogram':
    case 'gaugehistogram':
      return (cell, value) => {
        if (cell === KEYED) return Number.isInteger(value) && value >= 0 ? undefined : NO_WHOLE_COUNT;
        return value >= 0 || (type === 'gaugehistogram' && value < 0) ? undefined : NEGATIVE_SUM;
      };
    case 'summary':
      return (cell, value) => {
        if (cell === SUM) return value >= 0 ? undefined : NEGATIVE_SUM;
        return value < 0 ? 'A quantile is never negative.' : undefined;
      };
    case 'info':
      return (_, value) => (value === 1 ? undefined : 'An info always has the value 1.');
    case 'stateset':
      return (_, value) => (value === 0 || value === 1 ? undefined : 'A state is 0 or 1.');
    default:
      return () => undefined;
  }
}

/** The number that an `le` or a `quantile` is, or what is wrong with it. */
export function keyNumber(type: MetricType, text: string, isStrict: boolean): number | string {
  const value = numberOf(text);
  if (type === 'summary') {
    if (value === undefined || Number.isNaN(value)) return 'A quantile is a number.';
    if (isStrict && !(value >= 0 && value <= 1)) return 'A quantile is a number from 0 to 1.';
  } else if (value === undefined || Number.isNaN(value) || value === Number.NEGATIVE_INFINITY) {
    return 'The bound of a bucket is a number, or +Inf.';
  }
  if (isStrict && value === Number.POSITIVE_INFINITY && text !== '+Inf') return 'Infinity is written as +Inf.';
  if (isStrict && /^[-+]?\d+$/.test(text)) return 'A whole number has a decimal point here, as in 1.0.';
  return value;
}
