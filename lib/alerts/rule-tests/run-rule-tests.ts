// Runs a file of rule tests: each test with a storage and an engine of its own, evaluation by evaluation from the beginning of
// time, and compares what fires and what is answered with what is expected.
import { readFile } from 'node:fs/promises';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type AlertError, describe } from '../../errors.js';
import { readRuleFile } from '../rules/read-rule-file.js';
import type { RuleGroup } from '../rules/rule.js';
import { matchingFiles } from './matching-files.js';
import { readTestFile } from './read-test-file.js';
import type { RuleTestFile } from './rule-test.js';
import { runRuleTest } from './run-rule-test.js';
import type { TestStorage } from './test-input.js';

export interface RuleTestReport {
  readonly file: string;
  /** What went otherwise than expected, as texts of several lines; none where all went well. */
  readonly failures: readonly RuleTestFailure[];
  /** What is strange and no failure, such as a pattern that no rule file fits. */
  readonly warnings: readonly string[];
  readonly testCount: number;
}

export interface RuleTestFailure {
  /** Of the test. */
  readonly test: string;
  readonly problem: string;
}

/**
 * Runs the tests of a file as `promtool test rules` does, and agrees with it on what fails.
 *
 * Errors: `rules_unreadable` and `invalid_rules`, of the file and of the rule files that it names.
 *
 * @param newStorage - Makes an empty storage that takes samples from 1970, such as
 *   `() => new MemoryStorage({ retentionSeconds: Infinity })`.
 */
export function runRuleTests(file: string, newStorage: () => TestStorage): ResultAsync<RuleTestReport, AlertError> {
  return new ResultAsync(run(file, newStorage));
}

async function run(file: string, newStorage: () => TestStorage): Promise<Result<RuleTestReport, AlertError>> {
  const text = await contentOf(file);
  if (text.isErr()) return err(text.error);
  const read = readTestFile(text.value, file);
  if (read.isErr()) return err(read.error);
  const rules = await rulesOf(read.value, file);
  if (rules.isErr()) return err(rules.error);
  const { groups, warnings } = rules.value;
  const failures: RuleTestFailure[] = [];
  for (const test of read.value.tests) {
    const problems = await runRuleTest(test, { file: read.value, groups, newStorage });
    failures.push(...problems.map((problem) => ({ test: test.name, problem })));
  }
  return ok({ file, failures, warnings, testCount: read.value.tests.length });
}

interface Rules {
  readonly groups: readonly RuleGroup[];
  readonly warnings: readonly string[];
}

async function rulesOf({ ruleFiles, groupOrder }: RuleTestFile, testFile: string): Promise<Result<Rules, AlertError>> {
  const groups: RuleGroup[] = [];
  const warnings: string[] = [];
  for (const pattern of ruleFiles) {
    const files = await matchingFiles(pattern, testFile);
    if (files.length === 0) warnings.push(`No rule file fits the pattern ${pattern}.`);
    for (const file of files) {
      const text = await contentOf(file);
      if (text.isErr()) return err(text.error);
      const read = readRuleFile(text.value, file);
      if (read.isErr()) return err(read.error);
      groups.push(...read.value);
    }
  }
  const place = ({ name }: RuleGroup) => Math.max(0, groupOrder.indexOf(name));
  return ok({ groups: groups.sort((a, b) => place(a) - place(b)), warnings });
}

async function contentOf(file: string): Promise<Result<string, AlertError>> {
  try {
    return ok(await readFile(file, 'utf8'));
  } catch (cause) {
    return err({ kind: 'rules_unreadable', file, cause });
  }
}

/** A report as promtool prints it, without the line that names the file. */
export function reportText({ failures }: RuleTestReport): string {
  if (failures.length === 0) return '  SUCCESS';
  return ['  FAILED:', ...failures.map(({ test, problem }) => `    name: ${test},\n${problem}`)].join('\n');
}

/** An error instead of a report, likewise. */
export function refusalText(error: AlertError): string {
  return `  FAILED:\n    ${describe(error)}`;
}
