// The API beside that of a real Prometheus over the same series: the same requests, and the same answers to the letter of the
// JSON, refusals and their status codes included; then promtool and a client from npm, asked of both.
import { PrometheusDriver } from 'prometheus-query';
import { STARTED_MS } from '../../conformance/promql/differential/recorded-hour.js';
import { promtool } from '../../support/promtool.js';
import { describeWithServer } from '../../support/servers.js';
import { type BothApis, startBothApis } from './recorded.js';

const TIME = String((STARTED_MS + 3_000_083) / 1000);
const RANGE = { start: String((STARTED_MS + 1_000_083) / 1000), end: TIME, step: '61' };

const ANSWERED: readonly (readonly [string, Record<string, string>])[] = [
  ['query', { query: 'sum by (job) (requests_total)', time: TIME }],
  ['query', { query: 'temperature_celsius', time: TIME }],
  ['query', { query: 'temperature_celsius[31s]', time: TIME }],
  ['query', { query: '1 / 3', time: TIME }],
  ['query', { query: '-1 / 0', time: TIME }],
  ['query', { query: '1e-9 * 1', time: TIME }],
  ['query', { query: '2 ^ 80', time: TIME }],
  ['query', { query: '"a \\"text\\""', time: TIME }],
  ['query', { query: 'nothing', time: TIME }],
  ['query', { query: 'vector(NaN)', time: '2026-01-01T00:30:00.5Z' }],
  ['query', { query: 'vector(0)', time: '1767227000.25' }],
  ['query', { query: 'quantile(2, quota)', time: TIME }],
  ['query', { query: 'rate(queue_depth[5m])', time: TIME }],
  ['query', { query: 'quota', time: TIME, timeout: '5s' }],
  ['query_range', { query: 'histogram_quantile(0.9, sum by (le) (rate(duration_seconds_bucket[5m])))', ...RANGE }],
  ['query_range', { query: 'gone_total', ...RANGE }],
  ['query_range', { query: 'time()', ...RANGE, step: '7m30s' }],
  ['format_query', { query: 'sum by(job)(rate(requests_total{status=~"5.."}[5m]))/ignoring(x)group_left sum(foo)' }],
  ['series', { 'match[]': 'quota' }],
  ['series', { 'match[]': '{__name__=~"late_total|quota"}', start: RANGE.start, end: RANGE.end }],
  ['series', { 'match[]': 'late_total', end: String((STARTED_MS + 60_000) / 1000) }],
  ['labels', {}],
  ['labels', { 'match[]': 'build_info' }],
  ['label/job/values', {}],
  ['label/__name__/values', { 'match[]': '{job="bank"}', limit: '3' }],
  ['label/version/values', { 'match[]': 'build_info' }],
  ['label/nothing/values', {}],
];

const REFUSED: readonly (readonly [string, Record<string, string>])[] = [
  ['query', { query: '', time: TIME }],
  ['query', { query: 'sum(', time: TIME }],
  ['query', { query: 'rate(requests_total)', time: TIME }],
  ['query', { query: 'requests_total + "a"', time: TIME }],
  ['query', { query: 'nosuch(1)', time: TIME }],
  ['query', { query: '{}', time: TIME }],
  ['query', { query: 'up', time: 'yesterday' }],
  ['query', { query: 'up', timeout: 'soon' }],
  ['query', { query: 'requests_total * on (job) quota', time: TIME }],
  ['query', { query: 'label_replace(quota, "a b", "x", "job", "(")', time: TIME }],
  ['query_range', { query: 'up' }],
  ['query_range', { query: 'up', ...RANGE, step: '0' }],
  ['query_range', { query: 'up', ...RANGE, step: 'often' }],
  ['query_range', { query: 'up', ...RANGE, step: '0.1' }],
  ['query_range', { query: 'up[5m]', ...RANGE }],
  ['query_range', { query: 'up', ...RANGE, end: '0' }],
  ['series', {}],
  ['series', { 'match[]': '{a=~".*"}' }],
  ['series', { 'match[]': 'up offset 5m' }],
  ['labels', { 'match[]': '{' }],
  ['labels', { start: 'x' }],
  ['format_query', { query: 'a +' }],
];

/** What a parser says of a text that is no query differs in how much it knows; where it is, and that it is one, does not. */
const PARSE_ERROR = /^(invalid parameter "[^"]*": )?(\d+:\d+|unknown position): parse error: .*$/;

