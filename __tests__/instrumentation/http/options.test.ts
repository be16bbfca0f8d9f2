// What users can choose about the metrics of a server, the bounds that hold whatever they choose, and the requests that
// break off in unusual ways.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { MetricsCollector } from '../../../lib/collector.js';
import { expressMetrics } from '../../../lib/instrumentation/http/express.js';
import { fastifyMetrics } from '../../../lib/instrumentation/http/fastify.js';
import { honoMetrics } from '../../../lib/instrumentation/http/hono.js';
import { instrumentHttpServer } from '../../../lib/instrumentation/http/node-server.js';
import type { HttpServerOptions } from '../../../lib/instrumentation/http/server-options.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { fetchRaw, listen, requestText, sendRaw, serve } from '../../http/support/connections.js';
import { countsOf, inFlight, samplesOf, settled, sumsOf } from './support/recorded.js';

const ok: RequestListener = (_request, response) => void response.end('ok');

async function start(
  options: HttpServerOptions<IncomingMessage> = {},
  { listener = ok, collector = new MetricsCollector({ strict: true }) } = {},
) {
  const server = createServer(listener);
  instrumentHttpServer(server, { collector, ...options });
  return { url: await listen(server), server, collector };
}

describe('instrumentHttpServer', () => {
  it('leaves what is sent before the head out of the size', async () => {
    const { url, collector } = await start(
      {},
      {
        listener: (_request, response) => {
          response.writeEarlyHints({ link: '</style.css>; rel=preload' });
          response.end('ok');
        },
      },
    );
    const client = await sendRaw(url, requestText('/', { Connection: 'close' }));
    expect((await client.closed).received).toContain('103 Early Hints');
    await settled(collector);
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({ 'GET unmatched 200': 2 });
  });

  it('exposes the documented text', async () => {
    const clock = new ManualClock();
    const { url, collector } = await start(
      { route: () => '/users/:id', buckets: [0.1, 1], sizeBuckets: [100] },
      {
        collector: new MetricsCollector({ clock, strict: true }),
        listener: (_request, response) => {
          clock.advance(0.25);
          response.end('ok');
        },
      },
    );
    await fetchRaw(url);
    await settled(collector);
    const text = (await collector.expose())
      .split('\n')
      .filter((line) => line.startsWith('http_') || / http_/.test(line));
    expect(
      text.join('\n'),
    ).toBe(`# HELP http_request_duration_seconds Time from the arrival of a request to the end of its response.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{method="GET",route="/users/:id",status_code="200",le="0.1"} 0
http_request_duration_seconds_bucket{method="GET",route="/users/:id",status_code="200",le="1"} 1
http_request_duration_seconds_bucket{method="GET",route="/users/:id",status_code="200",le="+Inf"} 1
http_request_duration_seconds_sum{method="GET",route="/users/:id",status_code="200"} 0.25
http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 1
# HELP http_request_size_bytes Length of the bodies of requests, as declared. Requests of unknown length are left out.
# TYPE http_request_size_bytes histogram
http_request_size_bytes_bucket{method="GET",route="/users/:id",status_code="200",le="100"} 1
http_request_size_bytes_bucket{method="GET",route="/users/:id",status_code="200",le="+Inf"} 1
http_request_size_bytes_sum{method="GET",route="/users/:id",status_code="200"} 0
http_request_size_bytes_count{method="GET",route="/users/:id",status_code="200"} 1
# HELP http_response_size_bytes Bytes sent as the bodies of responses. Responses that broke off are left out.
# TYPE http_response_size_bytes histogram
http_response_size_bytes_bucket{method="GET",route="/users/:id",status_code="200",le="100"} 1
http_response_size_bytes_bucket{method="GET",route="/users/:id",status_code="200",le="+Inf"} 1
http_response_size_bytes_sum{method="GET",route="/users/:id",status_code="200"} 2
http_response_size_bytes_count{method="GET",route="/users/:id",status_code="200"} 1
# HELP http_requests_in_flight Requests whose responses have not ended.
# TYPE http_requests_in_flight gauge
http_requests_in_flight 0`);
  });

  it('counts everything as unmatched where nobody names routes', async () => {
    const { url, collector } = await start();
    for (const path of ['/a', '/b']) await fetchRaw(url + path);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET unmatched 200': 2 });
  });

  it('keeps the number of routes in bounds when they are nonsense', async () => {
    const { url, collector } = await start({ route: ({ url }) => url, maxRoutes: 3 });
    for (let i = 0; i < 20; i++) await fetchRaw(`${url}/${i}`);
    await fetchRaw(`${url}/${'x'.repeat(600)}`);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({
      'GET /0 200': 1,
      'GET /1 200': 1,
      'GET /2 200': 1,
      'GET other 200': 18,
    });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d as a number of routes', (maxRoutes) => {
    expect(() => instrumentHttpServer(createServer(), { collector: new MetricsCollector(), maxRoutes })).toThrow(
      /maxRoutes/,
    );
  });

  it('leaves out what is ignored', async () => {
    const { url, collector } = await start({ ignore: ({ url }) => url === '/metrics' });
    for (const path of ['/metrics', '/other']) await fetchRaw(url + path);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET unmatched 200': 1 });
  });

  it('answers requests as ever when the callbacks of users throw, or answer what is no route', async () => {
    const fails = () => {
      throw new Error('no');
    };
    const { url, collector } = await start({
      ignore: fails,
      route: ({ url }) => (url === '/a' ? fails() : ('' as string)),
    });
    for (const path of ['/a', '/b']) expect((await fetchRaw(url + path)).status).toBe(200);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET unmatched 200': 2 });
  });

  it('counts a response that this side breaks off as an error, and not as a client that left', async () => {
    const { url, collector } = await start(
      {},
      { listener: (_, response) => void response.write('x', () => response.destroy()) },
    );
    await expect(fetchRaw(url)).rejects.toThrow();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET unmatched 500': 1 });
  });

  it('counts a body that is no HTTP any more as 400', async () => {
    const { url, collector } = await start({}, { listener: (request) => void request.resume() });
    const client = await sendRaw(url, requestText('/', { 'Transfer-Encoding': 'chunked' }, 'POST'));
    await inFlight(collector, 1);
    client.socket.write('nonsense\r\n');
    expect((await client.closed).received).toContain('400 Bad Request');
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'POST unmatched 400': 1 });
  });

  it('counts a body that Node does not wait for any longer as 408', async () => {
    const collector = new MetricsCollector({ strict: true });
    const timed = createServer(
      { connectionsCheckingInterval: 10, requestTimeout: 50, headersTimeout: 50 },
      (request) => void request.resume(),
    );
    instrumentHttpServer(timed, { collector });
    const client = await sendRaw(await listen(timed), requestText('/', { 'Content-Length': '10' }, 'POST'));
    await client.closed;
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'POST unmatched 408': 1 });
  });

  it('counts a client that ends its half of the connection as one that left', async () => {
    const { url, collector } = await start({}, { listener: () => {} });
    const client = await sendRaw(url, requestText('/'));
    await inFlight(collector, 1);
    client.socket.end();
    await client.closed;
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET unmatched 499': 1 });
  });
});

