// What a label says is not said by the name as well.
import { type LintRule, wordsOf } from './rule.js';

export const labelInName: LintRule = {
  name: 'label_in_name',
  reason: 'When such a label is aggregated away, the name claims what is no longer true.',
  check({ name, labelNames }) {
    const label = labelNames.find((one) => wordsOf(name).includes(`by`) && name.endsWith(`_by_${one}`));
    return label === undefined ? undefined : `Leave _by_${label} out of ${name}: the label says it.`;
  },
};
