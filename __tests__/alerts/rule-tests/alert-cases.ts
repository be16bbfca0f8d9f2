// Cases of agreement with promtool that are about alerts: when they fire, and what they say.
import type { AgreementCase, Fields } from './agreement-case.js';

const down: Fields = { alert: 'Down', expr: 'up == 0' };
const downFor: Fields = { ...down, for: '5m' };
const fires = (time: string, ...expected: readonly Fields[]): Fields => ({
  eval_time: time,
  alertname: 'Down',
  exp_alerts: expected,
});
const shop: Fields = { exp_labels: { job: 'shop' } };
const said = (text: string): Fields => ({ exp_labels: { job: 'shop' }, exp_annotations: { said: text } });
const saying = (said: string): Fields => ({ ...down, annotations: { said } });
const IS_DOWN = { 'up{job="shop"}': '0x30' };

export const alertCases: readonly AgreementCase[] = [
  { title: 'fires at once', passes: true, rules: [down], input: IS_DOWN, alerts: [fires('0m', shop)] },
  {
    title: 'is expected and does not fire',
    passes: false,
    rules: [down],
    input: { 'up{job="shop"}': '1x30' },
    alerts: [fires('3m', shop)],
  },
  { title: 'fires and nobody expects it', passes: false, rules: [down], input: IS_DOWN, alerts: [fires('3m')] },
  {
    title: 'does not fire and nobody expects it',
    passes: true,
    rules: [down],
    input: { 'up{job="shop"}': '1x30' },
    alerts: [fires('3m')],
  },
  {
    title: 'is pending for as long as `for` says',
    passes: true,
    rules: [downFor],
    input: IS_DOWN,
    alerts: [fires('4m'), fires('5m', shop)],
  },
  { title: 'is pending still', passes: false, rules: [downFor], input: IS_DOWN, alerts: [fires('4m', shop)] },
  {
    title: 'is pending anew after a moment up',
    passes: true,
    rules: [downFor],
    input: { 'up{job="shop"}': '0x3 1 0x10' },
    alerts: [fires('9m'), fires('10m', shop)],
  },
  {
    title: 'would fire if a moment up did not count',
    passes: false,
    rules: [downFor],
    input: { 'up{job="shop"}': '0x3 1 0x10' },
    alerts: [fires('6m', shop)],
  },
  {
    title: 'goes on for as long as keep_firing_for says',
    passes: true,
    rules: [{ ...down, keep_firing_for: '3m' }],
    input: { 'up{job="shop"}': '0 1x20' },
    alerts: [fires('3m', shop), fires('4m')],
  },
  {
    title: 'is over after keep_firing_for',
    passes: false,
    rules: [{ ...down, keep_firing_for: '3m' }],
    input: { 'up{job="shop"}': '0 1x20' },
    alerts: [fires('4m', shop)],
  },
  {
    title: 'ends with a series that is stale',
    passes: true,
    rules: [down],
    input: { 'up{job="shop"}': '0 0 stale' },
    alerts: [fires('1m', shop), fires('2m')],
  },
  {
    title: 'does not outlive a series that is stale',
    passes: false,
    rules: [down],
    input: { 'up{job="shop"}': '0 0 stale' },
    alerts: [fires('2m', shop)],
  },
  {
    title: 'goes on over a gap for as long as queries look back',
    passes: true,
    rules: [down],
    input: { 'up{job="shop"}': '0 _x10' },
    alerts: [fires('4m', shop), fires('6m')],
  },
  {
    title: 'is over when queries look back no further',
    passes: false,
    rules: [down],
    input: { 'up{job="shop"}': '0 _x10' },
    alerts: [fires('6m', shop)],
  },
  {
    title: 'has the wrong label',
    passes: false,
    rules: [down],
    input: IS_DOWN,
    alerts: [fires('1m', { exp_labels: { job: 'shops' } })],
  },
  {
    title: 'has a label that is not expected',
    passes: false,
    rules: [{ ...down, labels: { severity: 'page' } }],
    input: IS_DOWN,
    alerts: [fires('1m', shop)],
  },
  {
    title: 'takes labels of its rule instead of those of the series',
    passes: true,
    rules: [{ ...down, labels: { job: 'other' } }],
    input: IS_DOWN,
    alerts: [fires('1m', { exp_labels: { job: 'other' } })],
  },
  {
    title: 'fires for one of two series only',
    passes: false,
    rules: [down],
    input: { ...IS_DOWN, 'up{job="till"}': '0x30' },
    alerts: [fires('1m', shop)],
  },
  {
    title: 'fires for both series, in any order',
    passes: true,
    rules: [down],
    input: { ...IS_DOWN, 'up{job="till"}': '0x30' },
    alerts: [fires('1m', { exp_labels: { job: 'till' } }, shop)],
  },
  {
    title: 'says nothing where something is expected',
    passes: false,
    rules: [down],
    input: IS_DOWN,
    alerts: [fires('1m', said('down'))],
  },
  {
    title: 'says something where nothing is expected',
    passes: false,
    rules: [saying('down')],
    input: IS_DOWN,
    alerts: [fires('1m', shop)],
  },
  {
    title: 'does not get the external labels itself',
    passes: false,
    rules: [down],
    input: IS_DOWN,
    test: { external_labels: { site: 'north' } },
    alerts: [fires('1m', { exp_labels: { job: 'shop', site: 'north' } })],
  },
  {
    title: 'is looked at between two evaluations',
    passes: true,
    rules: [down],
    input: { 'up{job="shop"}': '1 0 1x20' },
    alerts: [fires('1m59s', shop), fires('2m')],
  },
  {
    title: 'is evaluated as often as the file says',
    passes: true,
    file: { evaluation_interval: '2m' },
    rules: [{ ...down, for: '3m' }],
    input: IS_DOWN,
    test: { interval: '1m' },
    alerts: [fires('3m'), fires('4m', shop)],
  },
  {
    title: 'is of a name that no rule has',
    passes: false,
    rules: [down],
    input: IS_DOWN,
    alerts: [{ eval_time: '1m', alertname: 'Up', exp_alerts: [shop] }],
  },
  {
    title: 'is of a rule that fails',
    passes: false,
    rules: [{ alert: 'Down', expr: 'up * on () group_left vector(1) + on () up' }],
    input: { ...IS_DOWN, 'up{job="till"}': '0x30' },
    alerts: [fires('1m')],
  },
  {
    title: 'gives ALERTS',
    passes: true,
    rules: [downFor],
    input: IS_DOWN,
    expressions: [
      {
        expr: 'ALERTS',
        eval_time: '2m',
        exp_samples: [{ labels: 'ALERTS{alertname="Down",alertstate="pending",job="shop"}', value: 1 }],
      },
    ],
    alerts: [fires('2m')],
  },
  {
    title: 'has ALERTS of a state that is over',
    passes: false,
    rules: [downFor],
    input: IS_DOWN,
    expressions: [
      {
        expr: 'ALERTS{alertstate="pending"}',
        eval_time: '6m',
        exp_samples: [{ labels: 'ALERTS{alertname="Down",alertstate="pending",job="shop"}', value: 1 }],
      },
    ],
  },
  {
    title: 'has been active since',
    passes: true,
    rules: [downFor],
    input: { 'up{job="shop"}': '1 0x10' },
    expressions: [
      {
        expr: 'ALERTS_FOR_STATE',
        eval_time: '6m',
        exp_samples: [{ labels: 'ALERTS_FOR_STATE{alertname="Down",job="shop"}', value: 60 }],
      },
    ],
  },
  {
    title: 'has an empty label that is expected',
    passes: false,
    rules: [down],
    input: IS_DOWN,
    alerts: [fires('1m', { exp_labels: { job: 'shop', x: '' } })],
  },
  {
    title: 'has an empty annotation that is not expected',
    passes: false,
    rules: [saying('')],
    input: IS_DOWN,
    alerts: [fires('1m', shop)],
  },
];
