// Quantities are in base units: seconds, bytes, ratios.
import { type LintRule, wordsOf } from './rule.js';

const BASE_UNITS: ReadonlyMap<string, string> = new Map([
  ...['ms', 'millis', 'milliseconds', 'us', 'microseconds', 'ns', 'nanoseconds', 'minutes', 'hours', 'days'].map(
    (unit) => [unit, 'seconds'] as const,
  ),
  ...['kb', 'kilobytes', 'mb', 'megabytes', 'gb', 'gigabytes', 'kib', 'mib', 'gib', 'bits'].map(
    (unit) => [unit, 'bytes'] as const,
  ),
  ...['percent', 'percentage', 'pct'].map((unit) => [unit, 'ratio, from 0 to 1'] as const),
]);

export const baseUnit: LintRule = {
  name: 'base_unit',
  reason:
    'One unit per quantity lets every query and dashboard combine metrics without knowing who recorded them; dashboards scale.',
  check({ name }) {
    const unit = wordsOf(name).find((word) => BASE_UNITS.has(word));
    return unit === undefined ? undefined : `${name} is in ${unit}: record it in ${BASE_UNITS.get(unit)}.`;
  },
};
