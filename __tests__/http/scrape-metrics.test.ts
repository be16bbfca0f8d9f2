// What scraping records about itself, and that it can be left out.
import type { MetricsCollector } from '../../lib/collector.js';
import type { MetricsHandlerOptions } from '../../lib/http/options.js';
import { Scraper } from '../../lib/http/scraper.js';
import { scrapesOf, smallCollector } from './support/collectors.js';

/** Scrapes as often as asked, and answers each text. */
function asking(collector: MetricsCollector, options: MetricsHandlerOptions = {}) {
  const scraper = new Scraper(collector, options);
  return async ({ method = 'GET', authorization }: { method?: string; authorization?: string } = {}) => {
    const header = (name: string) => (name === 'authorization' ? authorization : undefined);
    const { body } = await scraper.answer({ method, header, signal: new AbortController().signal, releases: true });
    // Everything here is short: one piece.
    if (typeof body !== 'object') return body;
    const text = Buffer.from((await body.next()) ?? '').toString();
    body.finish();
    return text;
  };
}

describe('scrapeMetricsOf', () => {
  it('counts answers by status and times complete scrapes', async () => {
    const collector = smallCollector();
    const ask = asking(collector, { auth: { bearerToken: 'abc' } });
    const authorization = 'Bearer abc';
    await ask({ authorization });
    await ask({ authorization });
    await ask({ method: 'HEAD', authorization });
    await ask({ method: 'POST', authorization });
    await ask();
    const { code, inFlight } = scrapesOf(collector);
    expect([200, 401, 405, 500, 503].map(code)).toEqual([3, 1, 1, 0, 0]);
    expect(inFlight()).toBe(0);
    const text = await collector.expose();
    expect(text).toContain('telltale_scrape_duration_seconds_count 2\n');
    expect(text).toContain('telltale_scrapes_total{code="503"} 0\n');
  });

  it('shows the running scrape itself', async () => {
    const text = await asking(smallCollector())();
    expect(text).toContain('telltale_scrapes_in_flight 1\n');
  });

  it('is shared by handlers of the same collector', async () => {
    const collector = smallCollector();
    await asking(collector)();
    await asking(collector)();
    expect(scrapesOf(collector).code(200)).toBe(2);
  });

  it('is not there when it is switched off', async () => {
    expect(await asking(smallCollector(), { selfMetrics: false })()).not.toContain('telltale_scrape');
  });
});
