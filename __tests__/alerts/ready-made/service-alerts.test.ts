// The alerts of a service, judged by promtool: which of them fire over which figures, and when.
import { serviceAlerts } from '../../../lib/alerts/ready-made/service-alerts.js';
import { describeWithServer } from '../../support/servers.js';
import { judgeRules } from './promtool-rules.js';

const COUNT = 'http_request_duration_seconds_count';
const SUM = 'http_request_duration_seconds_sum';
const LIMITED = { memory: { limitBytes: 1_000 } } as const;

const slow = (labels: Readonly<Record<string, string>>) => ({
  labels: { alertname: 'ServiceSlow', severity: 'warning', ...labels },
  annotations: {
    summary: 'Responses take 2s on average.',
    description: 'The average over 5m is above 1 s. Look at what the slow routes wait for.',
  },
});

describe('serviceAlerts', () => {
  it('makes one group of five alerts, and leaves out what is not wanted', () => {
    expect(serviceAlerts().rules.map((rule) => rule.kind === 'alerting' && rule.alert)).toEqual([
      'ServiceSlow',
      'ServiceFailing',
      'NothingHealthy',
      'EventLoopDelayed',
      'MemoryNearLimit',
    ]);
    const some = serviceAlerts({ failures: false, nothingHealthy: false, memory: false, eventLoopDelay: false });
    expect(some.rules).toHaveLength(1);
  });

  it('takes thresholds, durations, metrics and labels', () => {
    const group = serviceAlerts({
      name: 'shop',
      matching: { job: 'shop "a"' },
      by: [],
      windowSeconds: 90,
      intervalSeconds: 10,
      labels: { team: 'web' },
      averageResponse: { metric: 'checkout_seconds', above: 0.25, forSeconds: 0, severity: 'page' },
      failures: false,
      nothingHealthy: { healthy: 'backends_healthy' },
      eventLoopDelay: false,
      memory: false,
    });
    expect(group).toMatchObject({ name: 'shop', intervalSeconds: 10 });
    expect(group.rules).toMatchObject([
      {
        expr: String.raw`sum (rate(checkout_seconds_sum{job="shop \"a\""}[1m30s])) / sum (rate(checkout_seconds_count{job="shop \"a\""}[1m30s])) > 0.25`,
        forSeconds: 0,
        labels: { severity: 'page', team: 'web' },
      },
      { expr: 'sum (backends_healthy) == 0', forSeconds: 60, labels: { severity: 'critical', team: 'web' } },
    ]);
  });

  it.each([
    ['averageResponse.above', { averageResponse: { above: 0 } }],
    ['averageResponse', { averageResponse: { metric: 'a b' } }],
    ['failures.forSeconds', { failures: { forSeconds: -1 } }],
    ['windowSeconds', { windowSeconds: Number.NaN }],
    ['intervalSeconds', { intervalSeconds: 0 }],
    ['memory.limitBytes', { memory: { limitBytes: Number.POSITIVE_INFINITY } }],
  ])('throws for a wrong %s', (option, options) => {
    expect(() => serviceAlerts(options)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ kind: 'invalid_option', option }) }),
    );
  });
});

