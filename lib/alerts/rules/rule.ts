// Rules as data: what a rule file says and what is defined in code become the same. Apart from reading and checking, because
// the evaluator, the API and the writer know rules only as this.
import { type Labels, newLabelSet } from '../../model/label-set.js';

/** Stores what its expression answers as series of its own. */
export interface RecordingRule {
  readonly kind: 'recording';
  /** The name of the series. */
  readonly record: string;
  /** In PromQL. */
  readonly expr: string;
  /** Set on each series; an empty value takes the label away. */
  readonly labels: Labels;
}

/** Is pending, then firing, for each series that its expression answers. */
export interface AlertingRule {
  readonly kind: 'alerting';
  readonly alert: string;
  /** In PromQL. */
  readonly expr: string;
  /** How long the expression has to hold until the alert fires. 0: at once. */
  readonly forSeconds: number;
  /** How long an alert goes on firing after its expression held last. */
  readonly keepFiringForSeconds: number;
  /** Templates. Set on each alert. */
  readonly labels: Labels;
  /** Templates. Said of each alert, and no part of what tells one from another. */
  readonly annotations: Labels;
}

export type Rule = RecordingRule | AlertingRule;

/** Rules that are evaluated together, one after the other, all for the same moment. */
export interface RuleGroup {
  readonly name: string;
  /** Where it was read from; groups of different files may share a name. */
  readonly file?: string;
  /** How often it is evaluated. Left out: as often as the evaluator says. */
  readonly intervalSeconds?: number;
  /** How many series or alerts one rule may give; more is an error of that rule. 0: any number. */
  readonly limit: number;
  /** How far behind the clock its expressions are evaluated, for samples that come late. Left out: as the evaluator says. */
  readonly queryOffsetSeconds?: number;
  /** For all rules of the group; the rule's own come first. */
  readonly labels: Labels;
  readonly rules: readonly Rule[];
}

export function nameOf(rule: Rule): string {
  return rule.kind === 'alerting' ? rule.alert : rule.record;
}

/** A rule's labels with those of its group, where the rule has none of that name. */
export function labelsOf(group: RuleGroup, rule: Rule): Labels {
  return Object.assign(newLabelSet(), group.labels, rule.labels);
}
