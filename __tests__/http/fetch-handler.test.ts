// The handler for fetch-style servers: called directly, as a route of Hono, and over a socket.
import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { fetchMetricsHandler } from '../../lib/http/fetch-handler.js';
import { collectorOf, heldCollector, SMALL_TEXT, scrapesOf, smallCollector } from './support/collectors.js';
import { fetchRaw, requestText, sendRaw, turns } from './support/connections.js';
import { familyOfBlocks, textOfBlocks } from './support/families.js';
import { serveFetch } from './support/fetch-server.js';

const QUIET = { selfMetrics: false } as const;
const ENDLESS = Number.POSITIVE_INFINITY;
const request = (init: RequestInit = {}) => new Request('http://localhost/metrics', init);

describe('fetchMetricsHandler', () => {
  it('answers a request with a response', async () => {
    const response = await fetchMetricsHandler(smallCollector(), QUIET)(request());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
      'content-length': `${SMALL_TEXT.length}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Encoding',
    });
    expect(await response.text()).toBe(SMALL_TEXT);
  });

  it('answers HEAD without a body, other methods with 405, strangers with 401', async () => {
    const handle = fetchMetricsHandler(smallCollector(), { ...QUIET, auth: { bearerToken: 'abc' } });
    const headers = { Authorization: 'Bearer abc' };
    const head = await handle(request({ method: 'HEAD', headers }));
    expect([head.status, head.body]).toEqual([200, null]);
    const post = await handle(request({ method: 'POST', body: 'x', headers }));
    expect([post.status, post.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
    const stranger = await handle(request());
    expect([stranger.status, stranger.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer realm="metrics"']);
    const doubled = new Headers(headers);
    doubled.append('Authorization', 'Bearer abc');
    expect((await handle(request({ headers: doubled }))).status).toBe(401);
  });

  it('makes nothing ahead of its reader', async () => {
    const family = familyOfBlocks(ENDLESS);
    const response = await fetchMetricsHandler(collectorOf(family), QUIET)(request());
    const before = family.taken();
    await turns(50);
    expect(family.taken()).toBe(before);
    await response.body?.cancel();
    await family.ended;
  });

  it('hands out pieces that stay as they are', async () => {
    const response = await fetchMetricsHandler(collectorOf(familyOfBlocks(100)), QUIET)(request());
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
    expect(Buffer.concat(pieces).toString() === textOfBlocks(100)).toBe(true);
  });

  it.each([['identity'], ['gzip']])('lets go of everything when the reader cancels (%s)', async (encoding) => {
    const family = familyOfBlocks(ENDLESS);
    const collector = collectorOf(family);
    const headers = { 'Accept-Encoding': encoding };
    const response = await fetchMetricsHandler(collector)(request({ headers }));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await family.ended;
    const { code, inFlight } = scrapesOf(collector);
    expect([code(499), inFlight()]).toEqual([1, 0]);
  });

  it('lets go of everything when the request is aborted, also before anything was read', async () => {
    const family = familyOfBlocks(ENDLESS);
    const collector = collectorOf(family);
    const client = new AbortController();
    const response = await fetchMetricsHandler(collector)(request({ signal: client.signal }));
    client.abort();
    await family.ended;
    await expect(response.text()).rejects.toThrow('abandoned');
    expect(scrapesOf(collector).inFlight()).toBe(0);
  });

  it('gives up collecting when the request is aborted', async () => {
    const { collector, release, started } = heldCollector();
    const client = new AbortController();
    const answer = fetchMetricsHandler(collector)(request({ signal: client.signal }));
    await started;
    client.abort();
    expect((await answer).status).toBe(499);
    expect(scrapesOf(collector).inFlight()).toBe(0);
    release();
  });

  it('lets a body that breaks off fail for its reader', async () => {
    const response = await fetchMetricsHandler(collectorOf(familyOfBlocks(400, 300)), QUIET)(request());
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('The walk broke.');
  });

  it('throws for options that cannot work, when it is set up', () => {
    expect(() => fetchMetricsHandler(smallCollector(), { maxConcurrentScrapes: 0 })).toThrow('maxConcurrentScrapes');
  });

  describe('under Hono', () => {
    const collector = collectorOf(familyOfBlocks(100));
    const answer = fetchMetricsHandler(collector, QUIET);
    const app = new Hono()
      .use(async (context, next) => {
        await next();
        context.header('X-Frame-Options', 'DENY');
      })
      .get('/internal/metrics', (context) => answer(context.req.raw));

    it('serves a route, and its HEAD', async () => {
      const response = await app.request('/internal/metrics');
      expect(response.headers.get('X-Frame-Options')).toBe('DENY');
      expect((await response.text()) === textOfBlocks(100)).toBe(true);
      const head = await app.request('/internal/metrics', { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
    });

    it('serves over a socket, with gzip', async () => {
      const url = await serveFetch(app.fetch);
      const plain = await fetchRaw(`${url}/internal/metrics`);
      expect(plain.text === textOfBlocks(100)).toBe(true);
      const { headers, body } = await fetchRaw(`${url}/internal/metrics`, { headers: { 'Accept-Encoding': 'gzip' } });
      expect(headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(body).toString() === textOfBlocks(100)).toBe(true);
    });

    it('gives up the scrape of a client that leaves', async () => {
      const family = familyOfBlocks(ENDLESS);
      const endless = fetchMetricsHandler(collectorOf(family));
      const url = await serveFetch(new Hono().get('/metrics', (context) => endless(context.req.raw)).fetch);
      const client = await sendRaw(url, requestText('/metrics'));
      await client.until(/\r\n\r\n./s);
      client.socket.destroy();
      await family.ended;
    });
  });
});
