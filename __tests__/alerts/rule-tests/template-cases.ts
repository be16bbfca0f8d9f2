// Cases of agreement with promtool that are about templates in labels and annotations.
import type { AgreementCase, Fields } from './agreement-case.js';

const down: Fields = { alert: 'Down', expr: 'up == 0' };
const fires = (time: string, ...expected: readonly Fields[]): Fields => ({
  eval_time: time,
  alertname: 'Down',
  exp_alerts: expected,
});
const shop: Fields = { exp_labels: { job: 'shop' } };
const said = (text: string): Fields => ({ exp_labels: { job: 'shop' }, exp_annotations: { said: text } });
const saying = (said: string): Fields => ({ ...down, annotations: { said } });
const IS_DOWN = { 'up{job="shop"}': '0x30' };

export const templateCases: readonly AgreementCase[] = [
  {
    title: 'has the labels of its rule',
    passes: true,
    rules: [{ ...down, labels: { severity: 'page', who: '{{ $labels.job }}' } }],
    input: IS_DOWN,
    alerts: [fires('1m', { exp_labels: { job: 'shop', severity: 'page', who: 'shop' } })],
  },
  {
    title: 'says what its annotation says',
    passes: true,
    rules: [saying('{{ $labels.job }} has {{ $value }}')],
    input: IS_DOWN,
    alerts: [fires('1m', said('shop has 0'))],
  },
  {
    title: 'says something else',
    passes: false,
    rules: [saying('{{ $labels.job }} has {{ $value }}')],
    input: IS_DOWN,
    alerts: [fires('1m', said('shop has 1'))],
  },
  {
    title: 'writes values for people',
    passes: true,
    rules: [
      saying(
        '{{ 1536 | humanize1024 }}B, {{ 0.25 | humanizePercentage }}, {{ 3725 | humanizeDuration }}, {{ printf "%.1f" 2.25 }}',
      ),
    ],
    input: IS_DOWN,
    alerts: [fires('1m', said('1.5kiB, 25%, 1h 2m 5s, 2.2'))],
  },
  {
    title: 'asks from its template',
    passes: true,
    rules: [saying('{{ with query "sum(up)" }}{{ . | first | value }}{{ end }} up')],
    input: { ...IS_DOWN, 'up{job="till"}': '1x30' },
    alerts: [fires('1m', said('1 up'))],
  },
  {
    title: 'knows the external labels in its template',
    passes: true,
    rules: [saying('{{ $externalLabels.site }} {{ $externalURL }}')],
    input: IS_DOWN,
    test: { external_labels: { site: 'north' }, external_url: 'http://here' },
    alerts: [fires('1m', said('north http://here'))],
  },
  {
    title: 'has a template that fails',
    passes: false,
    rules: [saying('{{ first nothing }}')],
    input: IS_DOWN,
    alerts: [fires('1m', shop)],
  },
];
