// That a real Prometheus starts, scrapes, answers and goes away. One server serves all tests, because its first scrape takes
// 5 s; the page that it scrapes is a fixed text.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { type Prometheus, startPrometheus } from './prometheus.js';
import { describeWithServer } from './servers.js';

const PAGE = '# TYPE stock gauge\nstock{item="nut"} 5\nstock{item="bolt"} +Inf\n';

const dataDirectories = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('telltale-prometheus-'));

describeWithServer('prometheus', 'support/prometheus', () => {
  let page: Server;
  let address: string;
  let prometheus: Prometheus;

  beforeAll(async () => {
    page = createServer((request, response) => {
      response.writeHead(request.url === '/metrics' ? 200 : 500, { 'content-type': 'text/plain; version=0.0.4' });
      response.end(PAGE);
    }).listen(0, '127.0.0.1');
    await once(page, 'listening');
    address = `127.0.0.1:${(page.address() as AddressInfo).port}`;
    const jobs = [
      { name: 'shop', targets: [address] },
      { name: 'elsewhere', targets: [], settings: { metrics_path: '/broken' } },
    ];
    prometheus = await startPrometheus({ jobs, scrapeIntervalMs: 500 });
    await prometheus.waitForScrapes();
  });

  afterAll(async () => {
    await prometheus?.stop();
    page.closeAllConnections();
    page.close();
  });

  describe('query', () => {
    it('answers the samples that were scraped, infinite ones too', async () => {
      const samples = await prometheus.query('sort(stock)');
      expect(samples.map(({ labels, value }) => ({ labels, value }))).toEqual([
        { labels: { __name__: 'stock', item: 'nut', instance: address, job: 'shop' }, value: 5 },
        {
          labels: { __name__: 'stock', item: 'bolt', instance: address, job: 'shop' },
          value: Number.POSITIVE_INFINITY,
        },
      ]);
    });

    it('answers a scalar as one sample at the asked time', async () => {
      expect(await prometheus.query('-1/0', 1_500)).toEqual([
        { labels: {}, timestampMs: 1_500, value: Number.NEGATIVE_INFINITY },
      ]);
    });

    it('rejects with the reason of the server when the expression is wrong', async () => {
      await expect(prometheus.query('sum(')).rejects.toThrow(/query answers 400: .*parse error/);
    });
  });

  describe('queryValue', () => {
    it('answers the one number', async () => {
      expect(await prometheus.queryValue('stock{item="nut"} * 2')).toBe(10);
    });

    it('rejects when there is more than one, or none', async () => {
      await expect(prometheus.queryValue('stock')).rejects.toThrow('stock answers 2 samples');
      await expect(prometheus.queryValue('nothing')).rejects.toThrow('nothing answers 0 samples');
    });
  });

  describe('queryRange', () => {
    it('answers one point per step', async () => {
      const series = await prometheus.queryRange('vector(time())', { startMs: 10_000, endMs: 20_000, stepSeconds: 5 });
      expect(series).toEqual([
        {
          labels: {},
          points: [10, 15, 20].map((seconds) => ({ timestampMs: seconds * 1000, value: seconds })),
        },
      ]);
    });
  });

  describe('waitForScrapes', () => {
    it('waits for a scrape that starts after the given instant', async () => {
      const afterMs = Date.now();
      const [state] = await prometheus.waitForScrapes({ afterMs });
      expect(state).toMatchObject({ job: 'shop', scrapeUrl: `http://${address}/metrics`, health: 'up', lastError: '' });
      expect(state?.lastScrapeMs).toBeGreaterThanOrEqual(afterMs);
    });

    it('rejects with the state of the targets when the time runs out', async () => {
      await expect(prometheus.waitForScrapes({ health: 'down', timeoutMs: 100 })).rejects.toThrow(/down.*"job":"shop"/);
    });
  });

  describe('setTargets', () => {
    it('makes Prometheus scrape a target that came later, with the settings of its job', async () => {
      await prometheus.setTargets('elsewhere', [address]);
      const states = await prometheus.waitForScrapes({ health: 'any' });
      expect(states.find(({ job }) => job === 'elsewhere')).toMatchObject({
        health: 'down',
        scrapeUrl: `http://${address}/broken`,
        lastError: 'server returned HTTP status 500 Internal Server Error',
      });
    });

    it('rejects a job that Prometheus does not know', async () => {
      await expect(prometheus.setTargets('nobody', [])).rejects.toThrow('There is no job nobody');
    });
  });

  describe('startPrometheus', () => {
    it('rejects with the reason, and leaves no data behind, when the configuration is wrong', async () => {
      const before = dataDirectories();
      await expect(startPrometheus({ configuration: { no_such_field: 1 } })).rejects.toThrow('no_such_field');
      expect(dataDirectories()).toEqual(before);
    });

    it('stops twice, removes the data and frees the port', async () => {
      const before = dataDirectories();
      const other = await startPrometheus();
      expect(dataDirectories()).toHaveLength(before.length + 1);
      await other.stop();
      await other.stop();
      expect(dataDirectories()).toEqual(before);
      await expect(other.isReady()).rejects.toThrow('fetch failed');
    });
  });
});