describeWithServer(['prometheus', 'promtool'], 'the API beside a real Prometheus', () => {
  let apis: BothApis;

  beforeAll(async () => {
    apis = await startBothApis();
  }, 60_000);

  afterAll(() => apis.close());

  describe.each(['GET', 'POST'])('asked by %s', (method) => {
    it.each(ANSWERED.filter(([path]) => method === 'GET' || !path.startsWith('label/')))(
      'answers %s %j alike',
      async (path, parameters) => {
        const [ours, theirs] = await asked({ method, path, parameters });
        expect(theirs.status).toBe(200);
        expect(ours.status).toBe(200);
        expect(sorted(ours.body)).toEqual(sorted(theirs.body));
      },
    );

    it.each(REFUSED)('refuses %s %j alike', async (path, parameters) => {
      const [ours, theirs] = await asked({ method, path, parameters });
      expect(theirs.status).toBeGreaterThanOrEqual(400);
      expect(ours.status).toBe(theirs.status);
      expect(withoutWording(ours.body)).toEqual(withoutWording(theirs.body));
    });
  });

  it.each([
    ['query', 'instant', ['--time', TIME], ['sum(requests_total) by (job)']],
    ['query', 'range', ['--start', RANGE.start, '--end', RANGE.end, '--step', '5m'], ['rate(late_total[5m])']],
    ['query', 'series', ['--match', 'quota'], []],
    ['query', 'labels', [], ['job']],
  ])('has promtool %s %s print the same', async (command, what, flags, rest) => {
    const [ours, theirs] = await Promise.all(
      [apis.telltale, apis.prometheus].map(({ url }) => promtool([command, what, ...flags, url, ...rest])),
    );
    expect(theirs?.exitCode).toBe(0);
    expect(theirs?.output).not.toBe('');
    expect(ours?.output.split('\n').sort()).toEqual(theirs?.output.split('\n').sort());
    expect(ours?.exitCode).toBe(0);
  });

  it('answers the client of npm alike', async () => {
    const [ours, theirs] = await Promise.all([apis.telltale, apis.prometheus].map(({ url }) => clientAnswers(url)));
    expect(theirs?.instant.result).toHaveLength(2);
    expect(ours).toEqual(theirs);
  });

  async function asked(request: { method: string; path: string; parameters: Record<string, string> }) {
    const answers = await Promise.all([apis.telltale, apis.prometheus].map(({ url }) => send(url, request)));
    return answers as [Answer, Answer];
  }
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function send(
  url: string,
  { method, path, parameters }: { method: string; path: string; parameters: Record<string, string> },
): Promise<Answer> {
  const form = new URLSearchParams(parameters);
  const response =
    method === 'GET'
      ? await fetch(`${url}/api/v1/${path}?${form}`)
      : await fetch(`${url}/api/v1/${path}`, { method, body: form });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function clientAnswers(url: string) {
  const driver = new PrometheusDriver({ endpoint: url });
  const start = new Date(STARTED_MS + 600_000);
  const end = new Date(STARTED_MS + 1_200_000);
  return {
    instant: await driver.instantQuery('sort(sum by (job) (requests_total))', end),
    range: await driver.rangeQuery('max(queue_depth)', start, end, 60),
    series: (await driver.series('quota', start, end)).map(String).sort(),
    labels: await driver.labelNames(),
    values: await driver.labelValues('job'),
  };
}

/** Neither side promises an order where the query does not; Prometheus 2 has infos among its warnings. */
function sorted({ infos = [], warnings = [], ...body }: Record<string, unknown>): unknown {
  const notes = [...(warnings as string[]), ...(infos as string[])];
  const data = body.data as { result?: unknown[] } | unknown[] | string;
  const byText = (list: unknown[]) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (Array.isArray(data)) return { ...body, notes, data: byText(data) };
  if (typeof data === 'object' && Array.isArray(data.result) && typeof data.result[0] === 'object') {
    return { ...body, notes, data: { ...data, result: byText(data.result) } };
  }
  return { ...body, notes };
}

function withoutWording(body: Record<string, unknown>): unknown {
  return {
    ...body,
    error: String(body.error).replace(PARSE_ERROR, '$1parse error').replace('Invalid time', 'invalid time'),
  };
}
