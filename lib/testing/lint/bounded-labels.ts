// Labels are for what is few and known.
import type { LintRule } from './rule.js';

const UNBOUNDED: readonly string[] = [
  'id',
  'user',
  'user_id',
  'customer_id',
  'order_id',
  'session',
  'session_id',
  'request_id',
  'trace_id',
  'span_id',
  'uuid',
  'email',
  'ip',
  'url',
  'path',
  'query',
  'message',
  'error_message',
  'timestamp',
  'token',
];
/** Of one metric, in a test. */
const MANY_SERIES = 1000;

export const boundedLabels: LintRule = {
  name: 'bounded_labels',
  reason:
    'Every value is a series of its own, in this process and in every reader: identifiers, paths and messages never end.',
  check({ name, labelNames, seriesCount }) {
    const label = labelNames.find((one) => UNBOUNDED.includes(one));
    if (label !== undefined)
      return `The label ${label} of ${name} has no end of values: take a group of them, or leave it out.`;
    if (labelNames.includes('otel_metric_overflow')) return `${name} has gone over its limit of series.`;
    return seriesCount > MANY_SERIES ? `${name} has ${seriesCount} series: use labels with fewer values.` : undefined;
  },
};
