// What only Koa has: applications and routers that are mounted with koa-mount, which takes their prefix off the path.
import Router from '@koa/router';
import Koa from 'koa';
import { MetricsCollector } from '../../../lib/collector.js';
import { koaMetrics } from '../../../lib/instrumentation/http/koa.js';
import { fetchRaw, serve } from '../../http/support/connections.js';
import { countsOf, settled } from './support/recorded.js';

// It has no types that this compiler is given.
const mount = require('koa-mount') as (prefix: string, mounted: Koa | Koa.Middleware) => Koa.Middleware;

function router(...paths: string[]): Koa.Middleware {
  const made = new Router();
  for (const path of paths)
    made.get(path, (context) => {
      context.body = context.path;
    });
  return made.routes() as unknown as Koa.Middleware;
}

/** How often each route was counted after these requests, and what was answered. */
async function ask(app: Koa, collector: MetricsCollector, paths: readonly string[]) {
  app.silent = true;
  const url = await serve(app.callback());
  const answers: string[] = [];
  for (const path of paths) answers.push((await fetchRaw(url + path)).text);
  await settled(collector);
  return { counts: await countsOf(collector), answers };
}

describe('koaMetrics', () => {
  let collector: MetricsCollector;
  let app: Koa;
  beforeEach(() => {
    collector = new MetricsCollector({ strict: true });
    app = new Koa().use(koaMetrics({ collector })) as unknown as Koa;
  });

  it('names routes with what their applications are mounted under', async () => {
    const inner = new Koa().use(router('/', '/users/:id'));
    const outer = new Koa().use(mount('/v1', inner as unknown as Koa)).use(router('/status'));
    app.use(mount('/api', outer as unknown as Koa));
    const paths = ['/api/v1/users/7', '/api/v1/users/api?x=/v1', '/api/v1', '/api/v1/', '/api/status', '/v1/users/7'];
    const { counts, answers } = await ask(app, collector, paths);
    expect(counts).toEqual({
      'GET /api/v1/users/:id 200': 2,
      'GET /api/v1 200': 2,
      'GET /api/status 200': 1,
      'GET unmatched 404': 1,
    });
    expect(answers).toEqual(['/users/7', '/users/api', '/', '/', '/status', 'Not Found']);
  });

  it('leaves out what a request was mounted under in vain', async () => {
    app
      .use(mount('/api', router('/users')))
      .use(mount('/api/v2', router('/users')))
      .use(router('/api/v2/orders/:id'));
    const { counts } = await ask(app, collector, ['/api/users', '/api/v2/users', '/api/v2/orders/7']);
    expect(counts).toEqual({
      'GET /api/users 200': 1,
      'GET /api/v2/users 200': 1,
      'GET /api/v2/orders/:id 200': 1,
    });
  });

  it('names the route of a request that fails in what is mounted', async () => {
    const failing = new Router().get('/fails', () => {
      throw new Error('no');
    });
    app.use(mount('/api', failing.routes() as unknown as Koa.Middleware));
    expect((await ask(app, collector, ['/api/fails'])).counts).toEqual({ 'GET /api/fails 500': 1 });
  });

  it('makes no series of what a client writes before a prefix that was taken off otherwise', async () => {
    app.use((context, next) => {
      context.path = context.path.replace(/^\/tenant-\w+/, '');
      return next();
    });
    app.use(mount('/api', router('/users')));
    const { counts } = await ask(app, collector, ['/tenant-1/api/users', '/tenant-2/api/users']);
    expect(counts).toEqual({ 'GET /*/users 200': 2 });
  });

  it('shows others the route and the mount as before', async () => {
    const seen: unknown[] = [];
    app.use(async (context, next) => {
      await next();
      const { _matchedRoute, mountPath } = context as unknown as Record<string, unknown>;
      seen.push(_matchedRoute, mountPath);
    });
    app.use(mount('/api', router('/users/:id')));
    await ask(app, collector, ['/api/users/7']);
    expect(seen).toEqual(['/users/:id', '/api']);
  });
});
