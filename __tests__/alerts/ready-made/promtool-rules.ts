// Has promtool check groups of rules and run unit tests on them: the judge of ready-made rules is not us.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuleGroup } from '../../../lib/alerts/rules/rule.js';
import { toRuleFile } from '../../../lib/alerts/rules/to-rule-file.js';
import { promtool } from '../../support/promtool.js';

export interface AlertCase {
  /** In Prometheus' notation. */
  readonly at: string;
  readonly alert: string;
  /** Of the alerts that fire then. */
  readonly firing: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface ValueCase {
  readonly at: string;
  readonly expr: string;
  readonly samples: readonly { readonly labels: string; readonly value: number }[];
}

export interface RuleCase {
  /** Values in promtool's notation, one a minute. */
  readonly series: Readonly<Record<string, string>>;
  readonly alerts?: readonly AlertCase[];
  readonly values?: readonly ValueCase[];
}

/** What promtool says of the file and of the tests; resolves with what it printed, and rejects where something is wrong. */
export async function judgeRules(group: RuleGroup, { series, alerts = [], values = [] }: RuleCase): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-rules-'));
  try {
    const rules = join(directory, 'rules.yml');
    const tests = join(directory, 'tests.yml');
    await writeFile(rules, toRuleFile([group]));
    // JSON is YAML.
    const test = {
      interval: '1m',
      input_series: Object.entries(series).map(([name, text]) => ({ series: name, values: text })),
      alert_rule_test: alerts.map(({ at, alert, firing }) => ({
        eval_time: at,
        alertname: alert,
        exp_alerts: firing.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
      })),
      promql_expr_test: values.map(({ at, expr, samples }) => ({ eval_time: at, expr, exp_samples: samples })),
    };
    await writeFile(tests, JSON.stringify({ rule_files: [rules], evaluation_interval: '1m', tests: [test] }));
    const checked = await promtool(['check', 'rules', rules]);
    const tested = await promtool(['test', 'rules', tests]);
    if (checked.exitCode !== 0 || tested.exitCode !== 0) throw new Error(checked.output + tested.output);
    return checked.output + tested.output;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
