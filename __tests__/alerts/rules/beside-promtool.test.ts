// Rule files are judged here and by promtool, and those that are written here are read by both.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertRule, promql, readRuleFile, recordingRule, ruleGroup, toRuleFile } from 'telltale/alerts';
import { promtool } from '../../support/promtool.js';

const rule = (text: string) => `groups: [{name: g, rules: [{${text}}]}]`;

/** What is wrong in the words of promtool, which says the same. */
const SAID_ALIKE: readonly string[] = [
  'groups: [{}]',
  'groups: [{name: a}, {name: a}]',
  'groups: [{name: g, interval: 1}]',
  'groups: [{name: g, interval: 1x}]',
  'groups: [{name: g, interval: -1s}]',
  rule('expr: up'),
  rule('alert: "", expr: up'),
  rule('alert: A, record: b, expr: up'),
  rule('alert: A'),
  rule('record: a'),
  rule('alert: A, expr: ""'),
  rule('alert: A, expr: "sum(up) by"'),
  rule('alert: A, expr: "rate(up)"'),
  rule('alert: A, expr: "foo(up)"'),
  rule('alert: A, expr: "mad_over_time(up[5m])"'),
  rule('record: a, expr: up, for: 1m'),
  rule('record: a, expr: up, keep_firing_for: 1m'),
  rule('record: a, expr: up, annotations: {a: b}'),
  rule('alert: A, expr: up, for: 5'),
  rule('alert: A, expr: up, for: 5 m'),
  rule('alert: A, expr: up, for: -5m'),
  rule('alert: A, expr: up, labels: {__name__: x}'),
  rule('alert: A, expr: up, annotations: {a: "{{ foo }}"}'),
  rule('alert: A, expr: up, annotations: {a: "{{ .Labels.x | nofunc }}"}'),
  rule('alert: A, expr: up, annotations: {a: "{{ $unknown }}"}'),
  rule('alert: A, expr: up, annotations: {a: "{{ if }}x{{ end }}"}'),
  rule('alert: A, expr: up, annotations: {a: "{{ range }}"}'),
  rule('alert: A, expr: up, annotations: {a: "{{ end }}"}'),
  rule('alert: A, expr: up, labels: {a: "{{ $labels.x"}'),
];

/** Here promtool shows the types of its own program, or those who read YAML and PromQL have words of their own. */
const SAID_OTHERWISE: readonly string[] = [
  'unknown: 1',
  '- groups',
  'groups: {name: a}',
  'groups: [a]',
  'groups: [{name: [a]}]',
  'groups: [{name: a, color: red}]',
  'groups: [{name: a, rules: {}}]',
  'groups: [{name: a, rules: [1]}]',
  'groups: [{name: g, limit: "5"}]',
  'groups: [{name: g, name: h}]',
  'groups: [{name: g}',
  "groups: [{name: 'g]",
  'groups:\n\t- name: g',
  rule('alert: A, expr: [up]'),
  rule('alert: A, expr: "up >"'),
  rule('record: "a{b}", expr: up'),
  rule('alert: A, expr: up, extra: 1'),
  rule('alert: A, expr: up, labels: [a]'),
  rule('alert: A, expr: up, labels: {a: [5]}'),
  rule('alert: A, expr: up, annotations: {a: "{{ $labels.x }"}'),
];

const GOOD: readonly string[] = [
  '',
  'groups:',
  'groups: []',
  'groups: [{name: 5}]',
  'groups: [{name: g, interval: 1m30s, limit: -1, query_offset: 1m}]',
  rule('alert: A, expr: 5'),
  rule('alert: A, expr: "up[5m]"'),
  rule('alert: A, expr: up, for: 0, keep_firing_for: 1y2w'),
  rule('alert: A, expr: up, labels: {a: 5, b: null, alertname: x}'),
  rule('alert: A, expr: up, annotations: {a: "{{ $value | humanize }}", b: "{{ printf }}"}'),
  // Only alerts have templates.
  rule('record: a, expr: up, labels: {a: "{{ x"}'),
];

let file = '';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-rules-'));
  file = join(folder, 'rules.yml');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function checkedByPromtool(text: string): Promise<{ readonly exitCode: number; readonly output: string }> {
  await writeFile(file, text);
  return promtool(['check', 'rules', file]);
}

describe('readRuleFile', () => {
  it.each(SAID_ALIKE)('refuses in the words of promtool what it refuses: %s', async (text) => {
    const error = readRuleFile(text)._unsafeUnwrapErr();
    if (error.kind !== 'invalid_rules') throw new Error(error.kind);
    const { exitCode, output } = await checkedByPromtool(text);
    expect(exitCode).toBe(1);
    // At the end of a line, so that nothing is left out either.
    for (const { problem } of error.problems) expect(`${output}\n`).toContain(`${problem}\n`);
    expect(error.problems.length).toBeGreaterThan(0);
  });

  it.each(SAID_OTHERWISE)('refuses what promtool refuses: %s', async (text) => {
    expect(readRuleFile(text)._unsafeUnwrapErr().kind).toBe('invalid_rules');
    expect((await checkedByPromtool(text)).exitCode).toBe(1);
  });

  it.each(GOOD)('takes what promtool takes: %s', async (text) => {
    expect(readRuleFile(text).isOk()).toBe(true);
    expect((await checkedByPromtool(text)).exitCode).toBe(0);
  });
});

describe('toRuleFile', () => {
  it('writes what promtool takes and what reads back the same', async () => {
    const load = { name: 'load' };
    const groups = [
      ruleGroup({
        name: 'yes',
        intervalSeconds: 30,
        limit: 5,
        rules: [
          recordingRule({ record: 'job:load', expr: promql`sum by (job) (${load}{a=~${'x"y'}})`, labels: { on: '1' } }),
          alertRule({
            alert: 'A',
            expr: promql`${load} > ${5}`,
            forSeconds: 90,
            annotations: { a: '{{ $value }}: "b"' },
          }),
        ],
      }),
    ];
    const text = toRuleFile(groups);
    expect(readRuleFile(text)._unsafeUnwrap()).toEqual(groups);
    await writeFile(file, text);
    expect(await promtool(['check', 'rules', file])).toMatchObject({ exitCode: 0 });
  });
});
