// The unit stands at the end of the name, before `_total`.
import { type LintRule, wordsOf } from './rule.js';

const UNITS: readonly string[] = [
  'seconds',
  'bytes',
  'meters',
  'grams',
  'celsius',
  'joules',
  'volts',
  'amperes',
  'ratio',
];

export const unitSuffix: LintRule = {
  name: 'unit_suffix',
  reason: 'A unit in the middle of a name is not seen as one, neither by people nor by OpenMetrics.',
  check({ name, family: { descriptor } }) {
    const words = wordsOf(descriptor.type === 'info' ? name.replace(/_info$/, '') : name.replace(/_total$/, ''));
    const unit = words.slice(0, -1).find((word) => UNITS.includes(word));
    // A rate of one unit by another has two.
    if (unit === undefined || words.includes('per')) return undefined;
    return `Put ${unit} at the end of ${name}${descriptor.type === 'counter' ? ', before _total' : ''}.`;
  },
};
