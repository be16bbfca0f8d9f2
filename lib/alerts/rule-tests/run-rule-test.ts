// Runs one test: the evaluations of its rules in turn, the alerts that it looks at in between, its expressions at the end.
import type { Labels } from '../../model/label-set.js';
import type { Queryable } from '../../model/storage.js';
import { QueryEngine } from '../../query/query-engine.js';
import { compareLabels, formatLabels } from '../../query/values/label-sets.js';
import type { VectorSample } from '../../query/values/query-result.js';
import { AlertingEvaluation } from '../evaluation/alerting-evaluation.js';
import { GroupEvaluation } from '../evaluation/group-evaluation.js';
import { samplesAt } from '../evaluation/rule-query.js';
import type { Appending, Surroundings } from '../evaluation/surroundings.js';
import { nameOf, type RuleGroup } from '../rules/rule.js';
import { FirstSamples } from './first-samples.js';
import { goDuration } from './go-duration.js';
import type { AlertTest, ExpectedAlert, ExpressionTest, RuleTest, RuleTestFile } from './rule-test.js';
import { isSameSample, sampleText } from './samples.js';
import { TestInput, type TestStorage } from './test-input.js';

export interface RunOptions {
  readonly file: RuleTestFile;
  /** In the order of their evaluation. */
  readonly groups: readonly RuleGroup[];
  readonly newStorage: () => TestStorage;
}

/** What went otherwise than expected. */
export async function runRuleTest(
  test: RuleTest,
  { file, groups, newStorage }: RunOptions,
): Promise<readonly string[]> {
  const queryable = newStorage();
  const storage = new FirstSamples(queryable);
  const surroundings = surroundingsOf(test, { queryable, storage }, file);
  const evaluations = groups.map((group) => new GroupEvaluation(group, surroundings));
  const input = new TestInput(test.input, test.intervalSeconds);
  const stepMs = file.intervalSeconds * 1000;
  const problems: string[] = [];
  for (let timeMs = 0; timeMs <= lastMomentOf(test); timeMs += stepMs) {
    input.storeUntil(timeMs, storage);
    const failed = await evaluateAll(evaluations, timeMs);
    problems.push(...failed);
    // What rules could not do makes all that follows meaningless.
    if (failed.length > 0) return problems;
    const due = test.alertTests.filter((one) => one.timeMs >= timeMs && one.timeMs < timeMs + stepMs);
    problems.push(...due.flatMap((one) => alertProblems(one, firing(evaluations, one.alert))));
  }
  for (const one of test.expressionTests) problems.push(...(await expressionProblems(one, surroundings.engine, file)));
  return problems;
}

function surroundingsOf(
  test: RuleTest,
  { queryable, storage }: { readonly queryable: Queryable; readonly storage: Appending },
  file: RuleTestFile,
): Surroundings {
  return {
    engine: new QueryEngine(queryable, { subqueryStepSeconds: file.intervalSeconds }),
    storage,
    externalLabels: test.externalLabels,
    externalUrl: test.externalUrl,
    intervalMs: test.intervalSeconds * 1000,
    queryOffsetMs: 0,
    resendDelayMs: 0,
    monotonic: () => 0,
  };
}

function lastMomentOf({ alertTests, expressionTests }: RuleTest): number {
  return [...alertTests, ...expressionTests].reduce((latest, { timeMs }) => Math.max(latest, timeMs), 0);
}

async function evaluateAll(evaluations: readonly GroupEvaluation[], timeMs: number): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const evaluation of evaluations) {
    const { failures } = await evaluation.evaluate(timeMs);
    for (const { kind, rule, problem } of failures) {
      // A template that fails says so in what it makes, and the alert goes on.
      if (kind === 'rule_failed') problems.push(`    rule: ${rule}, time: ${goDuration(timeMs)}, err: ${problem}`);
    }
  }
  return problems;
}

function firing(evaluations: readonly GroupEvaluation[], name: string): readonly ExpectedAlert[] {
  return evaluations.flatMap(({ rules }) =>
    rules
      .filter(({ rule }) => rule.kind === 'alerting' && nameOf(rule) === name)
      .flatMap(({ evaluation }) => (evaluation instanceof AlertingEvaluation ? evaluation.alerts : []))
      .filter(({ state }) => state === 'firing'),
  );
}

function alertProblems({ timeMs, alert, expected }: AlertTest, got: readonly ExpectedAlert[]): readonly string[] {
  const [wanted, found] = [textsOf(expected), textsOf(got)];
  if (wanted === found) return [];
  const head = `    alertname: ${alert}, time: ${goDuration(timeMs)},`;
  return [`${head}\n        exp:${indented(wanted)},\n        got:${indented(found)}`];
}

function textsOf(alerts: readonly ExpectedAlert[]): string {
  if (alerts.length === 0) return '[]';
  const sorted = [...alerts].sort(
    (a, b) => compareLabels(a.labels, b.labels) || compareLabels(a.annotations, b.annotations),
  );
  const texts = sorted.map(({ labels, annotations }, i) => {
    return `${i}:\n  Labels:${textOf(labels)}\n  Annotations:${textOf(annotations)}`;
  });
  return `[\n${texts.join(',\n')}\n]`;
}

function textOf(labels: Labels): string {
  return formatLabels(labels);
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n            ');
}

async function expressionProblems(
  { timeMs, expr, expected }: ExpressionTest,
  engine: QueryEngine,
  { isFuzzy }: RuleTestFile,
): Promise<readonly string[]> {
  const head = `    expr: ${JSON.stringify(expr)}, time: ${goDuration(timeMs)},`;
  const answer = await samplesAt(engine, expr, timeMs);
  if (answer.isErr()) return [`${head} err: ${answer.error}`];
  const byLabels = (a: VectorSample, b: VectorSample) => compareLabels(a.labels, b.labels);
  const [wanted, got] = [[...expected].sort(byLabels), [...answer.value].sort(byLabels)];
  const isSame =
    wanted.length === got.length && wanted.every((one, i) => isSameSample(one, got[i] as VectorSample, isFuzzy));
  if (isSame) return [];
  const shown = (samples: readonly VectorSample[]) =>
    samples.length === 0 ? 'nil' : samples.map(sampleText).join(', ');
  return [`${head}\n        exp: ${shown(wanted)}\n        got: ${shown(got)}`];
}
