// Every metric says what it means.
import type { LintRule } from './rule.js';

export const described: LintRule = {
  name: 'described',
  reason:
    'A name is read by those who chose it; everybody else reads the description, in the exposition and in every tool behind it.',
  check({ name, family: { descriptor } }) {
    return descriptor.description.trim() === '' ? `Give ${name} a description.` : undefined;
  },
};
