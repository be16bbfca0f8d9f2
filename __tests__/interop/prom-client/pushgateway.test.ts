// Pushing, against a server that writes down what it gets, and against the real gateway. The requests of both libraries are
// compared but for what is wrong with prom-client's.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
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
});
