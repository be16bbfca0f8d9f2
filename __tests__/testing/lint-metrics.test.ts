// The naming rules: what each finds, what it leaves alone, and that promtool agrees where it has the same rule.
import { MetricsCollector } from 'telltale';
import { lintMetrics } from 'telltale/testing';
import { checkMetrics } from '../support/promtool.js';
import { describeWithServer } from '../support/servers.js';

const described = { description: 'Described' };

/** Defines one metric and answers what is found about it. */
async function findings(define: (metrics: MetricsCollector) => void) {
  const metrics = new MetricsCollector({ limits: { maxSeriesPerMetric: 5000 } });
  define(metrics);
  return (await lintMetrics(metrics)).map(({ rule, problem }) => `${rule}: ${problem}`);
}

describe('lintMetrics', () => {
  it.each<[string, (metrics: MetricsCollector) => void]>([
    ['counter_total: Call the counter jobs_total.', (m) => m.counter('jobs', described)],
    ['counter_total: jobs_total is a gauge: leave _total to counters.', (m) => m.gauge('jobs_total', described)],
    ['base_unit: wait_ms is in ms: record it in seconds.', (m) => m.gauge('wait_ms', described)],
    [
      'base_unit: load_percent is in percent: record it in ratio, from 0 to 1.',
      (m) => m.gauge('load_percent', described),
    ],
    [
      'unit_suffix: Put seconds at the end of seconds_of_work_total, before _total.',
      (m) => m.counter('seconds_of_work_total', described),
    ],
    ['described: Give depth a description.', (m) => m.gauge('depth')],
    ['snake_case: Write queueDepth in snake_case.', (m) => m.gauge('queueDepth', described)],
    [
      'snake_case: Write the label queueName of depth in snake_case.',
      (m) => m.gauge('depth', { ...described, labels: { queueName: 'a' } }),
    ],
    ['snake_case: Write shop:depth in snake_case.', (m) => m.gauge('shop:depth', described)],
    ["reserved_name: up is a name of Prometheus' own: choose another.", (m) => m.gauge('up', described)],
    [
      'reserved_name: Leave _count out of jobs_count: it is a part of histograms and summaries.',
      (m) => m.gauge('jobs_count', described),
    ],
    ['type_in_name: Leave "gauge" out of depth_gauge.', (m) => m.gauge('depth_gauge', described)],
    [
      'label_in_name: Leave _by_queue out of depth_by_queue: the label says it.',
      (m) => m.gauge('depth_by_queue', { ...described, labels: { queue: 'a' } }),
    ],
    [
      'bounded_labels: The label user_id of logins_total has no end of values: take a group of them, or leave it out.',
      (m) => m.counter('logins_total', { ...described, labels: { user_id: 7 } }),
    ],
    [
      'bounded_labels: pages_total has 1001 series: use labels with fewer values.',
      (m) => {
        const pages = m.counter('pages_total', { ...described, labelNames: ['page'] });
        for (let page = 0; page < 1001; page++) pages.increment(1, { page });
      },
    ],
  ])('finds %s', async (finding, define) => {
    expect(await findings(define)).toEqual([finding]);
  });

  it('finds nothing where there is nothing, in all types', async () => {
    expect(
      await findings((metrics) => {
        metrics.counter('http_requests_total', { ...described, labels: { method: 'GET', route: '/' } });
        metrics.gauge('disk_usage_ratio', described);
        metrics.gauge('last_success_timestamp_seconds', described);
        metrics.histogram('http_request_duration_seconds', described);
        metrics.summary('response_size_bytes', described);
        metrics.info('build', { version: '1' }, described);
        metrics.stateSet('circuit_state', { ...described, states: ['open'] });
        metrics.gauge('network_bytes_per_second', described);
      }),
    ).toEqual([]);
  });

  it('finds nothing in what the collector says of itself', async () => {
    const metrics = new MetricsCollector();
    metrics.counter('jobs_total', described).increment(-1);
    await metrics.collectAndStore();
    await metrics.startCollecting().stop();
    expect(await lintMetrics(metrics)).toEqual([]);
  });

  it('tells the reason of each rule, and leaves out rules that do not apply', async () => {
    const metrics = new MetricsCollector();
    metrics.counter('jobs');
    const found = await lintMetrics(metrics);
    expect(found.map(({ rule }) => rule)).toEqual(['counter_total', 'described']);
    for (const { reason } of found) expect(reason.length).toBeGreaterThan(30);
    expect(await lintMetrics(metrics, { except: ['counter_total', 'described'] })).toEqual([]);
    await expect(lintMetrics(metrics, { except: ['nonsense'] })).rejects.toThrow('There is no rule "nonsense".');
  });
});

describeWithServer('promtool', 'promtool', () => {
  it.each<[string, (metrics: MetricsCollector) => void]>([
    ['counter_total', (m) => m.counter('jobs', described)],
    ['base_unit', (m) => m.gauge('wait_milliseconds', described)],
    ['described', (m) => m.gauge('depth')],
    ['snake_case', (m) => m.gauge('queueDepth', described)],
  ])('finds what the rule %s finds', async (rule, define) => {
    const metrics = new MetricsCollector();
    define(metrics);
    expect((await lintMetrics(metrics)).map((finding) => finding.rule)).toEqual([rule]);
    expect(await checkMetrics(await metrics.expose())).toMatchObject({ exitCode: 3 });
  });
});
