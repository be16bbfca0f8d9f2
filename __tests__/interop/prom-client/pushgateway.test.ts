// Pushing, against a server that writes down what it gets, and against the real gateway. The requests of both libraries are
// compared but for what is wrong with prom-client's.
import http, { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { pollUntil } from '../../support/poll.js';
import { type Pushgateway as RealGateway, startPushgateway } from '../../support/pushgateway.js';
import { type Library, libraries } from './libraries.js';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

let server: Server;
let url = '';
let seen: Seen[] = [];
let status = 200;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, headers } = request;
    seen.push({ method, url: request.url, headers, body: Buffer.concat(chunks) });
    response.writeHead(status).end('the answer');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen = [];
  status = 200;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe.each(libraries)('Pushgateway of %s', (name, library: Library) => {
  const { Counter, Pushgateway, register, Registry } = library;
  const text = '# HELP test help\n# TYPE test counter\ntest 100\n';

  beforeEach(() => new Counter({ name: 'test', help: 'help' }).inc(100));
  afterEach(() => register.clear());

  it('sends what the global registry shows', async () => {
    const gateway = new Pushgateway(url);
    const answer = await gateway.pushAdd({ jobName: 'test&Job', groupings: { key: 'va&lue' } });
    await gateway.push({ jobName: 'testJob' });
    await gateway.delete({ jobName: 'testJob' });
    expect(answer).toMatchObject({ body: 'the answer', resp: { statusCode: 200 } });
    expect(seen.map(({ method, url: path, body }) => [method, path, body.toString()])).toEqual([
      ['POST', '/metrics/job/test%26Job/key/va%26lue', text],
      ['PUT', '/metrics/job/testJob', text],
      ['DELETE', '/metrics/job/testJob', ''],
    ]);
  });

  it('hands options, paths and credentials on', async () => {
    const registry = new Registry();
    new Counter({ name: 'other', help: 'help', registers: [registry] });
    const options = { headers: { 'unit-test': '1' }, requireJobName: false };
    const gateway = new Pushgateway(`${url.replace('//', '//user:pass@')}/path`, options, registry as never);
    await gateway.push({} as never);
    await gateway.push({ jobName: 'a' });
    expect(seen.map(({ url: path }) => path)).toEqual(['/path/metrics', '/path/metrics/job/a']);
    const authorization = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    expect(seen[0]?.headers).toMatchObject({ authorization, 'unit-test': '1' });
    expect(seen[0]?.body.toString()).toContain('other 0');
  });

  it('compresses where the headers say so', async () => {
    const gateway = new Pushgateway(url, { headers: { 'Content-Encoding': 'gzip' } });
    await gateway.pushAdd({ jobName: 'a' });
    await gateway.delete({ jobName: 'a' });
    expect(seen[0]?.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(seen[0]?.body ?? '').toString()).toBe(text);
    expect(seen[1]?.headers['content-encoding']).toBeUndefined();
  });

  it('wants a job, and rejects what the gateway refuses', async () => {
    const gateway = new Pushgateway(url);
    for (const method of ['push', 'pushAdd', 'delete'] as const) {
      expect(() => gateway[method]({} as never)).toThrow(new Error('Missing jobName parameter'));
    }
    status = 400;
    await expect(gateway.push({ jobName: 'a' })).rejects.toThrow('push failed with status 400, the answer');
    const nobody = new Pushgateway('http://127.0.0.1:1');
    await expect(nobody.push({ jobName: 'a' })).rejects.toThrow('ECONNREFUSED');
  });

  it(`${name === 'telltale' ? 'sends' : 'would lose'} the header of compression after a delete`, async () => {
    const options = { headers: { 'Content-Encoding': 'gzip' } };
    const gateway = new Pushgateway(url, options);
    await gateway.delete({ jobName: 'a' });
    await gateway.push({ jobName: 'a' });
    expect(seen[1]?.headers['content-encoding']).toBe(name === 'telltale' ? 'gzip' : undefined);
    expect(options.headers).toEqual(name === 'telltale' ? { 'Content-Encoding': 'gzip' } : {});
  });

  it(`${name === 'telltale' ? 'encodes' : 'does not encode'} what no path can hold`, async () => {
    await new Pushgateway(url).push({ jobName: 'job', groupings: { path: '/a/b', none: '' } });
    const encoded = '/metrics/job/job/path@base64/L2EvYg/none@base64/=';
    expect(seen[0]?.url).toBe(name === 'telltale' ? encoded : '/metrics/job/job/path/%2Fa%2Fb/none/');
  });

  it('calls whatever http.request is, at once and with options alone', async () => {
    const calls = jest.spyOn(http, 'request');
    try {
      const pushing = new Pushgateway(`${url.replace('//', '//user:pass@')}/path`).push({ jobName: 'a' });
      const options = { method: 'PUT', hostname: '127.0.0.1', path: '/path/metrics/job/a', auth: 'user:pass' };
      expect(calls.mock.calls).toEqual([[expect.objectContaining(options), expect.any(Function)]]);
      await pushing;
    } finally {
      calls.mockRestore();
    }
  });
});

