// Cases of agreement with promtool that are about expressions and recording rules, and about files that make no sense.
import type { AgreementCase, Fields } from './agreement-case.js';

const asked = (expr: string, time: string, ...expected: readonly (readonly [string, unknown])[]): Fields => ({
  expr,
  eval_time: time,
  exp_samples: expected.map(([labels, value]) =>
    typeof value === 'string' ? { labels, histogram: value } : { labels, value },
  ),
});
const perSecond: Fields = { record: 'job:requests:rate5m', expr: 'sum by (job) (rate(requests_total[5m]))' };
const COUNTED = {
  'requests_total{job="shop",path="/"}': '0+60x20',
  'requests_total{job="shop",path="/buy"}': '0+30x20',
};
const chain = (first: string, second: string): readonly Fields[] => [
  { name: first, rules: [{ record: 'twice', expr: 'x * 2' }] },
  { name: second, rules: [{ record: 'four_times', expr: 'twice * 2' }] },
];
const MINUTES = { x: '0+1x20' };

export const expressionCases: readonly AgreementCase[] = [
  {
    title: 'a rate',
    passes: true,
    rules: [perSecond],
    input: COUNTED,
    expressions: [asked('job:requests:rate5m', '10m', ['job:requests:rate5m{job="shop"}', 1.5])],
  },
  {
    title: 'another value',
    passes: false,
    rules: [perSecond],
    input: COUNTED,
    expressions: [asked('job:requests:rate5m', '10m', ['job:requests:rate5m{job="shop"}', 1.6])],
  },
  {
    title: 'another label',
    passes: false,
    rules: [perSecond],
    input: COUNTED,
    expressions: [asked('job:requests:rate5m', '10m', ['job:requests:rate5m{job="till"}', 1.5])],
  },
  {
    title: 'another name',
    passes: false,
    rules: [perSecond],
    input: COUNTED,
    expressions: [asked('job:requests:rate5m', '10m', ['{job="shop"}', 1.5])],
  },
  { title: 'nothing, as expected', passes: true, input: COUNTED, expressions: [asked('nothing', '10m')] },
  {
    title: 'nothing, but something is expected',
    passes: false,
    input: COUNTED,
    expressions: [asked('nothing', '10m', ['nothing', 0])],
  },
  {
    title: 'something, but nothing is expected',
    passes: false,
    input: COUNTED,
    expressions: [asked('sum(requests_total)', '10m')],
  },
  {
    title: 'samples in any order',
    passes: true,
    input: COUNTED,
    expressions: [
      asked(
        'requests_total',
        '2m',
        ['requests_total{path="/buy",job="shop"}', 60],
        ['requests_total{job="shop",path="/"}', 120],
      ),
    ],
  },
  {
    title: 'a value that differs in the last bits',
    passes: false,
    input: { a: '0.1', b: '0.2' },
    expressions: [asked('a + on () b', '0m', ['{}', 0.3])],
  },
  {
    title: 'NaN, which equals nothing',
    passes: false,
    input: { x: 'NaN' },
    testText:
      'tests:\n- input_series: [{series: x, values: NaN}]\n  promql_expr_test: [{expr: x, eval_time: 0s, exp_samples: [{labels: x, value: .nan}]}]\n',
  },
  {
    title: 'infinity',
    passes: true,
    testText:
      'tests:\n- input_series: [{series: x, values: "Inf -Inf"}]\n  promql_expr_test: [{expr: x, eval_time: 0s, exp_samples: [{labels: x, value: .inf}]}, {expr: x, eval_time: 1m, exp_samples: [{labels: x, value: -.inf}]}]\n',
  },
  { title: 'a scalar', passes: true, input: COUNTED, expressions: [asked('time()', '3m', ['{}', 180])] },
  {
    title: 'a scalar without labels',
    passes: true,
    input: COUNTED,
    expressions: [{ expr: 'time()', eval_time: '3m', exp_samples: [{ value: 180 }] }],
  },
  {
    title: 'a text, which is no result',
    passes: false,
    input: COUNTED,
    expressions: [asked('"text"', '3m', ['{}', 0])],
  },
  { title: 'a range, which is no result', passes: false, input: COUNTED, expressions: [asked('x[5m]', '3m')] },
  { title: 'what cannot be read', passes: false, input: COUNTED, expressions: [asked('sum(', '3m')] },
  { title: 'labels that cannot be read', passes: false, input: COUNTED, expressions: [asked('x', '3m', ['x{', 1])] },
  {
    title: 'a series of the notation',
    passes: true,
    input: { x: '1+2x2 -1-1x1 _ 7 _x2 stale 5' },
    expressions: [
      ...[1, 3, 5, -1, -2, -2, 7, 7, 7].map((value, i) => asked('x', `${i}m`, ['x', value])),
      asked('x', '9m'),
      asked('x', '10m', ['x', 5]),
    ],
  },
  {
    title: 'a series of the notation, one point late',
    passes: false,
    input: { x: '1+2x2 -1-1x1' },
    expressions: [asked('x', '3m', ['x', 5])],
  },
  {
    title: 'a sample within reach of looking back',
    passes: true,
    input: { x: '1 _x10' },
    expressions: [asked('x', '4m59s', ['x', 1]), asked('x', '5m1s')],
    test: { interval: '1m' },
    file: { evaluation_interval: '1s' },
  },
  {
    title: 'a sample out of reach of looking back',
    passes: false,
    input: { x: '1 _x10' },
    expressions: [asked('x', '5m1s', ['x', 1])],
    file: { evaluation_interval: '1s' },
  },
  {
    title: 'nothing of what comes after the last evaluation',
    passes: true,
    input: MINUTES,
    file: { evaluation_interval: '5m' },
    expressions: [asked('x', '9m', ['x', 5])],
  },
  {
    title: 'something of what comes after the last evaluation',
    passes: false,
    input: MINUTES,
    file: { evaluation_interval: '5m' },
    expressions: [asked('x', '9m', ['x', 9])],
  },
  {
    title: 'subqueries in steps of the evaluation',
    passes: true,
    input: MINUTES,
    file: { evaluation_interval: '2m' },
    expressions: [asked('count_over_time(x[9m:])', '10m', ['{}', 5])],
  },
  {
    title: 'a rule on a rule',
    passes: true,
    rules: [
      { record: 'twice', expr: 'x * 2' },
      { record: 'four_times', expr: 'twice * 2', labels: { of: 'x' } },
    ],
    input: MINUTES,
    expressions: [asked('four_times', '3m', ['four_times{of="x"}', 12])],
  },
  {
    title: 'a rule on a later rule, one evaluation behind',
    passes: true,
    rules: [
      { record: 'four_times', expr: 'twice * 2' },
      { record: 'twice', expr: 'x * 2' },
    ],
    input: MINUTES,
    expressions: [asked('four_times', '3m', ['four_times', 8])],
  },
  {
    title: 'a rule on a later rule, up to date',
    passes: false,
    rules: [
      { record: 'four_times', expr: 'twice * 2' },
      { record: 'twice', expr: 'x * 2' },
    ],
    input: MINUTES,
    expressions: [asked('four_times', '3m', ['four_times', 12])],
  },
  {
    title: 'groups in the order that the file says',
    passes: true,
    groups: chain('b', 'a'),
    file: { group_eval_order: ['b', 'a'] },
    input: MINUTES,
    expressions: [asked('four_times', '3m', ['four_times', 12])],
  },
  {
    title: 'groups in the other order',
    passes: false,
    groups: chain('b', 'a'),
    file: { group_eval_order: ['a', 'b'] },
    input: MINUTES,
    expressions: [asked('four_times', '3m', ['four_times', 12])],
  },
  {
    title: 'groups in an order that names one twice',
    passes: false,
    groups: chain('b', 'a'),
    file: { group_eval_order: ['a', 'a'] },
    input: MINUTES,
  },
  {
    title: 'a rule whose series end',
    passes: true,
    rules: [{ record: 'big', expr: 'x > 3 < 6' }],
    input: MINUTES,
    expressions: [asked('big', '5m', ['big', 5]), asked('big', '6m')],
  },
  {
    title: 'a rule whose series do not end',
    passes: false,
    rules: [{ record: 'big', expr: 'x > 3 < 6' }],
    input: MINUTES,
    expressions: [asked('big', '6m', ['big', 5])],
  },
  {
    title: 'a rule over its limit',
    passes: false,
    groups: [{ name: 'g', limit: 1, rules: [{ record: 'y', expr: 'requests_total' }] }],
    input: COUNTED,
    expressions: [asked('x', '1m')],
  },
  {
    title: 'a rule that gives the same series twice',
    passes: false,
    rules: [{ record: 'y', expr: 'requests_total', labels: { path: '' } }],
    input: COUNTED,
    expressions: [asked('x', '1m')],
  },
  {
    title: 'a rule that gives what comes in already',
    passes: false,
    rules: [{ record: 'x', expr: 'vector(100)' }],
    input: MINUTES,
    expressions: [asked('x', '3m', ['x', 3])],
  },
  {
    title: 'two rules that give the same series',
    passes: false,
    rules: [
      { record: 'y', expr: 'x' },
      { record: 'y', expr: 'x * 2' },
    ],
    input: MINUTES,
    expressions: [asked('y', '3m', ['y', 3])],
  },
  {
    title: 'a series that comes in twice',
    passes: true,
    testText:
      'tests:\n- input_series: [{series: x, values: 1 2 3}, {series: x, values: 4 5}]\n  promql_expr_test: [{expr: x, eval_time: 2m, exp_samples: [{labels: x, value: 5}]}]\n',
  },
  {
    title: 'a rule that looks ahead',
    passes: false,
    rules: [{ record: 'y', expr: 'x offset -2m' }],
    input: MINUTES,
    expressions: [asked('y', '3m', ['y', 5])],
  },
  {
    title: 'a histogram',
    passes: true,
    input: { h: '{{schema:0 sum:5 count:4 buckets:[1 2 1]}}x3' },
    expressions: [
      asked('h', '2m', ['h', '{{schema:0 sum:5 count:4 buckets:[1 2 1]}}']),
      asked('histogram_count(h)', '2m', ['{}', 4]),
    ],
  },
  {
    title: 'another histogram',
    passes: false,
    input: { h: '{{schema:0 sum:5 count:4 buckets:[1 2 1]}}x3' },
    expressions: [asked('h', '2m', ['h', '{{schema:0 sum:5 count:5 buckets:[1 2 2]}}'])],
  },
  {
    title: 'a number instead of a histogram',
    passes: false,
    input: { h: '{{schema:0 sum:5 count:4 buckets:[1 2 1]}}x3' },
    expressions: [asked('h', '2m', ['h', 4])],
  },
  {
    title: 'a histogram that grows',
    passes: true,
    input: { h: '{{sum:1 count:1 buckets:[1]}}+{{sum:2 count:3 buckets:[1 2]}}x4' },
    expressions: [asked('histogram_sum(h)', '3m', ['{}', 7]), asked('histogram_quantile(1, h)', '3m', ['{}', 2])],
  },
  {
    title: 'a sum of histograms that a rule has recorded',
    passes: true,
    rules: [{ record: 'all', expr: 'sum(h)' }],
    input: { 'h{a="1"}': '{{sum:1 count:1 buckets:[1]}}x4', 'h{a="2"}': '{{sum:2 count:2 offset:1 buckets:[2]}}x4' },
    expressions: [asked('histogram_count(all)', '2m', ['{}', 3])],
  },
  {
    title: 'a histogram that cannot be read',
    passes: false,
    input: { h: '{{what:1}}' },
    expressions: [asked('h', '2m')],
  },
  {
    title: 'values that cannot be read',
    passes: false,
    input: { x: '1 2 many' },
    expressions: [asked('x', '0m', ['x', 1])],
  },
  {
    title: 'a series that cannot be read',
    passes: false,
    input: { 'x{a=1}': '1 2' },
    expressions: [asked('nothing', '0m')],
  },
  { title: 'a field that nobody knows', passes: false, input: MINUTES, file: { rules: [] } },
  { title: 'a duration that is none', passes: false, input: MINUTES, expressions: [asked('x', '3 minutes', ['x', 3])] },
  { title: 'an alert without a name', passes: false, input: MINUTES, alerts: [{ eval_time: '1m', exp_alerts: [] }] },
  {
    title: 'a rule file that is none',
    passes: false,
    ruleText: 'groups: [{name: g, rules: [{record: y}]}]',
    input: MINUTES,
  },
  {
    title: 'a rule file with an expression that cannot be read',
    passes: false,
    rules: [{ record: 'y', expr: 'sum(' }],
    input: MINUTES,
  },
  {
    title: 'a rule file that is not there',
    passes: true,
    file: { rule_files: ['other.yml'] },
    input: MINUTES,
    expressions: [asked('x', '3m', ['x', 3])],
  },
  {
    title: 'rule files by a pattern',
    passes: true,
    file: { rule_files: ['r?l[e]*.yml'] },
    rules: [{ record: 'y', expr: 'x' }],
    input: MINUTES,
    expressions: [asked('y', '3m', ['y', 3])],
  },
  { title: 'a text that is no YAML', passes: false, testText: 'tests: [{' },
  { title: 'an empty file', passes: true, testText: '' },
  {
    title: 'two tests that know nothing of each other',
    passes: true,
    rules: [{ record: 'y', expr: 'x' }],
    tests: [
      { name: 'with', input_series: [{ series: 'x', values: '1x5' }], promql_expr_test: [asked('y', '3m', ['y', 1])] },
      { name: 'without', promql_expr_test: [asked('y', '3m')] },
    ],
  },
  {
    title: 'two tests of which one fails',
    passes: false,
    rules: [{ record: 'y', expr: 'x' }],
    tests: [
      { name: 'with', input_series: [{ series: 'x', values: '1x5' }], promql_expr_test: [asked('y', '3m', ['y', 1])] },
      { name: 'without', promql_expr_test: [asked('y', '3m', ['y', 1])] },
    ],
  },
  {
    title: 'two rules that give the same series and the same values',
    passes: true,
    rules: [
      { record: 'y', expr: 'x' },
      { record: 'y', expr: 'x + 0' },
    ],
    input: MINUTES,
    expressions: [asked('y', '3m', ['y', 3])],
  },
  {
    title: 'a blank between name and labels of a sample',
    passes: true,
    input: { 'x{a = "1", b=""}': '1 2 3' },
    expressions: [asked('x', '1m', ['x {a="1", c=""}', 2])],
  },
  {
    title: 'a blank between name and labels of a series',
    passes: false,
    input: { 'x {a="1"}': '1 2 3' },
    expressions: [asked('x', '1m', ['x{a="1"}', 2])],
  },
];
