// The handler of node:http inside a real Express application.
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler } from 'express';
import { metricsHandler } from '../../lib/http/node-handler.js';
import { collectorOf, SMALL_TEXT, scrapesOf, smallCollector } from './support/collectors.js';
import { fetchRaw, requestText, sendRaw, serve } from './support/connections.js';
import { familyOfBlocks, textOfBlocks } from './support/families.js';

const QUIET = { selfMetrics: false } as const;

describe('metricsHandler under Express', () => {
  function appWith(mount: (app: express.Express) => void) {
    const errors: unknown[] = [];
    const app = express();
    mount(app);
    const onError: ErrorRequestHandler = (error, _request, response, _next) => {
      errors.push(error);
      response.status(500).end();
    };
    app.use(onError);
    return { app, errors };
  }

  it('serves a route', async () => {
    const { app } = appWith((app) => app.get('/metrics', metricsHandler(smallCollector(), QUIET)));
    const url = await serve(app);
    const { status, headers, text } = await fetchRaw(`${url}/metrics?x=1`);
    expect([status, text]).toEqual([200, SMALL_TEXT]);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
    expect((await fetchRaw(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetchRaw(`${url}/other`)).status).toBe(404);
  });

  it('serves under a prefix, in a mounted router, behind body parsers', async () => {
    const router = express.Router().use('/metrics', metricsHandler(collectorOf(familyOfBlocks(40)), QUIET));
    const { app } = appWith((app) => app.use(express.json()).use('/internal', router));
    const url = await serve(app);
    const { headers, body } = await fetchRaw(`${url}/internal/metrics`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString() === textOfBlocks(40)).toBe(true);
    expect((await fetchRaw(`${url}/internal/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('answers failures itself instead of leaving them to the error handler', async () => {
    const { app, errors } = appWith((app) =>
      app.get('/metrics', metricsHandler(collectorOf(familyOfBlocks(10, 0)), QUIET)),
    );
    const { status, text } = await fetchRaw(`${await serve(app)}/metrics`);
    expect([status, text]).toEqual([500, 'The metrics could not be written: The walk broke.\n']);
    expect(errors).toEqual([]);
  });

  it('gives up a scrape of a client that leaves, although the request was read to its end', async () => {
    const family = familyOfBlocks(Number.POSITIVE_INFINITY);
    const collector = collectorOf(family);
    const { app } = appWith((app) => app.use(express.json()).get('/metrics', metricsHandler(collector)));
    const client = await sendRaw(await serve(app), requestText('/metrics'));
    await once(client.socket, 'data');
    client.socket.destroy();
    await family.ended;
    expect(scrapesOf(collector).code(499)).toBe(1);
  });
});
