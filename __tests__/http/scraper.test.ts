// The core of all handlers, without any transport: which request gets which answer.
import { gunzipSync } from 'node:zlib';
import type { MetricsCollector } from '../../lib/collector.js';
import { ChunkPool } from '../../lib/http/chunk-pool.js';
import type { MetricsHandlerOptions } from '../../lib/http/options.js';
import type { ScrapeAnswer } from '../../lib/http/scrape-answer.js';
import { Scraper } from '../../lib/http/scraper.js';
import { decodeFamilies } from '../exposition/protobuf/client-model.js';
import { collectorOf, heldCollector, SMALL_TEXT, smallCollector } from './support/collectors.js';
import { familyOfBlocks, textOfBlocks } from './support/families.js';

const QUIET = { selfMetrics: false } as const;
const TEXT = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function asking(collector: MetricsCollector, options: MetricsHandlerOptions = QUIET) {
  const scraper = new Scraper(collector, options);
  return ({ method = 'GET', headers = {}, signal = new AbortController().signal }: Asked = {}) =>
    scraper.answer({ method, header: (name) => headers[name], signal, releases: true });
}

async function bytesOf({ body }: ScrapeAnswer): Promise<Buffer> {
  if (typeof body !== 'object') return Buffer.from(body ?? '');
  const pieces: Buffer[] = [];
  for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
    pieces.push(Buffer.from(piece));
    body.release(piece);
  }
  body.finish();
  return Buffer.concat(pieces);
}
const textOf = async (answer: ScrapeAnswer) => (await bytesOf(answer)).toString();

