// Rules defined in TypeScript. They become the same data as those of files, and are held to the same checks, when they are
// defined: a mistake is a programmer's and throws at start-up.
import { MetricDefinitionError } from '../../errors.js';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import { checkGroups } from './check-rules.js';
import type { PromqlText } from './promql.js';
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from './rule.js';

export interface AlertRuleOptions {
  readonly alert: string;
  /** Usually a `promql` template. */
  readonly expr: PromqlText | string;
  /** How long the expression has to hold. Default 0. */
  readonly forSeconds?: number;
  /** How long it fires on after its expression held last. Default 0. */
  readonly keepFiringForSeconds?: number;
  /** Templates, as in rule files. */
  readonly labels?: Labels;
  /** Templates, as in rule files. */
  readonly annotations?: Labels;
}

export interface RecordingRuleOptions {
  readonly record: string;
  readonly expr: PromqlText | string;
  readonly labels?: Labels;
}

export interface RuleGroupOptions {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Default: as often as the evaluator says. */
  readonly intervalSeconds?: number;
  /** How many alerts or series one rule may give. Default 0: any number. */
  readonly limit?: number;
  readonly queryOffsetSeconds?: number;
  /** For all of its rules; Prometheus knows them since version 3. */
  readonly labels?: Labels;
}

/**
 * @throws MetricDefinitionError `invalid_option` for what a rule file could not say either.
 *
 * @example
 * alertRule({
 *   alert: 'ManyErrors',
 *   expr: promql`rate(${errors}[5m]) > 1`,
 *   forSeconds: 300,
 *   labels: { severity: 'page' },
 *   annotations: { summary: '{{ $value | humanize }} errors a second' },
 * });
 */
export function alertRule(options: AlertRuleOptions): AlertingRule {
  const { alert, expr, forSeconds = 0, keepFiringForSeconds = 0 } = options;
  requireSeconds('forSeconds', forSeconds);
  requireSeconds('keepFiringForSeconds', keepFiringForSeconds);
  const [labels, annotations] = [copyOf(options.labels), copyOf(options.annotations)];
  return checked({
    kind: 'alerting',
    alert,
    expr: String(expr),
    forSeconds,
    keepFiringForSeconds,
    labels,
    annotations,
  });
}

/**
 * @throws MetricDefinitionError `invalid_option` for what a rule file could not say either.
 *
 * @example
 * recordingRule({ record: 'job:requests:rate5m', expr: promql`sum by (job) (rate(${requests}[5m]))` });
 */
export function recordingRule({ record, expr, labels }: RecordingRuleOptions): RecordingRule {
  return checked({ kind: 'recording', record, expr: String(expr), labels: copyOf(labels) });
}

/**
 * @throws MetricDefinitionError `invalid_option` for what a rule file could not say either.
 *
 * @example
 * ruleGroup({ name: 'shop', intervalSeconds: 30, rules: [manyErrors, shopDown] });
 */
export function ruleGroup(options: RuleGroupOptions): RuleGroup {
  const { name, rules, intervalSeconds, queryOffsetSeconds, limit = 0, labels } = options;
  if (intervalSeconds !== undefined) requireSeconds('intervalSeconds', intervalSeconds, 0.001);
  if (queryOffsetSeconds !== undefined) requireSeconds('queryOffsetSeconds', queryOffsetSeconds);
  if (!Number.isInteger(limit) || limit < 0)
    throw invalid('limit', String(limit), 'Give a whole number of at least 0.');
  const group: RuleGroup = {
    name,
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    limit,
    ...(queryOffsetSeconds !== undefined && { queryOffsetSeconds }),
    labels: copyOf(labels),
    rules: [...rules],
  };
  refuseProblems(group);
  return group;
}

function checked<T extends Rule>(rule: T): T {
  refuseProblems({ name: 'checked', limit: 0, labels: {}, rules: [rule] });
  return rule;
}

function refuseProblems(group: RuleGroup): void {
  const [first] = checkGroups([group]);
  if (first === undefined) return;
  // Which group and rule it is, whoever defines it knows.
  const problem = first.problem.replace(/^group .*?, rule \d+, ".*?": /, '');
  throw invalid(first.place.field ?? 'rule', first.place.key ?? group.name, `It is refused with: ${problem}.`);
}

function copyOf(labels: Labels | undefined): Labels {
  return Object.assign(newLabelSet(), labels);
}

/** Files have no parts of milliseconds. */
function requireSeconds(option: string, seconds: number, least = 0): void {
  if (seconds >= least && Math.abs(seconds * 1000 - Math.round(seconds * 1000)) < 1e-6 && seconds < 9e9) return;
  throw invalid(option, String(seconds), `Give a number of seconds of at least ${least}, in whole milliseconds.`);
}

function invalid(option: string, value: string, rule: string): MetricDefinitionError {
  return new MetricDefinitionError({ kind: 'invalid_option', option, value, rule });
}
