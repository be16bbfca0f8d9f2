// The type of a metric is no part of its name.
import { type LintRule, wordsOf } from './rule.js';

const TYPES: readonly string[] = ['counter', 'gauge', 'histogram', 'summary'];

export const typeInName: LintRule = {
  name: 'type_in_name',
  reason:
    'The exposition says the type beside the name, and a name that says it as well has to change when the type does.',
  check({ name }) {
    const type = wordsOf(name).find((word) => TYPES.includes(word));
    return type === undefined ? undefined : `Leave "${type}" out of ${name}.`;
  },
};
