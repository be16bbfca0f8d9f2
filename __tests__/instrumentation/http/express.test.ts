// What only Express has: routers in routers, applications in applications, several paths, errors that lead a request out of
// its router. Under Express 4, under Express 5, and with the router that Express 5 had before it kept its patterns.
import { createServer } from 'node:http';
import express from 'express';
import express4 from 'express-4';
import Router22 from 'router-2.2';
import { MetricsCollector } from '../../../lib/collector.js';
import { expressMetrics } from '../../../lib/instrumentation/http/express.js';
import { instrumentHttpServer } from '../../../lib/instrumentation/http/node-server.js';
import { fetchRaw, listen, serve } from '../../http/support/connections.js';
import { countsOf, settled } from './support/recorded.js';

type Application = express.Express;
type MakeRouter = (options?: express.RouterOptions) => express.Router;

interface Framework {
  readonly name: string;
  readonly make: () => Application;
  readonly router: MakeRouter;
}

const frameworks: readonly Framework[] = [
  { name: 'Express 4', make: express4, router: express4.Router },
  { name: 'Express 5', make: express, router: express.Router },
  { name: 'Express 5 before 5.3', make: express, router: Router22 as unknown as MakeRouter },
];

describe.each(frameworks)('expressMetrics under $name', ({ make, router }) => {
  const collector = () => new MetricsCollector({ strict: true });

  /** The routes that requests for these paths are counted under. */
  async function routesOf(
    mount: (app: Application) => void,
    paths: readonly string[],
  ): Promise<Record<string, number>> {
    const metrics = collector();
    const app = make();
    app.set('env', 'test');
    app.use(expressMetrics({ collector: metrics }));
    // What is tested are the routers, so that the application's own is not in the way of an older one.
    const outer = router();
    mount(Object.assign(outer, { on: app.on.bind(app) }) as unknown as Application);
    app.use(outer);
    const url = await serve(app);
    for (const path of paths) await fetchRaw(url + path);
    await settled(metrics);
    return countsOf(metrics);
  }

  const answer: express.RequestHandler = (_request, response) => void response.send('ok');

  it('names routes in routers in routers, whose prefixes have parameters', async () => {
    const paths = [
      '/tenants/42/users/7',
      '/tenants/tenants/users/users',
      '/TENANTS/43/Users/8',
      '/tenants/42/',
      '/a/b/c',
    ];
    const counts = await routesOf((app) => {
      const users = router().get('/:user', answer);
      const tenant = router().use('/users', users).get('/', answer);
      app.use('/tenants/:tenant', tenant);
    }, paths);
    expect(counts).toEqual({
      'GET /tenants/:tenant/users/:user 200': 3,
      'GET /tenants/:tenant 200': 1,
      'GET unmatched 404': 1,
    });
  });

  it('names a parameter that is a part of a segment', async () => {
    const counts = await routesOf(
      (app) => app.use('/user-:id/files', router().get('/:file', answer)),
      ['/user-1/files/2', '/user-3/files/4'],
    );
    expect(counts).toEqual({ 'GET /user-:id/files/:file 200': 2 });
  });

  it('tells apart the places where one router is mounted twice', async () => {
    const shared = router().get('/list', answer);
    const counts = await routesOf(
      (app) => app.use('/cats', shared).use('/dogs', shared),
      ['/cats/list', '/dogs/list', '/dogs/list'],
    );
    expect(counts).toEqual({ 'GET /cats/list 200': 1, 'GET /dogs/list 200': 2 });
  });

  it('keeps the prefix of a route whose handler fails', async () => {
    const fails: express.RequestHandler = (_request, _response, next) => next(new Error('no'));
    const counts = await routesOf((app) => app.use('/api/:version', router().get('/fails', fails)), ['/api/1/fails']);
    expect(counts).toEqual({ 'GET /api/:version/fails 500': 1 });
  });

  it('does not show the path where it cannot see the prefix', async () => {
    const hidden = router().get('/users', answer);
    const counts = await routesOf(
      (app) => app.use('/:tenant', (request, response, next) => hidden(request, response, next)),
      Array.from({ length: 5 }, (_, i) => `/${i}/users`),
    );
    expect(counts).toEqual({ 'GET /*/users 200': 5 });
  });

  it('counts what a middleware answers before any route as unmatched', async () => {
    const counts = await routesOf((app) => app.use('/files', answer), ['/files/1', '/files/2']);
    expect(counts).toEqual({ 'GET unmatched 200': 2 });
  });

  it('counts routes with several paths, and with a regular expression, as one', async () => {
    const counts = await routesOf(
      (app) => app.get(['/a', '/b/:c'], answer).get(/^\/x\d+$/, answer),
      ['/a', '/b/1', '/x1', '/x2'],
    );
    expect(counts).toEqual({ 'GET /a|/b/:c 200': 2, [`GET ${String(/^\/x\d+$/)} 200`]: 2 });
  });
});

describe.each(frameworks.slice(0, 2))('expressMetrics in applications of $name', ({ make, router }) => {
  it('names routes of applications in applications', async () => {
    const collector = new MetricsCollector({ strict: true });
    const inner = make().get('/users/:id', (_, response) => void response.send('ok'));
    inner.use(
      '/more',
      router().get('/:thing', (_, response) => void response.send('ok')),
    );
    const outer = make().use('/inner/:kind', inner);
    const app = make().use(expressMetrics({ collector })).use('/outer', outer);
    const url = await serve(app);
    for (const path of ['/outer/inner/1/users/2', '/outer/inner/3/more/4', '/outer/nothing'])
      await fetchRaw(url + path);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({
      'GET /outer/inner/:kind/users/:id 200': 1,
      'GET /outer/inner/:kind/more/:thing 200': 1,
      'GET unmatched 404': 1,
    });
  });

  it('names routes that are added after the first request', async () => {
    const collector = new MetricsCollector({ strict: true });
    const late = router();
    const app = make().use(expressMetrics({ collector })).use('/api', late);
    const url = await serve(app);
    late.get('/first', (_, response) => void response.send('ok'));
    await fetchRaw(`${url}/api/first`);
    late.get('/second', (_, response) => void response.send('ok'));
    await fetchRaw(`${url}/api/second`);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /api/first 200': 1, 'GET /api/second 200': 1 });
  });

  it('counts once where the server and several routers are measured', async () => {
    const collector = new MetricsCollector({ strict: true });
    const app = make().use(expressMetrics({ collector }));
    app.use(
      '/api',
      router()
        .use(expressMetrics({ collector }))
        .get('/users', (_, response) => void response.send('ok')),
    );
    const server = createServer(app);
    instrumentHttpServer(server, { collector, route: () => undefined });
    const url = await listen(server);
    await fetchRaw(`${url}/api/users`);
    await fetchRaw(`${url}/nothing`);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /api/users 200': 1, 'GET unmatched 404': 1 });
  });
});