describe('the option route', () => {
  it('goes before the route of the framework, and leaves the rest to it', async () => {
    const collector = new MetricsCollector({ strict: true });
    const app = express();
    app.use(expressMetrics({ collector, route: ({ url }) => (url === '/a' ? '/chosen' : undefined) }));
    app.get('/:path', (_, response) => void response.send('ok'));
    const url = await serve(app);
    for (const path of ['/a', '/b']) await fetchRaw(url + path);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /chosen 200': 1, 'GET /:path 200': 1 });
  });
});

describe('fastifyMetrics', () => {
  it('counts requests that Fastify injects without a socket', async () => {
    const collector = new MetricsCollector({ strict: true });
    const app = fastify();
    await app.register(fastifyMetrics({ collector }));
    app.get('/users/:id', async () => 'hello');
    await app.inject('/users/1');
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /users/:id 200': 1 });
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({ 'GET /users/:id 200': 5 });
  });
});

describe('honoMetrics', () => {
  it('measures what the handler does where there is no connection of Node', async () => {
    const collector = new MetricsCollector({ strict: true });
    const metrics = honoMetrics({ collector });
    const app = new Hono().use(metrics);
    app.get('/users/:id', (context) => context.text('hello', 200, { 'Content-Length': '5' }));
    app.all('/all/*', (context) => context.text('all'));
    app.use('/guarded/*', async (context, _next) => context.text('no', 401));
    app.get('/guarded/:id', (context) => context.text('yes'));
    app.get('/fails', () => {
      throw new Error('no');
    });
    app.onError((_, context) => context.text('failed', 500));
    for (const path of ['/users/1', '/all/1', '/guarded/1', '/fails', '/nothing']) await app.request(path);
    expect(await countsOf(collector)).toEqual({
      'GET /users/:id 200': 1,
      'GET /all/* 200': 1,
      'GET unmatched 401': 1,
      'GET /fails 500': 1,
      'GET unmatched 404': 1,
    });
    expect((await sumsOf(collector, 'http_response_size_bytes'))['GET /users/:id 200']).toBe(5);
    expect(await samplesOf(collector, 'http_requests_in_flight')).toEqual({ '': 0 });
    metrics.remove();
    await app.request('/users/1');
    expect((await countsOf(collector))['GET /users/:id 200']).toBe(1);
  });

  it('names the routes of applications that catch their own errors', async () => {
    const collector = new MetricsCollector({ strict: true });
    const inner = new Hono().get('/items/:item', (context) => context.text('ok'));
    inner.onError((_, context) => context.text('failed', 500));
    const app = new Hono().use(honoMetrics({ collector })).route('/api', inner);
    await app.request('/api/items/1');
    expect(await countsOf(collector)).toEqual({ 'GET /api/items/:item 200': 1 });
  });
});
