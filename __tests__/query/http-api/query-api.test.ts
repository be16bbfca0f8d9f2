// What the API does that no comparison with a Prometheus shows: limits, credentials, metadata, and clients that go away.
import { request as httpRequest } from 'node:http';
import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import { type MetricsServer, startMetricsServer } from '../../../lib/http/index.js';
import { MetricsCollector } from '../../../lib/index.js';
import type { Queryable, SeriesData } from '../../../lib/model/storage.js';
import { type QueryApiOptions, QueryEngine, queryApi } from '../../../lib/query/index.js';
import { MemoryStorage, PushgatewayStorage } from '../../../storage/index.js';

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const clock = { now: () => NOW_MS, monotonic: () => performance.now() / 1000 };

let server: MetricsServer | undefined;

afterEach(async () => {
  (await server?.close())?._unsafeUnwrap();
  server = undefined;
});

/** A storage whose answer a test gives when it wants to. */
class HeldBack implements Queryable {
  readonly asked: Promise<void>;
  #tellAsked: () => void = () => {};
  readonly #released: Promise<void>;
  release: () => void = () => {};

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#tellAsked = resolve;
    });
    this.#released = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  select(): ResultAsync<Iterable<SeriesData>, never> {
    this.#tellAsked();
    return ResultAsync.fromSafePromise(this.#released.then(() => []));
  }
}

