// Names of metrics and labels are lower case with underscores.
import type { LintRule } from './rule.js';

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

export const snakeCase: LintRule = {
  name: 'snake_case',
  reason: 'One way of writing names saves everybody who queries them from guessing; colons belong to recording rules.',
  check({ name, labelNames }) {
    if (!SNAKE_CASE.test(name)) return `Write ${name} in snake_case.`;
    const label = labelNames.find((one) => !SNAKE_CASE.test(one));
    return label === undefined ? undefined : `Write the label ${label} of ${name} in snake_case.`;
  },
};