describe('Scraper', () => {
  describe('answer', () => {
    it('answers with the text format when nothing else is asked for', async () => {
      const answer = await asking(smallCollector())();
      expect(answer.status).toBe(200);
      expect(answer.headers).toEqual({
        'Content-Type': TEXT,
        'Content-Length': `${SMALL_TEXT.length}`,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        Vary: 'Accept, Accept-Encoding',
      });
      expect(await textOf(answer)).toBe(SMALL_TEXT);
    });

    it('answers with OpenMetrics when that is asked for', async () => {
      const accept = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
      const answer = await asking(smallCollector())({ headers: { accept } });
      expect(answer.headers['Content-Type']).toMatch(/^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/);
      expect(await textOf(answer)).toMatch(/# EOF\n$/);
    });

    it('answers with protobuf when that is asked for, chunks of the pool included', async () => {
      const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6';
      const ask = asking(collectorOf(familyOfBlocks(12)));
      const expected = Array.from({ length: 12_000 }, (_, i) => i);
      for (let round = 0; round < 2; round++) {
        const answer = await ask({ headers: { accept: `${accept},text/plain;version=0.0.4;q=0.3,*/*;q=0.1` } });
        expect(answer.headers['Content-Type']).toBe(
          'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores',
        );
        const [family] = decodeFamilies(await bytesOf(answer));
        expect(family!.metric.map(({ counter }) => counter!.value)).toEqual(expected);
      }
    });

    it('compresses when the scraper accepts gzip', async () => {
      const answer = await asking(collectorOf(familyOfBlocks(40)))({ headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers['Content-Encoding']).toBe('gzip');
      expect(gunzipSync(await bytesOf(answer)).toString()).toBe(textOfBlocks(40));
    });

    it('does not compress when that is switched off', async () => {
      const answer = await asking(smallCollector(), { ...QUIET, gzip: false })({
        headers: { 'accept-encoding': 'gzip' },
      });
      expect(answer.headers).not.toHaveProperty('Content-Encoding');
      expect(await textOf(answer)).toBe(SMALL_TEXT);
    });

    it.each([['POST'], ['PUT'], ['PATCH'], ['DELETE'], ['OPTIONS'], ['TRACE'], ['get'], ['']])(
      'answers the method "%s" with 405 and the methods that there are',
      async (method) => {
        const answer = await asking(smallCollector())({ method });
        expect(answer.status).toBe(405);
        expect(answer.headers).toMatchObject({ Allow: 'GET, HEAD', 'Content-Type': 'text/plain; charset=utf-8' });
        expect(answer.body).toBe('This can only be read. Use GET or HEAD.\n');
      },
    );

    it('answers HEAD with the headers of GET and without collecting', async () => {
      const collector = smallCollector();
      const collect = jest.spyOn(collector, 'collect');
      const headers = { accept: 'application/openmetrics-text', 'accept-encoding': 'gzip' };
      const answer = await asking(collector)({ method: 'HEAD', headers });
      const { 'Content-Length': _, ...expected } = (await asking(collectorOf())({ headers })).headers;
      expect(answer).toEqual({ status: 200, headers: expected, body: undefined });
      expect(collect).not.toHaveBeenCalled();
    });

    describe('with credentials', () => {
      const ask = asking(smallCollector(), { ...QUIET, auth: { bearerToken: 'abc' } });

      it.each([[undefined], ['Bearer abd'], ['Basic YWJj']])('refuses "%s" with 401 and a challenge', async (given) => {
        const answer = await ask({ headers: given === undefined ? {} : { authorization: given } });
        expect(answer.status).toBe(401);
        expect(answer.headers['WWW-Authenticate']).toBe('Bearer realm="metrics"');
        expect(answer.body).toBe(
          'The request carried no valid credentials. Send the bearer token, or the user name and password, that the endpoint was set up with.\n',
        );
      });

      it('answers whoever has them', async () => {
        expect((await ask({ headers: { authorization: 'Bearer abc' } })).status).toBe(200);
      });

      it('tells strangers nothing else: 401 goes before 405, for HEAD without a body', async () => {
        expect((await ask({ method: 'POST' })).status).toBe(401);
        expect(await ask({ method: 'HEAD' })).toMatchObject({ status: 401, body: undefined });
      });
    });

    describe('the limit of running scrapes', () => {
      it('answers one more with 503, until one has ended', async () => {
        const ask = asking(collectorOf(familyOfBlocks(40)), { ...QUIET, maxConcurrentScrapes: 2 });
        const [first, second] = await Promise.all([ask(), ask()]);
        const refused = await ask();
        expect(refused.status).toBe(503);
        expect(refused.headers).toMatchObject({ 'Retry-After': '1', 'Content-Type': 'text/plain; charset=utf-8' });
        expect(refused.body).toMatch(/^2 scrapes are running, which is the limit\. Try again/);
        await textOf(first);
        expect((await ask()).status).toBe(200);
        await textOf(second);
      });

      it('frees the place of a scrape that failed, and of one whose client left', async () => {
        const client = new AbortController();
        const ask = asking(collectorOf(familyOfBlocks(40, 0)), { ...QUIET, maxConcurrentScrapes: 1 });
        expect((await ask()).status).toBe(500);
        client.abort();
        expect((await ask({ signal: client.signal })).status).toBe(499);
        expect((await ask()).status).toBe(500);
      });

      it('frees a place only once', async () => {
        const collector = collectorOf(familyOfBlocks(40, 0));
        const ask = asking(collector, { ...QUIET, maxConcurrentScrapes: 1 });
        expect((await ask()).status).toBe(500);
        jest.spyOn(collector, 'collect').mockResolvedValue([familyOfBlocks(40)]);
        const answers = [await ask(), await ask()];
        expect(answers.map(({ status }) => status)).toEqual([200, 503]);
        await Promise.all(answers.map(textOf));
      });

      it('is ten unless told otherwise', async () => {
        const ask = asking(collectorOf(familyOfBlocks(40)));
        const answers = await Promise.all(Array.from({ length: 11 }, () => ask()));
        expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(200), 503]);
        await Promise.all(answers.map(textOf));
      });

      it.each([[0], [-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY], ['3' as unknown as number]])(
        'cannot be %s',
        (maxConcurrentScrapes) => {
          expect(() => asking(smallCollector(), { maxConcurrentScrapes })).toThrow(
            expect.objectContaining({ kind: 'invalid_option' }),
          );
        },
      );
    });

    it('collects once for scrapes that come together', async () => {
      const { collector, release, started, runs } = heldCollector();
      const ask = asking(collector);
      const answers = Promise.all([ask(), ask(), ask({ headers: { 'accept-encoding': 'gzip' } })]);
      await started;
      const late = ask();
      release();
      expect((await answers).map(({ status }) => status)).toEqual([200, 200, 200]);
      expect((await late).status).toBe(200);
      expect(runs()).toBe(1);
    });

    describe('the time limit of the scraper', () => {
      const limit = (seconds: string) => ({ headers: { 'x-prometheus-scrape-timeout-seconds': seconds } });

      it('is answered with 503 when collecting takes longer', async () => {
        const { collector, release } = heldCollector();
        const answer = await asking(collector)(limit('0.01'));
        release();
        expect(answer.status).toBe(503);
        expect(answer.headers['Content-Type']).toBe('text/plain; charset=utf-8');
        expect(answer.body).toBe(
          'Collecting took longer than the 0.009 s that the scraper leaves for it. Make the collect callbacks faster, or raise its scrape_timeout.\n',
        );
      });

      it.each([['soon'], ['-1'], ['0'], ['1e-3'], ['NaN']])('is ignored when it is "%s"', async (header) => {
        const { collector, release, started } = heldCollector();
        const answer = asking(collector)(limit(header));
        await started;
        release();
        expect((await answer).status).toBe(200);
      });
    });

    describe('a scrape that fails', () => {
      it('is a 500 with one line of text when collecting rejects', async () => {
        const collector = smallCollector();
        jest.spyOn(collector, 'collect').mockRejectedValue(new Error('No families today.'));
        const answer = await asking(collector)();
        expect(answer.status).toBe(500);
        expect(answer.headers['Content-Type']).toBe('text/plain; charset=utf-8');
        expect(answer.body).toBe('The metrics could not be written: No families today.\n');
      });

      it.each([['identity'], ['gzip']])('is a 500 when encoding breaks at the start (%s)', async (encoding) => {
        const family = familyOfBlocks(40, 1);
        const answer = await asking(collectorOf(family))({ headers: { 'accept-encoding': encoding } });
        await family.ended;
        expect(answer.status).toBe(500);
        expect(answer.headers).not.toHaveProperty('Content-Encoding');
        expect(answer.body).toBe('The metrics could not be written: The walk broke.\n');
      });

      it.each([['identity'], ['gzip']])('breaks off when encoding breaks later (%s)', async (encoding) => {
        const family = familyOfBlocks(400, 300);
        const answer = await asking(collectorOf(family))({ headers: { 'accept-encoding': encoding } });
        expect(answer.status).toBe(200);
        expect(answer.headers).not.toHaveProperty('Content-Length');
        await expect(bytesOf(answer)).rejects.toThrow('The walk broke.');
        await family.ended;
      });

      it.each([
        ['at the start', 1],
        ['later', 300],
      ])('is told to onError once when it broke %s', async (_, at) => {
        const collector = collectorOf(familyOfBlocks(400, at));
        const told = jest.spyOn(collector, 'onError').mockReturnValue();
        const answer = await asking(collector)();
        if (answer.status === 200) await expect(bytesOf(answer)).rejects.toThrow('The walk broke.');
        expect(told.mock.calls).toEqual([[{ kind: 'scrape_failed', cause: new Error('The walk broke.') }]]);
      });
    });

    describe('chunks', () => {
      /** A scraper over a pool that counts, and a way to ask it. */
      function watched() {
        const pool = new ChunkPool();
        const buffers = new Set<ArrayBufferLike>();
        let lent = 0;
        const watchedPool = {
          ...pool,
          acquire: () => {
            const chunk = pool.acquire();
            lent++;
            buffers.add(chunk.buffer);
            return chunk;
          },
        } as ChunkPool;
        const scraper = new Scraper(collectorOf(familyOfBlocks(60)), QUIET, { pool: watchedPool });
        const ask = (encoding: string, releases = true) => {
          const signal = new AbortController().signal;
          const header = (name: string) => (name === 'accept-encoding' ? encoding : undefined);
          return scraper.answer({ method: 'GET', header, signal, releases });
        };
        return { ask, lent: () => lent, made: () => buffers.size };
      }

      it.each([['identity'], ['gzip']])('are used again, from scrape to scrape (%s)', async (encoding) => {
        const { ask, lent, made } = watched();
        for (let round = 0; round < 4; round++) await bytesOf(await ask(encoding));
        expect(lent()).toBeGreaterThan(20);
        expect(made()).toBeLessThanOrEqual(4);
      });

      it('are never mixed up between scrapes that run together', async () => {
        const expected = textOfBlocks(60);
        const { ask } = watched();
        for (let round = 0; round < 3; round++) {
          const texts = await Promise.all([1, 2, 3, 4].map(async () => textOf(await ask('identity'))));
          for (const text of texts) expect(text === expected).toBe(true);
        }
      });

      it('are not lent to who does not give them back', async () => {
        const { ask, lent } = watched();
        expect((await textOf(await ask('identity', false))) === textOfBlocks(60)).toBe(true);
        expect(lent()).toBe(0);
      });
    });
  });
});
