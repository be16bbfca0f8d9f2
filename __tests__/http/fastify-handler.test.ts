// The handler as a route of a real Fastify server.
import { gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { fastifyMetricsHandler } from '../../lib/http/fastify-handler.js';
import { collectorOf, SMALL_TEXT, scrapesOf, smallCollector } from './support/collectors.js';
import { afterTest, fetchRaw, requestText, sendRaw } from './support/connections.js';
import { familyOfBlocks, textOfBlocks } from './support/families.js';

const QUIET = { selfMetrics: false } as const;

async function start(mount: (app: FastifyInstance) => unknown): Promise<{ app: FastifyInstance; url: string }> {
  const app = fastify();
  afterTest(() => app.close());
  await mount(app);
  return { app, url: await app.listen({ port: 0, host: '127.0.0.1' }) };
}

describe('fastifyMetricsHandler', () => {
  it('serves a route, and its HEAD', async () => {
    const { url } = await start((app) => app.get('/metrics', fastifyMetricsHandler(smallCollector(), QUIET)));
    const { status, headers, text } = await fetchRaw(`${url}/metrics`);
    expect([status, text]).toEqual([200, SMALL_TEXT]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
      'content-length': `${SMALL_TEXT.length}`,
      'cache-control': 'no-store',
    });
    const head = await fetchRaw(`${url}/metrics`, { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-type']]).toEqual([200, '', headers['content-type']]);
  });

  it('serves large scrapes with gzip under a prefix', async () => {
    const { url } = await start((app) =>
      app.register(
        async (scope) => scope.get('/metrics', fastifyMetricsHandler(collectorOf(familyOfBlocks(60)), QUIET)),
        { prefix: '/internal' },
      ),
    );
    const { headers, body } = await fetchRaw(`${url}/internal/metrics`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString() === textOfBlocks(60)).toBe(true);
  });

  it('answers 405 where the route takes all methods, also to a body that Fastify has read', async () => {
    const { url } = await start((app) => app.all('/metrics', fastifyMetricsHandler(smallCollector(), QUIET)));
    const { status, headers } = await fetchRaw(`${url}/metrics`, { method: 'DELETE' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('sends the headers that hooks have set', async () => {
    const { url } = await start((app) => {
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('X-Frame-Options', 'DENY').header('Vary', 'Origin');
      });
      app.get('/metrics', fastifyMetricsHandler(smallCollector(), QUIET));
    });
    const { headers } = await fetchRaw(`${url}/metrics`);
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', vary: 'Origin, Accept, Accept-Encoding' });
  });

  it('lets Fastify see the end of the answer, so that its own hooks and closing work', async () => {
    const statuses: number[] = [];
    const { app, url } = await start((app) => {
      app.addHook('onResponse', async (_request, reply) => {
        statuses.push(reply.raw.statusCode);
      });
      app.get('/metrics', fastifyMetricsHandler(smallCollector(), { auth: { username: 'a', password: 'b' } }));
    });
    expect((await fetchRaw(`${url}/metrics`)).status).toBe(401);
    expect((await fetchRaw(`${url}/metrics`, { headers: { Authorization: 'Basic YTpi' } })).status).toBe(200);
    await app.close();
    expect(statuses).toEqual([401, 200]);
  });

  it('tells Fastify at once that it answers by itself', async () => {
    const handle = fastifyMetricsHandler(smallCollector(), QUIET);
    let sent: boolean | undefined;
    const { url } = await start((app) =>
      app.get('/metrics', (request, reply) => {
        handle(request, reply);
        sent = reply.sent;
      }),
    );
    await fetchRaw(`${url}/metrics`);
    expect(sent).toBe(true);
  });

  it('answers requests that Fastify injects without a socket', async () => {
    const { app } = await start((app) => app.get('/metrics', fastifyMetricsHandler(smallCollector(), QUIET)));
    const { statusCode, body } = await app.inject('/metrics');
    expect([statusCode, body]).toEqual([200, SMALL_TEXT]);
  });

  it('gives up the scrape of a client that leaves', async () => {
    const family = familyOfBlocks(Number.POSITIVE_INFINITY);
    const collector = collectorOf(family);
    const { url } = await start((app) => app.get('/metrics', fastifyMetricsHandler(collector)));
    const client = await sendRaw(url, requestText('/metrics'));
    await client.until(/\r\n\r\n./s);
    client.socket.destroy();
    await family.ended;
    expect(scrapesOf(collector).code(499)).toBe(1);
  });
});