describeWithServer('promtool', 'serviceAlerts, judged by promtool', () => {
  it('fires when responses take longer than a second on average for five minutes, once for each job', async () => {
    await judgeRules(serviceAlerts(LIMITED), {
      series: {
        [`${COUNT}{job="shop",status_code="200"}`]: '0+60x30',
        // Two seconds each, then half a second.
        [`${SUM}{job="shop",status_code="200"}`]: '0+120x20 2430+30x10',
        [`${COUNT}{job="bank",status_code="200"}`]: '0+60x30',
        [`${SUM}{job="bank",status_code="200"}`]: '0+30x30',
      },
      alerts: [
        { at: '5m', alert: 'ServiceSlow', firing: [] },
        { at: '6m', alert: 'ServiceSlow', firing: [slow({ job: 'shop' })] },
        { at: '20m', alert: 'ServiceSlow', firing: [slow({ job: 'shop' })] },
        { at: '25m', alert: 'ServiceSlow', firing: [] },
      ],
    });
  });

  it('fires when more than a twentieth of requests fail, and not while there are none', async () => {
    const failing = {
      labels: { alertname: 'ServiceFailing', severity: 'critical', job: 'shop' },
      annotations: {
        summary: '10% of requests fail.',
        description: 'More than the share of 0.05 failed over 5m. Look at the log for their errors.',
      },
    };
    await judgeRules(serviceAlerts(LIMITED), {
      series: {
        [`${COUNT}{job="shop",status_code="200"}`]: '0+90x20',
        [`${COUNT}{job="shop",status_code="503"}`]: '0+10x20',
        [`${COUNT}{job="bank",status_code="200"}`]: '0+95x20',
        [`${COUNT}{job="bank",status_code="500"}`]: '0+5x20',
        [`${COUNT}{job="idle",status_code="200"}`]: '5+0x20',
        [`${COUNT}{job="idle",status_code="500"}`]: '5+0x20',
      },
      alerts: [
        { at: '5m', alert: 'ServiceFailing', firing: [] },
        { at: '6m', alert: 'ServiceFailing', firing: [failing] },
        { at: '6m', alert: 'ServiceSlow', firing: [] },
      ],
    });
  });

  it('fires when nothing is up of what is scraped', async () => {
    const nothing = {
      labels: { alertname: 'NothingHealthy', severity: 'critical', job: 'shop' },
      annotations: {
        summary: 'Nothing is healthy that could serve requests.',
        description: 'Nobody can be served. Look at the last release, the network, and what all of them depend on.',
      },
    };
    await judgeRules(serviceAlerts(LIMITED), {
      series: {
        'up{job="shop",instance="a"}': '1 1 0 0 0 0 1',
        'up{job="shop",instance="b"}': '0 0 0 0 0 0 0',
      },
      alerts: [
        { at: '1m', alert: 'NothingHealthy', firing: [] },
        { at: '2m', alert: 'NothingHealthy', firing: [] },
        { at: '3m', alert: 'NothingHealthy', firing: [nothing] },
        { at: '6m', alert: 'NothingHealthy', firing: [] },
      ],
    });
  });

  it('fires when the event loop is late, and when memory is near its limit', async () => {
    await judgeRules(serviceAlerts(LIMITED), {
      series: {
        'nodejs_eventloop_lag_p99_seconds{job="shop"}': '0.25x15',
        'nodejs_eventloop_lag_p99_seconds{job="bank"}': '0.05x15',
        'nodejs_eventloop_lag_p99_seconds{job="idle"}': 'NaN NaN NaN NaN NaN NaN',
        'process_resident_memory_bytes{job="shop"}': '950x15',
        'process_resident_memory_bytes{job="bank"}': '900x15',
      },
      alerts: [
        {
          at: '5m',
          alert: 'EventLoopDelayed',
          firing: [
            {
              labels: { alertname: 'EventLoopDelayed', severity: 'warning', job: 'shop' },
              annotations: {
                summary: 'The event loop is late by 250ms.',
                description:
                  'It is later than 0.1 s all the time, and every request with it. Look for long computations in a CPU profile.',
              },
            },
          ],
        },
        { at: '9m', alert: 'MemoryNearLimit', firing: [] },
        {
          at: '10m',
          alert: 'MemoryNearLimit',
          firing: [
            {
              labels: { alertname: 'MemoryNearLimit', severity: 'warning', job: 'shop' },
              annotations: {
                summary: '95% of the memory is in use.',
                description:
                  'More than the share of 0.9 of 1000 bytes is in use. Look for what grows in a heap snapshot, or raise the limit.',
              },
            },
          ],
        },
      ],
    });
  });
});
