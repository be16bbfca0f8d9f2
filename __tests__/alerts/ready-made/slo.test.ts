// Alerts on a budget of errors, judged by promtool. What has to fire follows from the workbook's table by arithmetic: with an
// objective of 0.999 a page begins at 1.44 % of errors in an hour or 0.6 % in six, a ticket at 0.3 % in a day or 0.1 % in three.
import { slo } from '../../../lib/alerts/ready-made/slo.js';
import { describeWithServer } from '../../support/servers.js';
import { judgeRules } from './promtool-rules.js';

const OPTIONS = {
  name: 'checkout',
  objective: 0.999,
  total: 'requests_total',
  errors: 'requests_total{code="500"}',
} as const;

/** Series of 1 000 requests a minute. */
const requests = (errorsAMinute: number, minutes: number): Readonly<Record<string, string>> => ({
  'requests_total{code="200"}': `0+${1_000 - errorsAMinute}x${minutes}`,
  'requests_total{code="500"}': `0+${errorsAMinute}x${minutes}`,
});

const burn = (severity: string, share: string, labels: Readonly<Record<string, string>> = {}) => ({
  labels: { alertname: 'ErrorBudgetBurn', slo: 'checkout', severity, ...labels },
  annotations: {
    summary: `checkout uses up its error budget too fast: ${share} are errors.`,
    description: 'Its objective of 0.999 allows a share of 0.001. Look at what changed when the errors began.',
  },
});

describe('slo', () => {
  it('records each window once, the shortest first, and alerts once for each severity', () => {
    const { name, rules } = slo(OPTIONS);
    expect(name).toBe('slo:checkout');
    expect(
      rules.map((rule) => (rule.kind === 'recording' ? rule.record : `${rule.alert} ${rule.labels.severity}`)),
    ).toEqual([
      'slo:objective:ratio',
      'slo:error_budget:ratio',
      'slo:errors:ratio_rate5m',
      'slo:errors:ratio_rate30m',
      'slo:errors:ratio_rate1h',
      'slo:errors:ratio_rate2h',
      'slo:errors:ratio_rate6h',
      'slo:errors:ratio_rate1d',
      'slo:errors:ratio_rate3d',
      'ErrorBudgetBurn page',
      'ErrorBudgetBurn ticket',
    ]);
  });

  it('compares as the workbook does', () => {
    const page = slo(OPTIONS).rules.find((rule) => rule.kind === 'alerting');
    expect(page?.expr).toBe(
      '(slo:errors:ratio_rate1h{slo="checkout"} > 14.4 * 0.001 and slo:errors:ratio_rate5m{slo="checkout"} > 14.4 * 0.001)' +
        ' or (slo:errors:ratio_rate6h{slo="checkout"} > 6 * 0.001 and slo:errors:ratio_rate30m{slo="checkout"} > 6 * 0.001)',
    );
  });

  it('takes expressions of its own for what is counted, and other windows', () => {
    const { rules } = slo({
      ...OPTIONS,
      by: ['job'],
      objective: 0.9,
      errors: (window) => `rate(requests_total[${window}]) - rate(requests_fast_total[${window}])`,
      windows: [{ longSeconds: 600, shortSeconds: 60, burnRate: 5, severity: 'page' }],
      labels: { team: 'web' },
      annotations: { runbook: 'http://wiki/checkout' },
    });
    expect(rules.slice(2)).toMatchObject([
      {
        record: 'slo:errors:ratio_rate1m',
        expr:
          '(sum by (job) (rate(requests_total[1m]) - rate(requests_fast_total[1m])) or 0 * sum by (job) (rate(requests_total[1m])))' +
          ' / sum by (job) (rate(requests_total[1m]))',
        labels: { slo: 'checkout' },
      },
      { record: 'slo:errors:ratio_rate10m' },
      {
        labels: { severity: 'page', team: 'web' },
        annotations: { runbook: 'http://wiki/checkout', summary: expect.any(String) },
      },
    ]);
  });

  it.each([
    ['name', { name: '' }],
    ['objective', { objective: 1 }],
    ['objective', { objective: 0 }],
    ['total', { total: 'requests_total[5m]' }],
    ['errors', { errors: '' }],
    ['windows', { windows: [] }],
    ['windows', { windows: [{ longSeconds: 60, shortSeconds: 60, burnRate: 1, severity: 'page' }] }],
    ['windows.burnRate', { windows: [{ longSeconds: 60, shortSeconds: 5, burnRate: 0, severity: 'page' }] }],
    // 14.4 times a tenth is more than everything.
    ['windows.burnRate', { objective: 0.9 }],
  ])('throws for a wrong %s', (option, options) => {
    expect(() => slo({ ...OPTIONS, ...options })).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ kind: 'invalid_option', option }) }),
    );
  });
});

