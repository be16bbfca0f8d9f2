// The rules for metric and label names, and the units they end in. Apart from the instruments, because encoders,
// storages and the query language judge names by the same rules.

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Which names are valid: those of letters, digits and underscores that every reader takes, or any text in UTF-8. */
export type NameRule = 'classic' | 'utf8';

/** Far beyond what a name needs; what is longer is some other text that came here by mistake. */
const LONGEST_UTF8_NAME = 1024;

const UTF8_NAME_RULE = `A name in UTF-8 has 1 to ${LONGEST_UTF8_NAME} characters, none of them U+0000 or half of a surrogate pair.`;

const METRIC_NAME_RULES: Readonly<Record<NameRule, string>> = {
  classic:
    'A name has letters, digits, underscores and colons, and does not start with a digit, as in http_requests_total.',
  utf8: UTF8_NAME_RULE,
};

const LABEL_NAME_RULES: Readonly<Record<NameRule, string>> = {
  classic: 'A label name has letters, digits and underscores, and does not start with a digit, as in status_code.',
  utf8: UTF8_NAME_RULE,
};

/** The rule in words, for errors. Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
export function metricNameRule(rule: NameRule = 'classic'): string {
  return METRIC_NAME_RULES[rule];
}

/** The rule in words, for errors. */
export function labelNameRule(rule: NameRule = 'classic'): string {
  return LABEL_NAME_RULES[rule];
}

export function isMetricName(name: string, rule: NameRule = 'classic'): boolean {
  return rule === 'classic' ? METRIC_NAME.test(name) : isUtf8Name(name);
}

export function isLabelName(name: string, rule: NameRule = 'classic'): boolean {
  return rule === 'classic' ? LABEL_NAME.test(name) : isUtf8Name(name);
}

/** Names with two leading underscores belong to Prometheus itself, and `__proto__` to the language. */
export function isReservedLabelName(name: string): boolean {
  return name.startsWith('__');
}

/** U+0000 ends a text for Prometheus' own parser, so that one such name would cost a scrape all of its metrics. */
function isUtf8Name(name: string): boolean {
  return name !== '' && name.length <= LONGEST_UTF8_NAME && !name.includes('\0') && name.isWellFormed();
}
