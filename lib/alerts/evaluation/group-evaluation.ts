// Evaluates the rules of one group at one moment, one after the other, so that a rule sees what those before it recorded.
// When that is, others decide: the evaluator by its clock, the runner of rule tests by its files.
import type { Labels } from '../../model/label-set.js';
import { parseExpression } from '../../query/language/parse-expression.js';
import { printExpression } from '../../query/language/print-expression.js';
import { keyOf } from '../../query/values/label-sets.js';
import type { VectorSample } from '../../query/values/query-result.js';
import type { Alert } from '../alert.js';
import { labelsOf, nameOf, type Rule, type RuleGroup } from '../rules/rule.js';
import { AlertingEvaluation } from './alerting-evaluation.js';
import { RecordingEvaluation } from './recording-evaluation.js';
import type { RuleOutcome } from './rule-evaluation.js';
import { NOT_EVALUATED, type RuleHealth, type Surroundings } from './surroundings.js';

type Series = ReadonlyMap<string, Labels>;

/** A rule with what its evaluations have left. */
export interface EvaluatedRule {
  readonly rule: Rule;
  /** Its expression, as Prometheus prints it. */
  readonly query: string;
  /** Those of the group included. */
  readonly labels: Labels;
  readonly evaluation: AlertingEvaluation | RecordingEvaluation;
  health: RuleHealth;
  /** What it gave last, to see what ended. */
  series: Series;
}

/** A rule that could not be evaluated, or a template of it. */
export interface RuleFailure {
  readonly kind: 'rule_failed' | 'template_failed';
  readonly group: string;
  readonly rule: string;
  readonly problem: string;
}

export interface GroupOutcome {
  /** To be told to notifiers, by the expression that they come from. */
  readonly alerts: readonly { readonly expr: string; readonly alerts: readonly Alert[] }[];
  readonly failures: readonly RuleFailure[];
  /** How many samples were written, or would have been. */
  readonly sampleCount: number;
}

const MS_PER_SECOND = 1000;

export class GroupEvaluation {
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly rules: readonly EvaluatedRule[];
  readonly #surroundings: Surroundings;
  readonly #queryOffsetMs: number;
  /** Series of rules that are gone. */
  #orphans: readonly Labels[] = [];
  lastEvaluationMs = 0;
  evaluationSeconds = 0;

