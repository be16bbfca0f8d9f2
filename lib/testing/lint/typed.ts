// Every metric says what type it is.
import type { LintRule } from './rule.js';

export const typed: LintRule = {
  name: 'typed',
  reason: 'Readers and dashboards choose by the type what to do with a metric, such as to take the rate of a counter.',
  check({ name, family: { descriptor } }) {
    return descriptor.type === 'unknown' ? `Say of which type ${name} is.` : undefined;
  },
};