describe.each(libraries)('the real Pushgateway and that of %s', (name, library: Library) => {
  const { Counter, Gauge, Histogram, Pushgateway, Registry } = library;
  let gateway: RealGateway;

  beforeAll(async () => {
    gateway = await startPushgateway();
  });
  afterAll(() => gateway.stop());

  it('replace, add to and delete a group', async () => {
    const [first, second] = [new Registry(), new Registry()];
    new Counter({ name: 'rows_total', help: 'Rows', labelNames: ['table'], registers: [first] }).inc({ table: 'a' }, 3);
    new Histogram({ name: 'batch_seconds', help: 'Batches', buckets: [1], registers: [first] }).observe(0.5);
    new Gauge({ name: 'last_success', help: 'Success', registers: [second] }).set(7);
    const params = { jobName: 'nightly & weekly', groupings: { shard: 'é 1' } };
    const group = { job: 'nightly & weekly', shard: 'é 1' };
    const of = (registry: InstanceType<Library['Registry']>) => new Pushgateway(gateway.url, undefined, registry);
    const values = async (sample: string) => {
      const samples = (await gateway.samples(sample)).filter(({ labels }) => labels.job === group.job);
      return samples.map(({ labels, value }) => ({ ...labels, value }));
    };

    await of(first).push(params);
    expect(await values('rows_total')).toEqual([{ ...group, table: 'a', value: 3 }]);
    expect(await values('batch_seconds_bucket')).toEqual([
      { ...group, le: '1', value: 1 },
      { ...group, le: '+Inf', value: 1 },
    ]);
    await of(second).pushAdd(params);
    expect([await values('rows_total'), await values('last_success')].flat()).toHaveLength(2);
    await of(second).push(params);
    expect([await values('rows_total'), await values('last_success')]).toEqual([[], [{ ...group, value: 7 }]]);
    await of(second).delete(params);
    // The gateway accepts a deletion at once, and carries it out a little later.
    await pollUntil({ what: 'The deletion', timeoutMs: 10_000 }, async () =>
      (await values('last_success')).length === 0 ? true : undefined,
    );
  });

  it('say what is wrong with a push, and take one that is zipped', async () => {
    const registry = new Registry();
    new Counter({ name: 'zipped_total', help: 'help', registers: [registry] }).inc(5);
    const options = { headers: { 'Content-Encoding': 'gzip' } };
    await new Pushgateway(gateway.url, options, registry).push({ jobName: 'zipped' });
    expect(await gateway.samples('zipped_total')).toEqual([{ labels: { job: 'zipped' }, value: 5 }]);
    const refused = new Pushgateway(gateway.url, undefined, registry).push({
      jobName: 'bad',
      groupings: { 'no label name': 'x' },
    });
    await expect(refused).rejects.toThrow(/^push failed with status 400, .*no label name/);
  });

  if (name !== 'telltale') return;
  it('keep groups apart whose values no path can hold', async () => {
    const registry = new Registry();
    new Gauge({ name: 'folders', help: 'help', registers: [registry] }).set(1);
    const push = (groupings: Record<string, string>) =>
      new Pushgateway(gateway.url, undefined, registry).push({ jobName: 'paths', groupings });
    await push({ path: '/a/b' });
    await push({ path: '..' });
    await push({ path: '' });
    const paths = (await gateway.samples('folders')).map(({ labels }) => labels.path);
    expect(paths.sort()).toEqual(['..', '/a/b', undefined]);
  });
});
