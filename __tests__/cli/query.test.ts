// `telltale query` as a person would call it: of a server, beside a real Prometheus, and of a folder that somebody is writing to.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStorage, MetricsCollector } from 'telltale';
import { type MetricsServer, startMetricsServer } from 'telltale/http';
import { QueryEngine, queryApi } from 'telltale/query';
import { ManualClock } from 'telltale/testing';
import { freePort } from '../support/free-port.js';
import { buildPackage } from '../support/program.js';
import { startPrometheus } from '../support/prometheus.js';
import { describeWithServer } from '../support/servers.js';
import { telltale } from './support/telltale.js';

jest.setTimeout(60_000);
beforeAll(buildPackage, 120_000);

const NOW = Date.UTC(2026, 0, 1);
const folder = mkdtempSync(join(tmpdir(), 'telltale-query-'));
const directory = join(folder, 'shop');
let storage: FileStorage;
let server: MetricsServer;

beforeAll(async () => {
  const clock = new ManualClock(NOW);
  storage = (await FileStorage.open({ directory, clock }))._unsafeUnwrap();
  const metrics = new MetricsCollector({ storage, clock });
  const orders = metrics.counter('orders_total', { labelNames: ['shop'] });
  const took = metrics.histogram('took_seconds', { native: { growthFactor: 1.1 } });
  for (let i = 0; i < 3; i++) {
    orders.increment(5, { shop: 'north\u001b[2J"' });
    orders.increment(1, { shop: 'south' });
    took.observe(0.5);
    await metrics.collectAndStore();
    clock.advance(15);
  }
  const engine = new QueryEngine(storage, { clock });
  server = (await startMetricsServer(metrics, { port: 0, routes: [queryApi(engine)] }))._unsafeUnwrap();
});
afterAll(async () => {
  await server.close();
  await storage.close();
  rmSync(folder, { recursive: true });
});

const time = '2026-01-01T00:00:30Z';

describe('telltale query', () => {
  it.each([
    ['a server', () => [server.url]],
    ['a folder that is being written to', () => ['--data', directory]],
    ['a folder of folders', () => ['--data', folder]],
  ])('prints a table of what %s answers, with nothing that moves a cursor', async (_, source) => {
    const { exit, out, err } = await telltale('query', ...source(), 'orders_total', '--time', time);
    expect([exit, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'orders_total{shop="north\\u001b[2J\\""}  15',
      'orders_total{shop="south"}             3',
    ]);
  });

  it('prints ranges, histograms, scalars and nothing at all', async () => {
    const asked = async (...args: readonly string[]) => (await telltale('query', server.url, ...args)).out;
    const range = ['--start', time.replace('30Z', '00Z'), '--end', time, '--step', '15s'];
    expect(await asked('sum(orders_total)', ...range)).toBe(
      '{}\n  2026-01-01T00:00:00.000Z  6\n  2026-01-01T00:00:15.000Z  12\n  2026-01-01T00:00:30.000Z  18',
    );
    expect(await asked('took_seconds', '--time', time)).toMatch(
      /^took_seconds {2}\{count:3, sum:1\.5, \(0\.4\d*,0\.5\d*\]:3\}$/,
    );
    expect(await asked('1 + 1')).toBe('2');
    expect(await asked('nothing')).toBe('No series.');
    expect(JSON.parse(await asked('vector(1)', '--time', time, '--json'))).toEqual({
      resultType: 'vector',
      result: [{ metric: {}, value: [NOW / 1000 + 30, '1'] }],
    });
  });

  it('says on stderr what the server remarks', async () => {
    const { exit, err } = await telltale(
      'query',
      server.url,
      'rate(took_seconds[1m]) + rate(orders_total[1m])',
      '--time',
      time,
    );
    expect(exit).toBe(0);
    expect(err).toBe('');
    const remarked = await telltale(
      'query',
      server.url,
      'rate(queue[1m]) or quantile(2, orders_total)',
      '--time',
      time,
    );
    expect([remarked.exit, remarked.err]).toEqual([
      0,
      expect.stringContaining('telltale: PromQL warning: quantile value'),
    ]);
  });

  it.each([
    ['a query that is wrong', () => [server.url, 'sum('], /^telltale: The query was refused: .*parse error/],
    [
      'nobody there',
      async () => [`127.0.0.1:${await freePort()}`, 'up'],
      /cannot be reached: ECONNREFUSED\. Check that it runs/,
    ],
    ['a server of something else', () => [`${server.url}/metrics`, 'up'], /There is no HTTP API of Prometheus/],
    ['a folder that is not there', () => ['--data', join(folder, 'missing'), 'up'], /missing cannot be read: ENOENT/],
  ])('exits with 1 for %s', async (_, args, problem) => {
    const { exit, out, err } = await telltale('query', ...(await args()));
    expect([exit, out]).toEqual([1, '']);
    expect(err).toMatch(problem);
  });

  it('leaves a folder alone that is none of its kind', async () => {
    const other = mkdtempSync(join(tmpdir(), 'telltale-other-'));
    const within = mkdtempSync(join(other, 'within-'));
    const { exit, err } = await telltale('query', '--data', other, 'up');
    expect([exit, err]).toEqual([1, expect.stringContaining(`There is no history in ${other}.`)]);
    expect([readdirSync(other).length, readdirSync(within)]).toEqual([1, []]);
    rmSync(other, { recursive: true });
  });

  it.each([
    [[], 'Say whom to ask: a URL, or --data <folder>.'],
    [['localhost:1'], "Say what to ask, in quotes: 'up == 0'."],
    [['--data', 'x'], "Say what to ask, in quotes: 'up == 0'."],
    [['localhost:1', 'up', '==', '0'], 'Put the expression into quotes'],
    [['ftp://localhost', 'up'], '"ftp://localhost" is no address of a server.'],
    [['localhost:1', 'up', '--time', 'soon'], 'Give --time in seconds since 1970'],
    [['localhost:1', 'up', '--end', '5'], 'Give --start as well, for a range.'],
    [['localhost:1', 'up', '--start', '5', '--end', '4'], 'Give an --end that is not before --start.'],
    [['localhost:1', 'up', '--start', '5', '--time', '4'], 'Give --time for one moment, or --start for a range.'],
    [['localhost:1', 'up', '--timeout', '0'], 'Give --timeout in seconds'],
    [['localhost:1', 'up', '--colour'], '--colour'],
  ])('%j is refused with a sentence and exit code 2', async (args, message) => {
    const { exit, out, err } = await telltale('query', ...args);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describeWithServer('prometheus', 'telltale query, of a real Prometheus', () => {
  it('prints what it answers', async () => {
    const prometheus = await startPrometheus();
    const { exit, out } = await telltale('query', prometheus.url, 'label_replace(vector(2.5), "a", "b", "", "")');
    expect([exit, out]).toEqual([0, '{a="b"}  2.5']);
    expect((await telltale('query', prometheus.url, 'sum(')).err).toContain('The query was refused: ');
    await prometheus.stop();
  });
});