  constructor(group: RuleGroup, surroundings: Surroundings) {
    this.group = group;
    this.#surroundings = surroundings;
    const { intervalSeconds, queryOffsetSeconds } = group;
    this.intervalMs = intervalSeconds === undefined ? surroundings.intervalMs : intervalSeconds * MS_PER_SECOND;
    this.#queryOffsetMs =
      queryOffsetSeconds === undefined ? surroundings.queryOffsetMs : queryOffsetSeconds * MS_PER_SECOND;
    this.rules = group.rules.map((rule) => this.#evaluatedRule(rule));
  }

  /** Evaluates all rules for a moment. Never rejects; evaluate one moment after the other. */
  async evaluate(timeMs: number): Promise<GroupOutcome> {
    const startedAt = this.#surroundings.monotonic();
    const alerts: GroupOutcome['alerts'][number][] = [];
    const failures: RuleFailure[] = [];
    let sampleCount = 0;
    for (const evaluated of this.rules) {
      const outcome = await this.#evaluateRule(evaluated, timeMs, failures);
      if (outcome === undefined) continue;
      sampleCount += outcome.samples.length;
      if (outcome.alerts.length > 0) alerts.push({ expr: evaluated.query, alerts: outcome.alerts });
    }
    this.endOrphans(timeMs);
    this.lastEvaluationMs = timeMs;
    this.evaluationSeconds = this.#surroundings.monotonic() - startedAt;
    return { alerts, failures, sampleCount };
  }

  /**
   * Goes on with what the same group knew before its rules changed: rules of the same name and labels keep their alerts.
   *
   * @returns Alerts of rules that are gone, as resolved.
   */
  adopt(before: GroupEvaluation, timeMs: number): GroupOutcome['alerts'] {
    const left = new Set(before.rules);
    for (const mine of this.rules) {
      const key = identityOf(mine);
      const theirs = [...left].find((candidate) => identityOf(candidate) === key);
      if (theirs === undefined) continue;
      left.delete(theirs);
      mine.series = theirs.series;
      mine.health = theirs.health;
      if (mine.evaluation instanceof AlertingEvaluation && theirs.evaluation instanceof AlertingEvaluation) {
        mine.evaluation.adopt(theirs.evaluation);
      }
    }
    this.lastEvaluationMs = before.lastEvaluationMs;
    this.evaluationSeconds = before.evaluationSeconds;
    this.#orphans = [...before.#orphans, ...[...left].flatMap(({ series }) => [...series.values()])];
    return resolvedOf([...left], timeMs);
  }

  /** The group is no more: its series end, and its alerts are resolved. */
  end(timeMs: number): GroupOutcome['alerts'] {
    this.#orphans = this.rules.flatMap(({ series }) => [...series.values()]);
    this.endOrphans(timeMs);
    return resolvedOf(this.rules, timeMs);
  }

  endOrphans(timeMs: number): void {
    for (const labels of this.#orphans) this.#surroundings.storage?.appendEnd(labels, timeMs - this.#queryOffsetMs);
    this.#orphans = [];
  }

  async #evaluateRule(
    evaluated: EvaluatedRule,
    timeMs: number,
    failures: RuleFailure[],
  ): Promise<RuleOutcome | undefined> {
    const { monotonic } = this.#surroundings;
    const startedAt = monotonic();
    const fail = (kind: RuleFailure['kind'], problem: string) =>
      failures.push({ kind, group: this.group.name, rule: nameOf(evaluated.rule), problem });
    const outcome = await evaluated.evaluation.evaluate(timeMs);
    const refused = outcome.isOk() ? this.#write(evaluated, outcome.value.samples, timeMs) : 0;
    const problem = outcome.isErr() ? outcome.error : refused > 0 ? `the storage refused ${refused} samples` : '';
    evaluated.health = {
      health: problem === '' ? 'ok' : 'err',
      lastError: problem,
      lastEvaluationMs: timeMs,
      evaluationSeconds: monotonic() - startedAt,
    };
    if (problem !== '') fail('rule_failed', problem);
    if (outcome.isErr()) return undefined;
    for (const each of outcome.value.problems) fail('template_failed', each);
    return outcome.value;
  }

  /** Answers how many samples were refused. */
  #write(evaluated: EvaluatedRule, samples: readonly VectorSample[], timeMs: number): number {
    const { storage } = this.#surroundings;
    if (storage === undefined) return 0;
    const atMs = timeMs - this.#queryOffsetMs;
    const given = new Map<string, Labels>();
    let refused = 0;
    for (const { labels, value, histogram } of samples) {
      const isStored =
        histogram === undefined
          ? storage.append(labels, atMs, value)
          : storage.appendHistogram(labels, atMs, histogram);
      if (!isStored) refused++;
      given.set(keyOf(labels), labels);
    }
    for (const [key, labels] of evaluated.series) if (!given.has(key)) storage.appendEnd(labels, atMs);
    evaluated.series = given;
    return refused;
  }

  #evaluatedRule(rule: Rule): EvaluatedRule {
    const labels = labelsOf(this.group, rule);
    const limits = { limit: this.group.limit, queryOffsetMs: this.#queryOffsetMs, labels };
    const evaluation =
      rule.kind === 'alerting'
        ? new AlertingEvaluation(rule, limits, this.#surroundings)
        : new RecordingEvaluation(rule, limits, this.#surroundings);
    const query = parseExpression(rule.expr).map(printExpression).unwrapOr(rule.expr);
    return { rule, query, labels, evaluation, health: NOT_EVALUATED, series: new Map() };
  }
}

function resolvedOf(rules: readonly EvaluatedRule[], timeMs: number): GroupOutcome['alerts'] {
  return rules.flatMap(({ evaluation, query }) => {
    const alerts = evaluation instanceof AlertingEvaluation ? evaluation.resolveAll(timeMs) : [];
    return alerts.length === 0 ? [] : [{ expr: query, alerts }];
  });
}

function identityOf({ rule, labels }: EvaluatedRule): string {
  return `${rule.kind} ${keyOf({ ...labels, __name__: nameOf(rule) })}`;
}
