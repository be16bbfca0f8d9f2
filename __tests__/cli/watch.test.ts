// `telltale watch` as a person would call it, beside a real Prometheus that watches the same target; killed, started again, and
// forwarding what it sees.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/run-command.js';
import { freePort } from '../support/free-port.js';
import { pollUntil } from '../support/poll.js';
import { buildPackage, type Program, startNode } from '../support/program.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { PrometheusApi } from '../support/prometheus-api.js';
import { describeWithServer } from '../support/servers.js';
import { CLASSIC_TYPE, startPage, startTarget, type TargetServer } from '../watch/support/target-server.js';

const COMMAND = join(root, 'dist/esm/lib/cli/main.js');
const programs: Program[] = [];

function telltale(...args: readonly string[]): Program {
  const program = startNode([COMMAND, 'watch', ...args]);
  programs.push(program);
  return program;
}

interface Watching {
  readonly program: Program;
  readonly api: PrometheusApi;
}

/** Resolves when the station says where it is. */
async function watching(...args: readonly string[]): Promise<Watching> {
  const program = telltale('--port', '0', '--interval', '1s', ...args);
  for (let line = await program.line(); line !== undefined; line = await program.line()) {
    const url = /PromQL +(http:\S+)\/api\/v1\//.exec(line)?.[1];
    if (url !== undefined) return { program, api: new PrometheusApi(url) };
  }
  throw new Error(program.child.stderr());
}

async function ended(program: Program): Promise<{ exit: number | string; out: string; err: string }> {
  const out: string[] = [];
  for (let line = await program.line(); line !== undefined; line = await program.line()) out.push(line);
  return { exit: await program.exit, out: out.join('\n'), err: program.child.stderr() };
}

const valueOnceIs = (api: PrometheusApi, expression: string, wanted: (value: number) => boolean) =>
  pollUntil({ what: expression, timeoutMs: 20_000 }, async () => {
    const value = await api.queryValue(expression);
    return wanted(value) ? value : undefined;
  });

/** Counts ten a second, and shows what makes Prometheus add and rename labels. */
function startCounting(): Promise<TargetServer> {
  const startedAt = performance.now();
  return startTarget((_, response) => {
    const count = Math.floor((performance.now() - startedAt) / 100);
    response
      .writeHead(200, { 'Content-Type': CLASSIC_TYPE })
      .end(
        `# TYPE ticks_total counter\nticks_total{instance="own",x="é"} ${count}\n` +
          '# TYPE took_seconds histogram\n' +
          `took_seconds_bucket{le="0.5"} ${count}\ntook_seconds_bucket{le="+Inf"} ${count * 2}\n` +
          `took_seconds_sum ${count}\ntook_seconds_count ${count * 2}\n` +
          '# TYPE lasted_seconds summary\n' +
          `lasted_seconds{quantile="0.5"} 0.25\nlasted_seconds_sum ${count}\nlasted_seconds_count ${count}\n`,
      );
  });
}

beforeAll(buildPackage, 120_000);
jest.setTimeout(60_000);
afterEach(async () => {
  await Promise.all(programs.splice(0).map(({ child }) => child.stop()));
});

