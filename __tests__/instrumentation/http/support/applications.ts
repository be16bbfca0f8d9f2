// The same small application in every framework that can be measured, so that one suite holds them all to the same numbers.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { serve as serveHono } from '@hono/node-server';
import Router from '@koa/router';
import express from 'express';
import express4 from 'express-4';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import type { MetricsCollector } from '../../../../lib/collector.js';
import { expressMetrics } from '../../../../lib/instrumentation/http/express.js';
import { fastifyMetrics } from '../../../../lib/instrumentation/http/fastify.js';
import { honoMetrics } from '../../../../lib/instrumentation/http/hono.js';
import { koaMetrics } from '../../../../lib/instrumentation/http/koa.js';
import { instrumentHttpServer } from '../../../../lib/instrumentation/http/node-server.js';
import type { Instrumentation } from '../../../../lib/instrumentation/instrumentation.js';
import { afterTest, listen } from '../../../http/support/connections.js';

export interface Application {
  readonly url: string;
  readonly server: Server;
  readonly metrics: Instrumentation;
}

export interface Started {
  readonly name: string;
  /**
   * Routes: `GET /users/:id` answers the id, `GET /api/items/:item` is mounted, `GET /fails` throws, `GET /not-modified`,
   * `GET /stream` sends 3 × 1000 bytes in chunks, `GET /endless` never ends, `GET /waits` never begins, `POST /echo`.
   */
  start(collector: MetricsCollector): Promise<Application>;
}

export const PIECE = 'x'.repeat(1000);

async function* pieces() {
  for (let i = 0; i < 3; i++) yield PIECE;
}

async function* endless() {
  for (;;) {
    yield PIECE;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const plain: Started = {
  name: 'node:http',
  async start(collector) {
    const patterns = [/^\/users\/[^/]+$/, /^\/api\/items\/[^/]+$/];
    const names = ['/users/:id', '/api/items/:item'];
    const fixed = ['/fails', '/not-modified', '/stream', '/endless', '/waits', '/echo'];
    const route = (url = '') => names[patterns.findIndex((p) => p.test(url))] ?? fixed.find((path) => path === url);
    const listener: RequestListener = (request, response) => {
      const { url = '' } = request;
      const last = url.split('/').at(-1) as string;
      if (url === '/fails') response.writeHead(500).end();
      else if (url === '/not-modified') response.writeHead(304).end();
      else if (url === '/stream') Readable.from(pieces()).pipe(response);
      else if (url === '/endless') Readable.from(endless()).pipe(response);
      else if (url === '/echo') request.pipe(response);
      else if (url === '/waits') return;
      else {
        response.statusCode = route(url) === undefined ? 404 : 200;
        response.end(last);
      }
    };
    const server = createServer(listener);
    const metrics = instrumentHttpServer(server, { collector, route: ({ url }) => route(url) });
    return { url: await listen(server), server, metrics };
  },
};

function expressApplication(name: string, framework: typeof express): Started {
  return {
    name,
    async start(collector) {
      const metrics = expressMetrics({ collector });
      const app = framework();
      app.use(metrics);
      const api = framework.Router();
      api.get('/items/:item', (request, response) => void response.send(request.params.item));
      app.use('/api', api);
      app.get('/users/:id', (request, response) => void response.send(request.params.id));
      app.get('/fails', () => {
        throw new Error('no');
      });
      app.get('/not-modified', (_, response) => void response.status(304).end());
      app.get('/stream', (_, response) => void Readable.from(pieces()).pipe(response));
      app.get('/endless', (_, response) => void Readable.from(endless()).pipe(response));
      app.get('/waits', () => {});
      app.post('/echo', (request, response) => void request.pipe(response));
      app.set('env', 'test');
      const server = createServer(app);
      return { url: await listen(server), server, metrics };
    },
  };
}

const fastifyApplication: Started = {
  name: 'Fastify 5',
  async start(collector) {
    const metrics = fastifyMetrics({ collector });
    const app = fastify();
    afterTest(() => app.server.closeAllConnections());
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    await app.register(metrics);
    app.register(async (scope) => scope.get('/items/:item', ({ params }) => (params as { item: string }).item), {
      prefix: '/api',
    });
    app.get('/users/:id', async ({ params }) => (params as { id: string }).id);
    app.get('/fails', async () => {
      throw new Error('no');
    });
    app.get('/not-modified', (_, reply) => void reply.code(304).send());
    app.get('/stream', (_, reply) => void reply.send(Readable.from(pieces(), { objectMode: false })));
    app.get('/endless', (_, reply) => void reply.send(Readable.from(endless(), { objectMode: false })));
    app.get('/waits', () => {});
    app.post('/echo', (request, reply) => void reply.send(request.body));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    afterTest(() => void app.close());
    return { url, server: app.server, metrics };
  },
};

const koaApplication: Started = {
  name: 'Koa',
  async start(collector) {
    const metrics = koaMetrics({ collector });
    const app = new Koa();
    app.silent = true;
    app.use(metrics);
    const api = new Router().get('/items/:item', (context) => {
      context.body = context.params.item;
    });
    const router = new Router();
    router.use('/api', api.routes());
    router.get('/users/:id', (context) => {
      context.body = context.params.id;
    });
    router.get('/fails', () => {
      throw new Error('no');
    });
    router.get('/not-modified', (context) => {
      context.status = 304;
    });
    router.get('/stream', (context) => {
      context.body = Readable.from(pieces(), { objectMode: false });
    });
    router.get('/endless', (context) => {
      context.body = Readable.from(endless(), { objectMode: false });
    });
    router.get('/waits', () => new Promise(() => {}));
    router.post('/echo', (context) => {
      context.body = context.req;
    });
    app.use(router.routes());
    const server = createServer(app.callback());
    return { url: await listen(server), server, metrics };
  },
};

const honoApplication: Started = {
  name: 'Hono',
  async start(collector) {
    const metrics = honoMetrics({ collector });
    const streamed = (source: AsyncGenerator<string>) =>
      new Response(Readable.toWeb(Readable.from(source).map((piece) => Buffer.from(piece))) as ReadableStream);
    const app = new Hono();
    app.use(metrics);
    app.route(
      '/api',
      new Hono().get('/items/:item', (context) => context.text(context.req.param('item'))),
    );
    app.get('/users/:id', (context) => context.text(context.req.param('id')));
    app.get('/fails', () => {
      throw new Error('no');
    });
    app.onError((_, context) => context.text('Internal Server Error', 500));
    app.get('/not-modified', (context) => context.body(null, 304));
    app.get('/stream', () => streamed(pieces()));
    app.get('/endless', () => streamed(endless()));
    app.get('/waits', () => new Promise<Response>(() => {}));
    app.post('/echo', (context) => new Response(context.req.raw.body));
    const server = await new Promise<Server>((resolve) => {
      const started = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started as Server));
    });
    afterTest(() => {
      server.close();
      server.closeAllConnections();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, metrics };
  },
};

export const applications: readonly Started[] = [
  plain,
  expressApplication('Express 5', express),
  expressApplication('Express 4', express4),
  fastifyApplication,
  koaApplication,
  honoApplication,
];
