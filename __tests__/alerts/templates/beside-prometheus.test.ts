// Templates are expanded here and by Prometheus: promtool runs a rule test whose expected annotations are what came out here.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStorage } from 'telltale';
import { RuleEvaluator, readRuleFile } from 'telltale/alerts';
import { QueryEngine } from 'telltale/query';
import { ManualClock } from 'telltale/testing';
import { promtool } from '../../support/promtool.js';
import { TEMPLATES, UNREADABLE } from './cases.js';

const SERIES = [
  { labels: { job: 'shop', instance: 'b:2' }, value: 12.3456 },
  { labels: { job: 'shop', instance: 'a:1' }, value: 3 },
];

function ruleFile(templates: readonly string[]): string {
  const annotations = Object.fromEntries(templates.map((template, i) => [`a${i}`, template]));
  return JSON.stringify({
    groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'load{instance="b:2"} > 5', annotations }] }],
  });
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-templates-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the templates become in an alert for the first of the series. */
async function expandedHere(): Promise<Readonly<Record<string, string>>> {
  const clock = new ManualClock(0);
  const storage = new MemoryStorage({ clock });
  const groups = readRuleFile(ruleFile(TEMPLATES))._unsafeUnwrap();
  const engine = new QueryEngine(storage, { clock });
  const evaluator = (await RuleEvaluator.open({ engine, groups, clock, intervalSeconds: 60 }))._unsafeUnwrap();
  clock.advance(60);
  for (const { labels, value } of SERIES) storage.append({ __name__: 'load', ...labels }, clock.now(), value);
  await evaluator.evaluateDue();
  return evaluator.alerts[0]?.annotations ?? {};
}

/** What promtool says of them, one by one where not all are right. */
async function judged(annotations: Readonly<Record<string, string>>): Promise<string> {
  await writeFile(join(folder, 'rules.json'), ruleFile(TEMPLATES));
  const tests = {
    rule_files: ['rules.json'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: SERIES.map(({ labels, value }) => ({
          series: `load{job="${labels.job}", instance="${labels.instance}"}`,
          values: `_ ${value}`,
        })),
        alert_rule_test: [
          {
            eval_time: '1m',
            alertname: 'A',
            exp_alerts: [{ exp_labels: SERIES[0]?.labels, exp_annotations: annotations }],
          },
        ],
      },
    ],
  };
  const file = join(folder, 'tests.json');
  await writeFile(file, JSON.stringify(tests));
  const { exitCode, output } = await promtool(['test', 'rules', file]);
  return exitCode === 0 ? 'SUCCESS' : output;
}

describe('templates', () => {
  it('become in Prometheus what they become here', async () => {
    const annotations = await expandedHere();
    expect(Object.keys(annotations)).toHaveLength(TEMPLATES.length);
    expect(await judged(annotations)).toBe('SUCCESS');
  });

  it.each(UNREADABLE)('are refused by promtool and here: %s', async (template) => {
    const text = ruleFile([template]);
    const refused = readRuleFile(text)._unsafeUnwrapErr();
    expect(refused).toMatchObject({
      kind: 'invalid_rules',
      problems: [{ problem: expect.stringMatching(/annotation "a0": template: __alert_A:1: ./) }],
    });
    const file = join(folder, 'unreadable.json');
    await writeFile(file, text);
    expect((await promtool(['check', 'rules', file])).exitCode).not.toBe(0);
  });
});
