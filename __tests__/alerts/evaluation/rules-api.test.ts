// The rules API beside a real Prometheus that evaluates the same file: every answer is the same, but for times and the name of the
// file.

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStorage } from 'telltale';
import { RuleEvaluator, rulesApi } from 'telltale/alerts';
import { QueryEngine } from 'telltale/query';
import { pollUntil } from '../../support/poll.js';
import { type Prometheus, startPrometheus } from '../../support/prometheus.js';
import { describeWithServer } from '../../support/servers.js';

jest.setTimeout(60_000);

const RULES = `
groups:
  - name: recorded
    interval: 1s
    rules:
      - record: one
        expr: vector(1)
        labels: { z: "1", a: "2" }
      - record: doubtful
        expr: label_replace(vector(1), "", "x", "", "")
  - name: alerts
    interval: 1s
    limit: 5
    rules:
      - alert: Always
        expr: label_replace(vector(5), "who", "a\\"<b>\\\\n", "", "") > 1
        labels: { severity: page, level: "{{ $value }}" }
        annotations: { summary: '{{ $labels.who }} has {{ $value | humanize }}', another: x }
      - alert: Waiting
        expr: vector(0.000123)
        for: 1h
        keep_firing_for: 5m
      - alert: Never
        expr: vector(1) > 2
      - alert: Several
        expr: label_replace(vector(-1234), "n", "1", "", "") or label_replace(vector(Inf), "n", "2", "", "")
  - name: empty
    interval: 1s
`;

describeWithServer('prometheus', 'rulesApi, beside a real Prometheus', () => {
  let folder: string;
  let prometheus: Prometheus;
  let evaluator: RuleEvaluator;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-rules-api-'));
    const file = join(folder, 'rules.yml');
    await writeFile(file, RULES);
    prometheus = await startPrometheus({
      configuration: { rule_files: [file] },
    });
    const storage = new MemoryStorage();
    evaluator = (await RuleEvaluator.open({ engine: new QueryEngine(storage), storage, file }))._unsafeUnwrap();
    evaluator.start();
    const routes = rulesApi(evaluator, { dashboard: '/pages/shop' });
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      void routes.find((route) => route.path === path)?.handle(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await Promise.all(
      [prometheus.url, url].map((base) =>
        pollUntil({ what: `all rules evaluated by ${base}`, timeoutMs: 20_000 }, async () => {
          const { body } = await asked(base, 'rules');
          return JSON.stringify(body).includes('"health":"unknown"') ? undefined : true;
        }),
      ),
    );
  });
  afterAll(async () => {
    server.close();
    await Promise.all([evaluator.close(), prometheus.stop(), rm(folder, { recursive: true })]);
  });

  async function asked(base: string, question: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(`${base}/api/v1/${question}`);
    return { status: response.status, body: await response.json() };
  }

  /** Without what differs from moment to moment, which has to be there all the same. */
  function still({ status, body }: { readonly status: number; readonly body: unknown }): unknown {
    const text = JSON.stringify({ status, body }, (key, value: unknown) => {
      if (key === 'evaluationTime') return typeof value;
      if (key === 'alerts' && Array.isArray(value))
        return value
          .map((each) => JSON.stringify(each))
          .sort()
          .map((each) => JSON.parse(each));
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(String(value)) ? 'a time' : value;
    });
    return JSON.parse(text);
  }

  it.each([
    'rules',
    'alerts',
    'rules?type=alert',
    'rules?type=record',
    'rules?type=wrong',
    'rules?rule_name[]=Always&rule_name[]=one',
    'rules?rule_group[]=alerts',
    'rules?rule_group[]=alerts&rule_name[]=one',
    'rules?file[]=nowhere.yml',
    'rules?exclude_alerts=true',
    'rules?exclude_alerts=0',
  ])('answers %s alike', async (question) => {
    const [theirs, ours] = await Promise.all([asked(prometheus.url, question), asked(url, question)]);
    expect(still(ours)).toEqual(still(theirs));
  });

  it('leads from where alerts link to on to the dashboard', async () => {
    const answer = await fetch(`${url}/graph?g0.expr=${encodeURIComponent('up < 1')}&g0.tab=1`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, './pages/shop#/query?query=up+%3C+1']);
  });

  it('takes no other method', async () => {
    const { status, headers } = await fetch(`${url}/api/v1/rules`, { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
