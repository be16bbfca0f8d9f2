// What a scraper makes of targets on real sockets: those that behave, those that break rules, and those that mean harm.
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Counter, Registry } from 'prom-client';
import { MetricsCollector, startMetricsServer } from 'telltale';
import type { MetricFamily } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import { describeScrapeError } from '../../../lib/watch/scraping/scrape-error.js';
import { Scraper, type ScraperOptions } from '../../../lib/watch/scraping/scraper.js';
import { parseTarget, type Target } from '../../../lib/watch/scraping/target.js';
import { CLASSIC_TYPE, OPENMETRICS_TYPE, startTarget, type TargetServer } from '../support/target-server.js';

const CLASSIC = '# TYPE jobs_total counter\njobs_total{queue="mail"} 3\n';
const OPENMETRICS = '# TYPE jobs counter\njobs_total{queue="mail"} 3.0\n# EOF\n';
const JOBS = [['jobs_total', { queue: 'mail' }, 3]];

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function scraperOf(target: Target, options: Partial<ScraperOptions> = {}): Scraper {
  const scraper = new Scraper(target, { timeoutSeconds: 10, ...options });
  open.push(scraper);
  return scraper;
}

async function server(listener: RequestListener): Promise<TargetServer> {
  const started = await startTarget(listener);
  open.push(started);
  return started;
}

const answer = (response: ServerResponse, type: string, body: string | Buffer, headers: object = {}) =>
  response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);

function samples(families: readonly MetricFamily[]): unknown[] {
  return [...samplesOf({ timestampMs: 0, families })].map(({ name, labels, value }) => [name, { ...labels }, value]);
}

async function scraped(listener: RequestListener, options: Partial<ScraperOptions> = {}): Promise<unknown> {
  const { target } = await server(listener);
  const result = await scraperOf(target, options).scrape();
  return result.match(samples, (error) => describeScrapeError(error));
}

