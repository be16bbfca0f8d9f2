// The rules for metric and label names, and the units they end in. Apart from the instruments, because encoders,
// storages and the query language judge names by the same rules.

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
export const METRIC_NAME_RULE =
  'A name has letters, digits, underscores and colons, and does not start with a digit, as in http_requests_total.';
export const LABEL_NAME_RULE =
  'A label name has letters, digits and underscores, and does not start with a digit, as in status_code.';

export function isMetricName(name: string): boolean {
  return METRIC_NAME.test(name);
}

export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name);
}

/** Names with two leading underscores belong to Prometheus itself, and `__proto__` to the language. */
export function isReservedLabelName(name: string): boolean {
  return name.startsWith('__');
}