describe('telltale watch', () => {
  it('--help tells how to call it, and its exit codes', async () => {
    const { exit, out, err } = await ended(telltale('--help'));
    expect([exit, err]).toEqual([0, '']);
    expect(out).toMatch(/--data <folder>[\s\S]*Exit codes: 0 after Ctrl-C/);
  });

  it.each([
    [[], 'Say what to watch, as in http://localhost:3000/metrics.'],
    [['file:///etc/passwd'], '"file:///etc/passwd" is neither http nor https'],
    [['a:1', 'http://a:1/other'], 'Two targets have the labels {job="watch",instance="a:1"}.'],
    [['a:1', '--interval', 'often'], 'Give --interval as in 15s or 1m'],
    [['a:1', '--interval', '10ms'], 'from a second to a day'],
    [['a:1', '--port', '65536'], 'Give --port as a whole number'],
    [['=http://a:1/'], '"=http://a:1/" names no job.'],
    [['a:1', '--remote-write', 'nonsense'], 'Give --remote-write as in http://'],
    [['a:1', '--rules', 'r.yml', '--alertmanager', 'nonsense'], 'Give --alertmanager as in http://'],
    [['a:1', '--alertmanager', 'http://a:9093'], 'Without --rules there are no alerts'],
    [['a:1', '--external-url', 'shop.example'], 'Give --external-url as in https://'],
    [['a:1', '--frequency', '1'], 'There is no option --frequency.'],
    [['a:1', '--interval'], 'The option --interval needs a value.'],
    [['a:1', '--interval', '--port', '1'], 'The option --interval needs a value.'],
    [['a:1', '--help=yes'], 'The option --help takes no value.'],
  ] as const)('%j is refused with a sentence and exit code 2', async (args, message) => {
    const { exit, out, err } = await ended(telltale(...args));
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain('See telltale watch --help.');
  });

  it('exits with 1 when its port is taken', async () => {
    const taken = await startPage('');
    const { exit, err } = await ended(telltale('a:1', '--port', String(taken.port)));
    await taken.close();
    expect(exit).toBe(1);
    expect(err).toContain(`telltale: Port ${taken.port}`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in order on %s', async (signal) => {
    const target = await startPage('a 1\n');
    const { program, api } = await watching(target.url);
    await valueOnceIs(api, 'up', (up) => up === 1);
    program.child.process.kill(signal);
    const { exit, out, err } = await ended(program);
    await target.close();
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('Ending.');
  });

  it('ends at once when it is asked twice', async () => {
    const target = await startPage('a 1\n');
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const hanging = await startTarget(() => isAsked());
    const { program } = await watching(target.url, '--remote-write', hanging.url);
    await asked;
    program.child.process.kill('SIGINT');
    for (let line = await program.line(); !line?.startsWith('Ending.'); line = await program.line());
    program.child.process.kill('SIGINT');
    expect(await program.exit).toBe(130);
    await Promise.all([target.close(), hanging.close()]);
  });

  it('says where it forwards to, without the password', async () => {
    const program = telltale('127.0.0.1:1', '--port', '0', '--remote-write', 'http://shop:sesame@127.0.0.1:1/write');
    let greeting = '';
    while (!greeting.includes('Forwards')) greeting += `${await program.line()}\n`;
    expect(greeting).toContain('  Forwards  to http://127.0.0.1:1/write\n');
    expect(greeting + program.child.stderr()).not.toContain('sesame');
  });

  it('has no target that hangs delay another one', async () => {
    const hanging = await startTarget(() => {});
    const good = await startPage('a 1\n');
    const { api, program } = await watching(hanging.url, `good=${good.url}`);
    await valueOnceIs(api, 'up{job="watch"}', (up) => up === 0);
    expect(await valueOnceIs(api, 'count_over_time(up{job="good"}[1m])', (count) => count >= 3)).toBeDefined();
    expect(program.child.stderr()).toBe(`telltale: ${hanging.url} is down. It did not answer within 1 s.\n`);
    await Promise.all([hanging.close(), good.close()]);
  });

  it('says when a target goes and comes back, and tells of itself', async () => {
    let status = 200;
    const target = await startTarget((_, response) => response.writeHead(status).end('a 1\n'));
    const { api, program } = await watching(target.url);
    await valueOnceIs(api, 'up', (up) => up === 1);
    status = 500;
    await valueOnceIs(api, 'up', (up) => up === 0);
    status = 200;
    await valueOnceIs(api, 'up', (up) => up === 1);
    await pollUntil({ what: 'Its news', timeoutMs: 5000 }, async () => {
      const news = program.child.stderr();
      return news.endsWith('up again.\n') ? news : undefined;
    });
    expect(program.child.stderr()).toBe(
      `telltale: ${target.url} is down. It answered with HTTP status 500.\ntelltale: ${target.url} is up again.\n`,
    );
    const own = await (await fetch(`${api.url}/metrics`)).text();
    expect(own).toMatch(/telltale_watch_scrapes_total\{outcome="failure"\} [1-9]/);
    expect(own).toMatch(/process_resident_memory_bytes [1-9]/);
    await target.close();
  });

  it('serves the page of the dashboard', async () => {
    const { api } = await watching('127.0.0.1:1');
    const page = await fetch(`${api.url}/dashboard`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('telltale watch');
  });

  it.each([
    ['this machine', [], 'http://127.0.0.1:PORT'],
    ['people', ['--external-url', 'https://shop.example/station/'], 'https://shop.example/station'],
  ])('sends alerts with links to where %s can look at their expressions', async (_, args, base) => {
    const directory = await mkdtemp(join(tmpdir(), 'telltale-watch-'));
    const rules = join(directory, 'rules.yml');
    await writeFile(rules, 'groups: [{ name: a, interval: 1s, rules: [{ alert: Down, expr: up < 1 }] }]');
    const told: { generatorURL?: string }[] = [];
    const alertmanager = await startTarget((request, response) => {
      request.on('data', (body) => told.push(...JSON.parse(String(body)))).on('end', () => response.end());
    });
    const port = await freePort();
    const toldTo = ['--rules', rules, '--alertmanager', new URL('/', alertmanager.url).href] as const;
    const program = telltale('127.0.0.1:1', '--port', String(port), '--interval', '1s', ...toldTo, ...args);
    const link = await pollUntil({ what: 'an alert', timeoutMs: 20_000 }, async () => told[0]);
    const path = '/graph?g0.expr=up+%3C+1&g0.tab=1';
    expect(link.generatorURL).toBe(base.replace('PORT', String(port)) + path);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, './dashboard#/query?query=up+%3C+1']);
    await Promise.all([program.child.stop(), alertmanager.close()]);
    await rm(directory, { recursive: true });
  });

  it('goes on when nobody reads any more what it prints', async () => {
    const program = telltale('127.0.0.1:1', '--port', '0');
    program.child.process.stdout.destroy();
    const isBeginning = pollUntil({ what: 'the first news', timeoutMs: 20_000 }, async () =>
      program.child.stderr().includes('is down') ? true : undefined,
    );
    expect(await isBeginning).toBe(true);
    program.child.process.kill('SIGTERM');
    expect(await program.exit).toBe(0);
    expect(program.child.stderr()).not.toContain('EPIPE');
  });

  it('exits with 1 when its rules are wrong, and says where', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'telltale-watch-'));
    const rules = join(directory, 'rules.yml');
    await writeFile(rules, 'groups: [{ name: a, rules: [{ alert: Down, expr: "up ==" }] }]');
    const { exit, err } = await ended(telltale('a:1', '--port', '0', '--rules', rules));
    expect(exit).toBe(1);
    expect(err).toContain(rules);
    await rm(directory, { recursive: true });
  });

  it('evaluates rules, prints alerts, and knows them again after a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'telltale-watch-'));
    const rules = join(directory, 'rules.yml');
    const rule = {
      alert: 'Down',
      expr: 'up == 0',
      for: '2s',
      annotations: { summary: '{{ $labels.instance }} is down' },
    };
    const recording = { record: 'job:up:sum', expr: 'sum by (job) (up)' };
    await writeFile(rules, JSON.stringify({ groups: [{ name: 'a', interval: '1s', rules: [recording, rule] }] }));
    let status = 500;
    const target = await startTarget((_, response) => response.writeHead(status).end('a 1\n'));
    const args = [target.url, '--data', join(directory, 'data'), '--rules', rules] as const;
    const first = await watching(...args);
    await valueOnceIs(first.api, 'ALERTS{alertstate="firing"}', (value) => value === 1);
    const since = await first.api.queryValue('ALERTS_FOR_STATE');
    expect(await first.api.queryValue('job:up:sum')).toBe(0);
    expect(await first.api.get('alerts')).toMatchObject({ alerts: [{ state: 'firing' }] });
    // The last sample reaches the file soon after it was recorded.
    await valueOnceIs(first.api, 'count_over_time(ALERTS{alertstate="firing"}[1m])', (count) => count >= 3);
    first.program.child.process.kill('SIGKILL');
    await first.program.exit;
    expect(first.program.child.stderr()).toContain(`127.0.0.1:${target.port} is down`);

    const second = await watching(...args);
    await valueOnceIs(second.api, 'ALERTS_FOR_STATE', (value) => value === since);
    status = 200;
    await valueOnceIs(second.api, 'count(ALERTS) or vector(0)', (count) => count === 0);
    expect(await valueOnceIs(second.api, 'job:up:sum', (sum) => sum === 1)).toBe(1);
    await Promise.all([second.program.child.stop(), target.close()]);
    await rm(directory, { recursive: true });
  });

  it('keeps its history over a kill and a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'telltale-watch-'));
    const target = await startPage('a 1\n');
    const first = await watching(target.url, '--data', directory);
    const before = await valueOnceIs(first.api, 'count_over_time(a[5m])', (count) => count >= 2);
    const second = await ended(telltale(target.url, '--port', '0', '--data', directory));
    expect([second.exit, second.err]).toEqual([1, expect.stringContaining(String(first.program.child.pid))]);
    first.program.child.process.kill('SIGKILL');
    await first.program.exit;
    const third = await watching(target.url, '--data', directory);
    await valueOnceIs(third.api, 'count_over_time(a[5m])', (count) => count > before);
    await third.program.child.stop();
    await target.close();
    await rm(directory, { recursive: true });
  });
});

