// Counters end in `_total`, and nothing else does.
import type { LintRule } from './rule.js';

export const counterTotal: LintRule = {
  name: 'counter_total',
  reason:
    'Readers take a name that ends in _total for a counter, apply rate() to it, and OpenMetrics appends it where it is missing.',
  check({ name, family: { descriptor } }) {
    const ends = name.endsWith('_total');
    if (descriptor.type === 'counter' && !ends) return `Call the counter ${name}_total.`;
    if (descriptor.type !== 'counter' && ends) return `${name} is a ${descriptor.type}: leave _total to counters.`;
    return undefined;
  },
};
