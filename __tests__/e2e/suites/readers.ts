// The shop read by others: a real Prometheus scrapes it and has to come to the same numbers as the shop's own collector;
// Prometheus' linter and the strict parser of OpenMetrics find nothing to complain about.
import { JUDGE_COMPONENTS, startOpenMetricsJudge } from '../../support/openmetrics-judge.js';
import { pollUntil } from '../../support/poll.js';
import { type Prometheus, startPrometheus } from '../../support/prometheus.js';
import { checkMetrics } from '../../support/promtool.js';
import { describeWithServer } from '../../support/servers.js';
import { type ShopProcess, startShop } from '../support/shop-process.js';
import { ShopReader, seriesKey } from '../support/shop-reader.js';

const REQUESTS = 400;

export function describeReaders(): void {
  describeWithServer(['prometheus', 'promtool', ...JUDGE_COMPONENTS], 'the shop as others read it', suite);
}

function suite(): void {
  let shop: ShopProcess;
  let reader: ShopReader;
  let prometheus: Prometheus;

  beforeAll(async () => {
    shop = startShop('--port', '0', '--rate', '400', '--requests', String(REQUESTS));
    const [, url = ''] = await shop.match(/^metrics {3}(http:\S+)\/metrics$/m);
    reader = new ShopReader(url);
    prometheus = await startPrometheus({ jobs: [{ name: 'shop', targets: [new URL(url).host] }] });
    await shop.match(new RegExp(`load {6}ended after ${REQUESTS} requests`));
  }, 120_000);

  afterAll(async () => {
    await prometheus?.stop();
    await shop?.child.stop();
  });

  it('has the same numbers in Prometheus as in its own collector, sample by sample', async () => {
    // The load has ended; only a last delivery may still change the stock.
    const own = await pollUntil({ what: 'A scrape between two equal readings', timeoutMs: 30_000 }, async () => {
      const before = await reader.samples();
      await prometheus.waitForScrapes({ afterMs: Date.now() });
      const after = await reader.samples();
      return JSON.stringify([...before]) === JSON.stringify([...after]) ? after : undefined;
    });
    const answer = await prometheus.query('{job="shop"}');
    const scraped = new Map(answer.map(({ labels, value }) => [seriesKey(labels.__name__ ?? '', labels), value]));
    const difference = [...own].filter(([series, value]) => scraped.get(series) !== value);
    expect(difference).toEqual([]);
    expect(own.size).toBeGreaterThan(150);
  });

  it('answers the questions of a dashboard alike', async () => {
    const { requests, routes } = await reader.live();
    expect(requests).toBe(REQUESTS);
    expect(await prometheus.queryValue('sum(http_request_duration_seconds_count)')).toBe(REQUESTS);
    expect(await prometheus.queryValue('http_requests_in_flight')).toBe(0);
    expect(routes.length).toBeGreaterThan(4);
    for (const { method, route, statusCode, p50, p95 } of routes) {
      const series = `http_request_duration_seconds_bucket{method="${method}",route="${route}",status_code="${statusCode}"}`;
      expect(await prometheus.queryValue(`histogram_quantile(0.5, ${series})`)).toBeCloseTo(p50, 12);
      expect(await prometheus.queryValue(`histogram_quantile(0.95, ${series})`)).toBeCloseTo(p95, 12);
    }
  });

  it('leaves the linter of Prometheus nothing to say but of three names that dashboards know', async () => {
    const { output } = await checkMetrics(await reader.exposition('text/plain'));
    expect(output.trim().split('\n').toSorted()).toEqual(
      ['handles', 'requests', 'resources'].map(
        (what) => `nodejs_active_${what}_total non-counter metrics should not have "_total" suffix`,
      ),
    );
  });

  it('is valid OpenMetrics in the eyes of the strict parser', async () => {
    const judge = await startOpenMetricsJudge();
    const text = await reader.exposition('application/openmetrics-text; version=1.0.0');
    expect(text).toMatch(/# EOF\n$/);
    expect(await judge.check(text)).toEqual({ ok: true });
    await judge.stop();
  });

  it('ends in good order after that', async () => {
    expect(await shop.end('SIGINT')).toBe(0);
    expect(shop.output()).toContain(`answered ${REQUESTS} requests`);
  });
}