describeWithServer('promtool', 'slo, judged by promtool', () => {
  const alert = 'ErrorBudgetBurn';

  it('pages at 2 % of errors, and stops soon after the errors do', async () => {
    await judgeRules(slo(OPTIONS), {
      series: {
        'requests_total{code="200"}': '0+980x60 59800+1000x30',
        'requests_total{code="500"}': '0+20x60 1200+0x30',
      },
      values: [
        {
          at: '60m',
          expr: 'slo:errors:ratio_rate1h',
          samples: [{ labels: 'slo:errors:ratio_rate1h{slo="checkout"}', value: 0.02 }],
        },
        {
          at: '70m',
          expr: 'slo:errors:ratio_rate5m',
          samples: [{ labels: 'slo:errors:ratio_rate5m{slo="checkout"}', value: 0 }],
        },
        {
          at: '0m',
          expr: 'slo:error_budget:ratio',
          samples: [{ labels: 'slo:error_budget:ratio{slo="checkout"}', value: 0.001 }],
        },
      ],
      alerts: [
        { at: '60m', alert, firing: [burn('page', '2%'), burn('ticket', '2%')] },
        // By now fewer than 9 of the last 30 minutes had errors, which is less than 0.6 %; two hours have 1 %.
        { at: '85m', alert, firing: [burn('ticket', '1.412%')] },
      ],
    });
  });

  it('files a ticket at 0.5 % of errors, and pages nobody', async () => {
    await judgeRules(slo(OPTIONS), {
      series: requests(5, 60),
      alerts: [{ at: '60m', alert, firing: [burn('ticket', '0.5%')] }],
    });
  });

  it('files a ticket for 0.2 % by the windows of three days, and not by those of one', async () => {
    await judgeRules(slo({ ...OPTIONS, windows: slowest('1d') }), {
      series: requests(2, 60),
      alerts: [{ at: '60m', alert, firing: [] }],
    });
    await judgeRules(slo({ ...OPTIONS, windows: slowest('3d') }), {
      series: requests(2, 60),
      alerts: [{ at: '60m', alert, firing: [burn('ticket', '0.2%')] }],
    });
  });

  it('is silent within the objective, and without a single error or request', async () => {
    const none = (series: Readonly<Record<string, string>>, values: Parameters<typeof judgeRules>[1]['values'] = []) =>
      judgeRules(slo(OPTIONS), { series, values, alerts: [{ at: '60m', alert, firing: [] }] });
    await none({ 'requests_total{code="200"}': '0+9995x60', 'requests_total{code="500"}': '0+5x60' });
    const labels = 'slo:errors:ratio_rate5m{slo="checkout"}';
    await none({ 'requests_total{code="200"}': '0+1000x60' }, [
      { at: '60m', expr: labels, samples: [{ labels, value: 0 }] },
    ]);
    await none({ 'requests_total{code="200"}': '7x60', 'requests_total{code="500"}': '7x60' });
  });

  it('watches each value of its labels for itself', async () => {
    await judgeRules(slo({ ...OPTIONS, by: ['job'] }), {
      series: {
        'requests_total{job="shop",code="200"}': '0+900x60',
        'requests_total{job="shop",code="500"}': '0+100x60',
        'requests_total{job="bank",code="200"}': '0+900x60',
      },
      alerts: [
        { at: '60m', alert, firing: [burn('page', '10%', { job: 'shop' }), burn('ticket', '10%', { job: 'shop' })] },
      ],
    });
  });
});

/** One of the workbook's two rows for tickets. */
function slowest(long: '1d' | '3d') {
  return long === '1d'
    ? [{ longSeconds: 86_400, shortSeconds: 7_200, burnRate: 3, severity: 'ticket' }]
    : [{ longSeconds: 259_200, shortSeconds: 21_600, burnRate: 1, severity: 'ticket' }];
}
