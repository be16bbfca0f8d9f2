// What a loop stores of a target that comes and goes, asked in PromQL, and when its turns are.
import fc from 'fast-check';
import { QueryEngine } from 'telltale/query';
import { MemoryStorage } from 'telltale/storage';
import { ManualClock } from 'telltale/testing';
import { ScrapeLoop, untilTurnMs } from '../../../lib/watch/scraping/scrape-loop.js';
import { Scraper } from '../../../lib/watch/scraping/scraper.js';
import { CLASSIC_TYPE, startTarget, type TargetServer } from '../support/target-server.js';

describe('ScrapeLoop', () => {
  describe('scrapeOnce', () => {
    const clock = new ManualClock();
    const storage = new MemoryStorage({ clock });
    const engine = new QueryEngine(storage, { clock });
    const told: (string | undefined)[] = [];
    let page = '';
    let status = 200;
    let server: TargetServer;
    let loop: ScrapeLoop;

    beforeAll(async () => {
      server = await startTarget((_, response) => {
        response.writeHead(status, { 'Content-Type': CLASSIC_TYPE }).end(page);
      });
      loop = new ScrapeLoop({
        scraper: new Scraper(server.target, { timeoutSeconds: 10, isLenient: true }),
        intervalSeconds: 15,
        clock,
        store: async (snapshot) => void (await storage.write(snapshot)),
        told: (_target, _report, error) => void told.push(error?.kind),
      });
    });
    afterAll(async () => {
      await loop.stop();
      await server.close();
    });

    async function scrape(text: string, answers = 200): Promise<void> {
      [page, status] = [text, answers];
      clock.advance(15);
      await loop.scrapeOnce();
    }

    async function shown(expression: string): Promise<Record<string, number>> {
      const answer = (await engine.instant(expression))._unsafeUnwrap();
      if (answer.type !== 'vector') throw new Error(answer.type);
      return Object.fromEntries(
        answer.samples.map(({ labels: { __name__ = '', x = '' }, value }) => [__name__ + x, value]),
      );
    }

    it('stores the page, and what Prometheus says of a scrape', async () => {
      await scrape('a{x="1"} 1\na{x="2"} 2\n');
      expect(await shown('{job="shop"}')).toEqual({
        a1: 1,
        a2: 2,
        up: 1,
        scrape_duration_seconds: 0,
        scrape_samples_scraped: 2,
        scrape_samples_post_metric_relabeling: 2,
        scrape_series_added: 2,
      });
    });

    it('has a series end that is no longer on the page', async () => {
      await scrape('a{x="2"} 3\n');
      expect(await shown('a')).toEqual({ a2: 3 });
    });

    it('has all series end when the target goes, and says so', async () => {
      await scrape('', 500);
      expect(await shown('{job="shop",__name__!="scrape_duration_seconds"}')).toEqual({
        up: 0,
        scrape_samples_scraped: 0,
        scrape_samples_post_metric_relabeling: 0,
        scrape_series_added: 0,
      });
      expect(loop.health).toEqual({
        health: 'down',
        lastScrapeMs: clock.now(),
        lastDurationSeconds: 0,
        lastError: 'It answered with HTTP status 500.',
      });
    });

    it('goes on when the target is back, with series that are new', async () => {
      await scrape('a{x="2"} 4\n');
      expect(await shown('a or scrape_series_added')).toEqual({ a2: 4, scrape_series_added: 1 });
      expect(told).toEqual([undefined, undefined, 'target_refused', undefined]);
    });

    it('goes on with the same series when a histogram did not add up for once', async () => {
      const page = (bucket: number, count: number) =>
        `# TYPE h histogram\nh_bucket{le="1"} ${bucket}\nh_bucket{le="+Inf"} ${bucket}\nh_sum ${bucket}\nh_count ${count}\n`;
      await scrape(page(1, 1));
      await scrape(page(2, 3));
      await scrape(page(4, 4));
      expect(await shown('{__name__=~"h_.*",le!="+Inf"}')).toEqual({ h_bucket: 4, h_count: 4, h_sum: 4 });
      expect(await shown('sum_over_time(h_count[45s])')).toEqual({ '': 8 });
      expect(await shown('sum_over_time(h_bucket{le="1"}[45s])')).toEqual({ '': 7 });
    });

    it('stores nothing of a scrape that its own end cut off', async () => {
      const hanging = await startTarget(() => {});
      const writes: unknown[] = [];
      const cut = new ScrapeLoop({
        scraper: new Scraper(hanging.target, { timeoutSeconds: 10 }),
        intervalSeconds: 15,
        clock,
        store: async (snapshot) => void writes.push(snapshot),
        told: () => writes.push('told'),
      });
      const scraping = cut.scrapeOnce();
      await cut.stop();
      await scraping;
      await hanging.close();
      expect(writes).toEqual([]);
    });
  });
});

describe('untilTurnMs', () => {
  it('leads to the same place of every interval', () => {
    const now = fc.integer({ min: 0, max: 2 ** 41 });
    const interval = fc.integer({ min: 1000, max: 86_400_000 });
    fc.assert(
      fc.property(now, interval, fc.double({ min: 0, max: 0.999, noNaN: true }), (nowMs, intervalMs, share) => {
        const waitMs = untilTurnMs(nowMs, intervalMs, share);
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(intervalMs);
        expect((nowMs + waitMs) % intervalMs).toBe(Math.floor(share * intervalMs));
      }),
    );
  });
});
