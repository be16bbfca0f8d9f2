// Names in UTF-8 over HTTP: each scraper gets them as it asks for them, and a Prometheus that knows classic names only reads
// them escaped.
import { MetricsCollector, type MetricsServer, startMetricsServer } from 'telltale';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { describeWithServer } from '../support/servers.js';

let server: MetricsServer;

beforeAll(async () => {
  const metrics = new MetricsCollector({ names: 'utf8' });
  metrics.counter('http.requests_total', { labelNames: ['http.route'] }).increment(3, { 'http.route': '/a' });
  metrics.histogram('queue_wait', { buckets: [1] }).observe(0.5, { 'worker id': '7' });
  server = (await startMetricsServer(metrics, { selfMetrics: false }))._unsafeUnwrap();
});

afterAll(async () => {
  (await server.close())._unsafeUnwrap();
});

async function scrape(accept: string): Promise<{ readonly type: string | null; readonly line: string | undefined }> {
  const response = await fetch(new URL('/metrics', server.url), { headers: { accept } });
  const lines = (await response.text()).split('\n');
  return { type: response.headers.get('content-type'), line: lines.find((line) => /^[^#].*\/a/.test(line)) };
}

describe('a scraper', () => {
  it.each([
    ['allow-utf-8', '{"http.requests_total","http.route"="/a"} 3'],
    ['underscores', 'http_requests_total{http_route="/a"} 3'],
    ['dots', 'http_dot_requests__total{http_dot_route="/a"} 3'],
    ['values', 'U__http_2e_requests__total{U__http_2e_route="/a"} 3'],
  ])('that asks for %s gets it, in both text formats', async (escaping, line) => {
    for (const type of ['text/plain; version=0.0.4', 'application/openmetrics-text; version=1.0.0']) {
      expect(await scrape(`${type};escaping=${escaping}`)).toEqual({
        type: `${type}; charset=utf-8; escaping=${escaping}`,
        line,
      });
    }
  });

  it.each([
    ['escaping=allow-utf-8', 'http.route', 'http_route'],
    ['escaping=underscores', 'http_route', 'http.route'],
    ['q=1', 'http_route', 'http.route'],
  ])('that asks for protobuf with %s gets it as well', async (asked, present, absent) => {
    const type = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const response = await fetch(new URL('/metrics', server.url), { headers: { accept: `${type};${asked}` } });
    expect(response.headers.get('content-type')).toMatch(/^application\/vnd\.google\.protobuf; .*; escaping=/);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.includes(present)).toBe(true);
    expect(bytes.includes(absent)).toBe(false);
  });

  it('that asks for nothing gets underscores', async () => {
    expect((await scrape('*/*')).line).toBe('http_requests_total{http_route="/a"} 3');
    expect((await scrape('text/plain;escaping=none')).line).toBe('http_requests_total{http_route="/a"} 3');
  });
});

describeWithServer(['prometheus'], 'a Prometheus of classic names', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await startPrometheus({ jobs: [{ name: 'app', targets: [new URL(server.url).host] }] });
    await prometheus.waitForScrapes();
  }, 60_000);

  afterAll(() => prometheus?.stop());

  it('reads every metric, under a name that it can take', async () => {
    expect(await prometheus.queryValue('http_requests_total{http_route="/a"}')).toBe(3);
    expect(await prometheus.queryValue('queue_wait_count{worker_id="7"}')).toBe(1);
  });
});