describe('Scraper', () => {
  describe('scrape', () => {
    it('asks as Prometheus does: formats, gzip, and how long it waits', async () => {
      let headers: IncomingHttpHeaders = {};
      await scraped((request, response) => {
        headers = request.headers;
        answer(response, CLASSIC_TYPE, CLASSIC);
      });
      expect(headers['accept']).toMatch(/protobuf;.*openmetrics-text;version=1\.0\.0.*text\/plain;version=0\.0\.4/);
      expect(headers['accept-encoding']).toBe('gzip');
      expect(headers['x-prometheus-scrape-timeout-seconds']).toBe('10');
    });

    it.each([
      ['classic text', CLASSIC_TYPE, CLASSIC],
      ['OpenMetrics', OPENMETRICS_TYPE, OPENMETRICS],
      ['a page that does not say what it is', '', CLASSIC],
    ])('reads %s', async (_, type, page) => {
      expect(await scraped((_request, response) => answer(response, type, page))).toEqual(JOBS);
    });

    it('reads a page that is compressed', async () => {
      const page = gzipSync(CLASSIC);
      expect(
        await scraped((_, response) => answer(response, CLASSIC_TYPE, page, { 'Content-Encoding': 'gzip' })),
      ).toEqual(JOBS);
    });

    it('sends the credentials of the address as a header', async () => {
      let authorization: string | undefined;
      const { port } = await server((request, response) => {
        authorization = request.headers.authorization;
        answer(response, CLASSIC_TYPE, CLASSIC);
      });
      await scraperOf(parseTarget(`http://ann:s%C3%A9cret@127.0.0.1:${port}`)._unsafeUnwrap()).scrape();
      expect(authorization).toBe(`Basic ${Buffer.from('ann:sécret').toString('base64')}`);
    });

    it('uses one connection for all scrapes', async () => {
      const ports = new Set<number | undefined>();
      const { target } = await server((request, response) => {
        ports.add(request.socket.remotePort);
        answer(response, CLASSIC_TYPE, CLASSIC);
      });
      const scraper = scraperOf(target);
      for (let i = 0; i < 3; i++) await scraper.scrape();
      expect(ports.size).toBe(1);
    });

    it('asks for classic text from then on when another page breaks the rules', async () => {
      const asked: (string | undefined)[] = [];
      const { target } = await server((request, response) => {
        asked.push(request.headers.accept?.slice(0, 10));
        if (request.headers.accept?.includes('openmetrics')) answer(response, OPENMETRICS_TYPE, 'jobs_total 3\n');
        else answer(response, CLASSIC_TYPE, CLASSIC);
      });
      const scraper = scraperOf(target);
      for (let i = 0; i < 2; i++) expect(samples((await scraper.scrape())._unsafeUnwrap())).toEqual(JOBS);
      expect(asked).toEqual(['applicatio', 'text/plain', 'text/plain']);
    });

    it('reads what our own server shows, native histograms among it', async () => {
      const metrics = new MetricsCollector();
      metrics.counter('jobs_total', { labelNames: ['queue'] }).increment(3, { queue: 'mail' });
      metrics.histogram('took_seconds', { native: {} }).observe(1);
      const own = (await startMetricsServer(metrics, { port: 0 }))._unsafeUnwrap();
      open.push(own);
      const families = await scraperOf(parseTarget(own.url)._unsafeUnwrap()).scrape();
      expect(samples(families._unsafeUnwrap())).toContainEqual(JOBS[0]);
      const took = families._unsafeUnwrap().find(({ descriptor }) => descriptor.name === 'took_seconds');
      expect([...took!.blocks()][0]?.native?.schemas).toHaveLength(1);
    });

    it.each([Registry.PROMETHEUS_CONTENT_TYPE, Registry.OPENMETRICS_CONTENT_TYPE])(
      'reads what prom-client shows as %s',
      async (type) => {
        const registry = new Registry<typeof type>();
        registry.setContentType(type);
        new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registers: [registry] }).inc(
          { queue: 'mail' },
          3,
        );
        const page = await registry.metrics();
        expect(await scraped((_, response) => answer(response, registry.contentType, page))).toEqual(JOBS);
      },
    );
  });

  describe('of a target that is no use', () => {
    it('says that nobody listens', async () => {
      const { target, close } = await startTarget(() => {});
      await close();
      const failed = await scraperOf(target).scrape();
      expect(describeScrapeError(failed._unsafeUnwrapErr())).toContain('cannot be reached: connect ECONNREFUSED');
    });

    it('says with which status it was refused', async () => {
      expect(await scraped((_, response) => response.writeHead(503).end('later'))).toBe(
        'It answered with HTTP status 503.',
      );
      expect(await scraped((_, response) => response.writeHead(401).end())).toBe(
        'It answered with HTTP status 401: give user:password@ in its address.',
      );
    });

    it('says where a page is malformed', async () => {
      expect(await scraped((_, response) => answer(response, 'text/html', '<!doctype html>\n'))).toContain(
        'malformed at line 1, column 1',
      );
    });

    it.each([
      ['answers nothing', () => {}],
      ['stops within its page', (response: ServerResponse) => response.writeHead(200).write(CLASSIC)],
    ])('gives up in time when it %s', async (_, behave) => {
      const listener: RequestListener = (_request, response) => void behave(response);
      expect(await scraped(listener, { timeoutSeconds: 0.05 })).toBe('It did not answer within 0.05 s.');
    });

    it('says that a page broke off', async () => {
      const broken = await scraped((_, response) => {
        response.writeHead(200, { 'Content-Length': '1000' }).write(CLASSIC, () => response.destroy());
      });
      expect(broken).toBe('Its page broke off before its end: the connection was closed.');
    });
  });

  describe('of a target that means harm', () => {
    const endless = (piece: string): RequestListener => {
      return (_, response) => {
        response.writeHead(200, { 'Content-Type': CLASSIC_TYPE });
        const more = () => {
          while (response.writable && response.write(piece));
        };
        response.on('drain', more);
        more();
      };
    };

    it('stops reading an endless page', async () => {
      const limits = { maxBytes: 100_000 };
      expect(await scraped(endless('# and so on\n'), { limits })).toContain('exceeds maxBytes (100000)');
    });

    it('stops reading an endless line', async () => {
      expect(await scraped(endless('x'.repeat(1000)))).toContain('exceeds maxLineBytes');
    });

    it('stops reading a page of endless series', async () => {
      const page = Array.from({ length: 1001 }, (_, i) => `a{i="${i}"} 1\n`).join('');
      const limits = { maxSeries: 1000 };
      expect(await scraped((_, response) => answer(response, CLASSIC_TYPE, page), { limits })).toContain('maxSeries');
    });

    it('stops unpacking a gzip bomb', async () => {
      // 100 MB in 100 kB, of which it unpacks no more than it takes.
      const bomb = gzipSync(Buffer.alloc(100_000_000, `# ${'boom'.repeat(1000)}\n`));
      const headers = { 'Content-Encoding': 'gzip' };
      expect(await scraped((_, response) => answer(response, CLASSIC_TYPE, bomb, headers))).toContain(
        'exceeds maxBytes (33554432)',
      );
    });

    it('says that a compressed page is none', async () => {
      expect(
        await scraped((_, response) => answer(response, CLASSIC_TYPE, CLASSIC, { 'Content-Encoding': 'gzip' })),
      ).toBe('Its page is compressed, and cannot be unpacked: incorrect header check.');
    });

    it('takes no encoding that it did not ask for', async () => {
      expect(
        await scraped((_, response) => answer(response, CLASSIC_TYPE, CLASSIC, { 'Content-Encoding': 'br' })),
      ).toBe('It answers in the encoding br, which nobody asked for.');
    });

    it.each([
      ['file:///etc/passwd', 'it is neither http nor https'],
      ['http://localhost:1/metrics', 'it is another host; name that one as the target'],
      ['http://[', 'it is no address'],
      ['/again', 'there were 5 redirects before it'],
    ])('does not follow a redirect to %s', async (location, reason) => {
      const told = await scraped((_, response) => response.writeHead(302, { Location: location }).end());
      expect(told).toBe(`It redirects to ${location}, which is not followed: ${reason}.`);
    });

    it('follows a redirect to another path of the same host', async () => {
      const found = await scraped((request, response) => {
        if (request.url === '/metrics') response.writeHead(307, { Location: '/metrics/' }).end();
        else answer(response, CLASSIC_TYPE, CLASSIC);
      });
      expect(found).toEqual(JOBS);
    });
  });
});