describe('queryApi', () => {
  it('answers from a collector, and describes its metrics', async () => {
    const metrics = new MetricsCollector({ clock });
    metrics.counter('orders_total', { description: 'Orders "taken"' }).increment(3);
    (await metrics.collectAndStore())._unsafeUnwrap();
    await listen(metrics);
    expect(await get('query?query=orders_total')).toEqual({
      status: 200,
      body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"orders_total"},"value":[1767268800,"3"]}]}}',
    });
    expect((await get('metadata?metric=orders_total')).body).toBe(
      '{"status":"success","data":{"orders_total":[{"type":"counter","unit":"","help":"Orders \\"taken\\""}]}}',
    );
  });

  it('wants the same credentials as the metrics', async () => {
    const auth = { bearerToken: 'a-secret' };
    const started = startMetricsServer(new MetricsCollector(), { port: 0, auth, routes: [queryApi(engineOf(2))] });
    server = (await started)._unsafeUnwrap();
    expect((await get('query?query=x')).status).toBe(401);
    const headers = { Authorization: 'Bearer a-secret' };
    expect((await fetch(`${server.url}/api/v1/query?query=x`, { headers })).status).toBe(200);
  });

  it('cuts an answer off at the limit of the request, and says so', async () => {
    await listen(engineOf(3));
    const { body } = await get('query?query=x&limit=2');
    const { data, warnings } = JSON.parse(body) as { data: { result: unknown[] }; warnings: string[] };
    expect(data.result).toHaveLength(2);
    expect(warnings).toEqual(['results truncated due to limit']);
    expect(JSON.parse((await get('label/i/values?limit=1')).body)).toEqual({
      status: 'success',
      data: ['0'],
      warnings: ['results truncated due to limit'],
    });
    expect(await get('query?query=x&limit=many')).toEqual({
      status: 400,
      body: '{"status":"error","errorType":"bad_data","error":"invalid parameter \\"limit\\": strconv.Atoi: parsing \\"many\\": invalid syntax"}',
    });
  });

  it('refuses more points than it was told to allow', async () => {
    await listen(engineOf(1), { maxPointsPerSeries: 10 });
    expect((await get('query_range?query=x&start=0&end=10&step=1')).status).toBe(200);
    const { status, body } = await get('query_range?query=x&start=0&end=11&step=1');
    expect(status).toBe(400);
    expect(body).toContain('exceeded maximum resolution of 10 points per timeseries');
  });

  it('refuses a form of more than a mebibyte, and an expression that is too long, before it reads either', async () => {
    await listen(engineOf(1));
    const form = await post('query', `query=${'x'.repeat(1024 * 1024)}`);
    expect(form.status).toBe(400);
    const query = await post('query', `query=${'x'.repeat(1024 * 1024 - 10)}`);
    expect([query.status, JSON.parse(query.body)]).toEqual([422, expect.objectContaining({ errorType: 'execution' })]);
  });

  it('answers 503 while as many requests are answered as may be, and 200 afterwards', async () => {
    const held = new HeldBack();
    await listen(new QueryEngine(held, { clock }), { maxConcurrentRequests: 1 });
    const first = get('query?query=x');
    await held.asked;
    const refused = await fetch(`${server?.url}/api/v1/query?query=x`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await refused.arrayBuffer();
    held.release();
    expect((await first).status).toBe(200);
    expect((await get('query?query=1')).status).toBe(200);
  });

  it('cancels the query of a client that goes away', async () => {
    const held = new HeldBack();
    const engine = new QueryEngine(held, { clock });
    const cancelled = new Promise<AbortSignal>((resolve) => {
      const instant = engine.instant.bind(engine);
      engine.instant = (text, options = {}) => {
        options.signal?.addEventListener('abort', () => resolve(options.signal as AbortSignal));
        return instant(text, options);
      };
    });
    await listen(engine, { maxConcurrentRequests: 1 });
    const request = httpRequest(`${server?.url}/api/v1/query?query=x`).on('error', () => undefined);
    request.end();
    await held.asked;
    request.destroy();
    expect((await cancelled).aborted).toBe(true);
    held.release();
  });

  it.each(['labels', 'label/i/values', 'series?match[]=x'])(
    'stops reading the storage for %s when the client goes away',
    async (path) => {
      let tellRead = () => {};
      const isRead = new Promise<void>((resolve) => {
        tellRead = resolve;
      });
      let tellClosed = () => {};
      const isClosed = new Promise<void>((resolve) => {
        tellClosed = resolve;
      });
      function* endless(): Generator<SeriesData> {
        try {
          for (let i = 0; ; i = (i + 1) % 100) {
            yield {
              labels: { __name__: 'x', i: String(i) },
              timestampsMs: Float64Array.of(0),
              values: Float64Array.of(0),
            };
            tellRead();
          }
        } finally {
          tellClosed();
        }
      }
      await listen(new QueryEngine({ select: () => okAsync(endless()) }, { clock }));
      const request = httpRequest(`${server?.url}/api/v1/${path}`).on('error', () => undefined);
      request.end();
      await isRead;
      request.destroy();
      await expect(isClosed).resolves.toBeUndefined();
    },
  );

  it('sorts what it lists, of however many series', async () => {
    const storage = new MemoryStorage({ clock });
    const ids = Array.from({ length: 3000 }, (_, i) => `id${(i * 7919) % 3000}`);
    for (const i of ids) storage.append({ __name__: 'x', i }, NOW_MS, 1);
    await listen(new QueryEngine(storage, { clock }));
    const sorted = [...ids].sort();
    expect(JSON.parse((await get('label/i/values')).body)).toEqual({ status: 'success', data: sorted });
    expect(JSON.parse((await get('series?match[]=x')).body)).toEqual({
      status: 'success',
      data: sorted.map((i) => ({ __name__: 'x', i })),
    });
  });

  it('lists texts in the order of their bytes, as Prometheus does, and so does a range query its series', async () => {
    const storage = new MemoryStorage({ clock });
    const texts = ['z', '\u00fc', '\uffee', '\u{1f600}'];
    for (const i of texts.toReversed()) storage.append({ __name__: 'x', i }, NOW_MS, 1);
    await listen(new QueryEngine(storage, { clock }));
    expect(JSON.parse((await get('label/i/values')).body)).toEqual({ status: 'success', data: texts });
    const { body } = await get('query_range?query=x&start=1767268800&end=1767268800&step=1');
    const { data } = JSON.parse(body) as { data: { result: { metric: Record<string, string> }[] } };
    expect(data.result.map(({ metric }) => metric.i)).toEqual(texts);
  });

  it('takes question marks for a part of what is asked', async () => {
    await listen(engineOf(3));
    const { body } = await get('query?query=count(x{i=~"12?"})&time=1767268800');
    expect(body).toContain('"value":[1767268800,"1"]');
  });

  it('reads names of labels that were escaped for the path', async () => {
    const storage = new MemoryStorage({ clock });
    storage.append({ __name__: 'x', 'a.b': '1', U__a_2e_c: '2' }, NOW_MS, 1);
    await listen(new QueryEngine(storage, { clock }));
    const success = (data: readonly string[]) => ({ status: 200, body: JSON.stringify({ status: 'success', data }) });
    expect(await get('label/U__a_2e_b/values')).toEqual(success(['1']));
    expect(await get('label/a.b/values')).toEqual(success(['1']));
    expect((await get('label/U__/values')).status).toBe(400);
  });

  it.each(['2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T00:60:00Z'])(
    'refuses %s, which is no moment',
    async (time) => {
      await listen(engineOf(1));
      expect(JSON.parse((await get(`query?query=1&time=${time}`)).body)).toMatchObject({ errorType: 'bad_data' });
    },
  );

  it('writes what is left of bytes that are no UTF-8 so that everybody can read it', async () => {
    await listen(engineOf(1));
    expect((await get('query?query="a\\xffb"&time=1')).body).toContain('[1,"a\ufffdb"]');
    const replaced = 'label_replace(x,"i","\\xff","","")';
    expect((await get(`query?query=${replaced}&time=1767268800`)).body).toContain('"i":"\ufffd"');
  });

  it('leaves no listeners behind while a client takes a long answer piece by piece', async () => {
    const api = queryApi(engineOf(10_000));
    let most = 0;
    const handle: typeof api.handle = (request, response) => {
      response.on('drain', () => {
        most = Math.max(most, response.listenerCount('close'), response.listenerCount('drain'));
      });
      return api.handle(request, response);
    };
    const started = startMetricsServer(new MetricsCollector(), { port: 0, routes: [{ ...api, handle }] });
    server = (await started)._unsafeUnwrap();
    const { body } = await get('query?query=x');
    expect(body.length).toBeGreaterThan(8 * 64 * 1024);
    // The exchange's own, the server's, and those of this test and of the wait that is going on.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(5);
  });

  it('names what there is where nothing is', async () => {
    await listen(engineOf(1));
    const { status, body } = await get('admin/tsdb/delete_series');
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({
      status: 'error',
      errorType: 'not_found',
      error: expect.stringContaining('query_range'),
    });
  });

  it.each([
    ['PUT', 'query', 'GET, HEAD, POST'],
    ['POST', 'metadata', 'GET, HEAD'],
    ['DELETE', 'label/job/values', 'GET, HEAD'],
  ])('answers %s %s with 405, and says what is allowed', async (method, path, allowed) => {
    await listen(engineOf(1));
    const response = await fetch(`${server?.url}/api/v1/${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    expect(await response.json()).toMatchObject({ status: 'error', errorType: 'method_not_allowed' });
  });

  it.each([['a failing storage', 500, 'internal', { kind: 'storage_closed', storage: 'memory' } as const]])(
    'answers %s with %i',
    async (_what, status, errorType, error) => {
      await listen(new QueryEngine({ select: () => errAsync(error) }, { clock }));
      const answer = await get('query?query=x');
      expect([answer.status, JSON.parse(answer.body)]).toEqual([status, expect.objectContaining({ errorType })]);
    },
  );

  it('throws for a collector whose storage only sends on, and for limits that are none', () => {
    const storage = new PushgatewayStorage({ url: 'http://127.0.0.1:9', jobName: 'j' });
    expect(() => queryApi(new MetricsCollector({ storage }))).toThrow('MemoryStorage');
    expect(() => queryApi(engineOf(1), { maxConcurrentRequests: 0 })).toThrow('maxConcurrentRequests');
    expect(() => queryApi(engineOf(1), { maxPointsPerSeries: 1.5 })).toThrow('maxPointsPerSeries');
  });
});

function engineOf(series: number): QueryEngine {
  const storage = new MemoryStorage({ clock });
  for (let i = 0; i < series; i++) storage.append({ __name__: 'x', i: String(i) }, NOW_MS, i);
  return new QueryEngine(storage, { clock });
}

async function listen(asked: Parameters<typeof queryApi>[0], options: QueryApiOptions = {}): Promise<void> {
  const started = startMetricsServer(new MetricsCollector(), { port: 0, routes: [queryApi(asked, options)] });
  server = (await started)._unsafeUnwrap();
}

async function get(path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${server?.url}/api/v1/${path}`);
  return { status: response.status, body: await response.text() };
}

async function post(path: string, body: string): Promise<{ status: number; body: string }> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`${server?.url}/api/v1/${path}`, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
}
