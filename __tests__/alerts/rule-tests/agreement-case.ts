// What a case of agreement with promtool is: rules, a test of them, and whether it passes. Cases are data of which the two
// YAML files are made, so that each shows only what it is about.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Fields of a YAML mapping, in promtool's own names. */
export type Fields = Readonly<Record<string, unknown>>;

export interface AgreementCase {
  readonly title: string;
  /** By the documentation of promtool, before anything has run. */
  readonly passes: boolean;
  /** Rules of one group that is called `g`. */
  readonly rules?: readonly Fields[];
  /** Instead of `rules`: whole groups. */
  readonly groups?: readonly Fields[];
  /** Instead of both: the text of the rule file. */
  readonly ruleText?: string;
  /** Of the file of tests, besides `rule_files` and `tests`. */
  readonly file?: Fields;
  /** Instead of a file of one test. */
  readonly tests?: readonly Fields[];
  /** Series that go in, one point a minute. */
  readonly input?: Readonly<Record<string, string>>;
  readonly alerts?: readonly Fields[];
  readonly expressions?: readonly Fields[];
  /** Of the test, besides what is above. */
  readonly test?: Fields;
  /** Instead of all that makes the file of tests. */
  readonly testText?: string;
}

/** Writes both files into a folder of their own, and answers the path of the file of tests. */
export async function writeCase(root: string, place: number, one: AgreementCase): Promise<string> {
  const folder = join(root, String(place).padStart(3, '0'));
  await mkdir(folder);
  await writeFile(join(folder, 'rules.yml'), one.ruleText ?? stringify({ groups: groupsOf(one) }));
  const path = join(folder, 'tests.yml');
  await writeFile(path, one.testText ?? stringify(fileOf(one)));
  return path;
}

function groupsOf({ groups, rules = [] }: AgreementCase): readonly Fields[] {
  return groups ?? [{ name: 'g', rules }];
}

function fileOf({ file, tests, input = {}, alerts = [], expressions = [], test }: AgreementCase): Fields {
  const only = {
    interval: '1m',
    input_series: Object.entries(input).map(([series, values]) => ({ series, values })),
    ...(alerts.length > 0 && { alert_rule_test: alerts }),
    ...(expressions.length > 0 && { promql_expr_test: expressions }),
    ...test,
  };
  return { rule_files: ['rules.yml'], evaluation_interval: '1m', ...file, tests: tests ?? [only] };
}