describeWithServer('prometheus', 'telltale watch, beside a real Prometheus', () => {
  let target: TargetServer;
  let prometheus: Prometheus;
  let receiver: Prometheus;
  let api: PrometheusApi;

  beforeAll(async () => {
    target = await startCounting();
    const host = target.url.replace(/^http:\/\/|\/metrics$/g, '');
    [prometheus, receiver] = await Promise.all([
      startPrometheus({ jobs: [{ name: 'shop', targets: [host] }] }),
      startPrometheus(),
    ]);
    ({ api } = await watching(`shop=${target.url}`, '--remote-write', `${receiver.url}/api/v1/write`));
    await Promise.all([
      valueOnceIs(prometheus, 'count_over_time(up[1m])', (count) => count >= 5),
      valueOnceIs(api, 'count_over_time(up[1m])', (count) => count >= 5),
    ]);
  });
  // The station is one of the programs that end after each test, so that there is one test.
  afterAll(() => Promise.all([target.close(), prometheus.stop(), receiver.stop()]));

  const series = async (server: PrometheusApi) =>
    (await server.query('{job="shop"}')).map(({ labels }) => JSON.stringify(Object.entries(labels).sort())).sort();

  it('has the same series with the same rates, in its own history and where it forwards to, and has them end alike', async () => {
    const expected = await series(prometheus);
    expect(expected).toHaveLength(13);
    expect(await series(api)).toEqual(expected);
    expect(await series(receiver)).toEqual(expected);
    for (const server of [prometheus, api, receiver]) {
      expect(await server.queryValue('up{job="shop"}')).toBe(1);
      expect(await server.queryValue('scrape_samples_scraped')).toBe(8);
      expect(await server.queryValue('rate(ticks_total{exported_instance="own"}[5s])')).toBeCloseTo(10, -0.5);
    }
    const { type } = (await api.get<Record<string, readonly [{ type: string }]>>('metadata'))['ticks_total']![0];
    expect(type).toBe('counter');
    const [state] = await api.targets();
    expect(state).toMatchObject({ job: 'shop', scrapeUrl: target.url, health: 'up', lastError: '' });

    await target.close();
    for (const server of [prometheus, api, receiver]) await valueOnceIs(server, 'up', (up) => up === 0);
    const names = (await prometheus.query('{job="shop"}')).map(({ labels }) => labels['__name__']).sort();
    for (const server of [api, receiver]) {
      expect((await server.query('{job="shop"}')).map(({ labels }) => labels['__name__']).sort()).toEqual(names);
    }
    expect(names).not.toContain('ticks_total');
  });
});
