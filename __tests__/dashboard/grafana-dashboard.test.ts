// What Grafana is given: a dashboard whose queries are PromQL and whose panels fit the types. Whether Grafana draws it is for eyes.
import { MetricsCollector } from 'telltale';
import { grafanaDashboard } from 'telltale/dashboard';
import { parseExpression } from '../../lib/query/language/parse-expression.js';

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly format?: string; readonly legendFormat?: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
}

const panelsOf = (text: string): readonly GrafanaPanel[] => JSON.parse(text).panels;
const panelNamed = (text: string, title: string) => panelsOf(text).find((panel) => panel.title === title);

function serviceMetrics(): MetricsCollector {
  const metrics = new MetricsCollector();
  metrics.counter('http_requests_total', { labelNames: ['status'] }).increment(1, { status: 200 });
  metrics
    .histogram('http_request_duration_seconds', { buckets: [0.1, 1], labelNames: ['status'] })
    .observe(1, { status: 500 });
  metrics.histogram('body_bytes', { native: { growthFactor: 1.1, maxBuckets: 160 } }).observe(3);
  metrics.summary('job_duration_seconds', { quantiles: [0.5] }).observe(1);
  metrics.gauge('http_requests_in_flight').set(1);
  metrics.gauge('process_start_time_seconds').set(1);
  metrics.info('build', { version: '1' });
  metrics.stateSet('phase', { states: ['on', 'off'] });
  return metrics;
}

describe('grafanaDashboard', () => {
  it('asks in PromQL that parses, everywhere', async () => {
    const text = await grafanaDashboard(serviceMetrics());
    const queries = panelsOf(text).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(15);
    for (const query of queries) {
      expect(query).not.toMatch(/\$(window|targets)/);
      const parsed = parseExpression(query.replaceAll('$__rate_interval', '1m'));
      expect([query, parsed.isOk()]).toEqual([query, true]);
    }
  });

  it('gives every type the panels that fit it', async () => {
    const text = await grafanaDashboard(serviceMetrics());
    const rate = panelNamed(text, 'http_requests_total');
    expect(rate).toMatchObject({ type: 'timeseries', fieldConfig: { defaults: { unit: 'cps' } } });
    expect(rate?.targets?.[0]?.expr).toBe('rate(http_requests_total[$__rate_interval])');
    const heat = panelNamed(text, 'http_request_duration_seconds · observations');
    expect(heat?.type).toBe('heatmap');
    expect(heat?.targets?.[0]).toMatchObject({ format: 'heatmap', legendFormat: '{{le}}' });
    expect(panelNamed(text, 'body_bytes · observations')?.targets?.[0]?.expr).toBe(
      'sum(increase(body_bytes[$__rate_interval]))',
    );
    expect(panelNamed(text, 'build_info')?.type).toBe('table');
    expect(panelNamed(text, 'process_start_time_seconds')?.targets?.[0]?.expr).toBe(
      '1000 * (process_start_time_seconds)',
    );
    expect(panelNamed(text, 'Errors')?.targets?.[0]?.expr).toContain('status=~"5..|error"');
  });

  it('numbers its panels and lets none lie over another', async () => {
    const panels = panelsOf(await grafanaDashboard(serviceMetrics()));
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, index) => index + 1));
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });

  it('writes the same of the same metrics, and JSON whatever they are called', async () => {
    const metrics = new MetricsCollector({ names: 'utf8' });
    metrics.gauge('a "quoted" name\n', { description: '</script>"' }).set(1);
    const text = await grafanaDashboard(metrics, { title: 'A "title"' });
    expect(JSON.parse(text).title).toBe('A "title"');
    const [query = ''] = panelsOf(text).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(parseExpression(query).isOk()).toBe(true);
    expect(await grafanaDashboard(metrics, { title: 'A "title"' })).toBe(text);
  });

  it('takes metadata as the query API answers them', () => {
    const text = grafanaDashboard({
      wait_seconds: [{ type: 'histogram', help: 'Waiting', unit: 'seconds' }],
      jobs_total: [{ type: 'counter', help: 'Jobs', unit: '' }],
    });
    expect(panelNamed(text, 'wait_seconds · quantiles')?.targets?.[0]?.expr).toBe(
      'histogram_quantile(0.5, sum by (le) (rate(wait_seconds_bucket[$__rate_interval])))',
    );
    expect(panelNamed(text, 'jobs_total')?.type).toBe('timeseries');
  });
});
