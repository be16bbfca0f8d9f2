// Names that others write.
import type { LintRule } from './rule.js';

const OF_PROMETHEUS = /^(up|scrape_.*|ALERTS.*)$/;
const PART = /_(count|sum|bucket|created)$/;

export const reservedName: LintRule = {
  name: 'reserved_name',
  reason:
    'Prometheus records up and scrape_* for every target by itself, and readers take _count, _sum, _bucket and _created for parts of another metric.',
  check({ name }) {
    if (OF_PROMETHEUS.test(name)) return `${name} is a name of Prometheus' own: choose another.`;
    const part = PART.exec(name)?.[0];
    return part === undefined ? undefined : `Leave ${part} out of ${name}: it is a part of histograms and summaries.`;
  },
};
