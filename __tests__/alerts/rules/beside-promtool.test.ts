// Rule files are judged here and by promtool, and those that are written here are read by both.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertRule, promql, readRuleFile, recordingRule, ruleGroup, toRuleFile } from 'telltale/alerts';
import { promtool } from '../../support/promtool.js';

const rule = (text: string) => `groups: [{name: g, rules: [{${text}}]}]`;

const BAD: readonly string[] = [
  'groups: [{}]',
  'groups: [{name: a}, {name: a}]',
  'unknown: 1',
  'groups: [{name: a, color: red}]',
  rule('expr: up'),
  rule('alert: A, record: b, expr: up'),
  rule('alert: A'),
  rule('alert: A, expr: "up >"'),
  rule('record: "a{b}", expr: up'),
  rule('record: a, expr: up, for: 1m'),
  rule('record: a, expr: up, annotations: {a: b}'),
  rule('alert: A, expr: up, for: 5'),
  rule('alert: A, expr: up, labels: {__name__: x}'),
  rule('alert: A, expr: up, labels: [a]'),
  'groups: [{name: g, limit: "5"}]',
];

let file = '';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-rules-'));
  file = join(folder, 'rules.yml');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('readRuleFile', () => {
  it.each(BAD)('refuses what promtool refuses: %s', async (text) => {
    expect(readRuleFile(text)._unsafeUnwrapErr().kind).toBe('invalid_rules');
    await writeFile(file, text);
    expect((await promtool(['check', 'rules', file])).exitCode).not.toBe(0);
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
