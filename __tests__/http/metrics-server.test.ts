// The stand-alone server: where it listens, what it answers, and how it ends.
import { once } from 'node:events';
import http, { type Server } from 'node:http';
import { connect } from 'node:net';
import { startMetricsServer } from '../../lib/http/metrics-server.js';
import { SMALL_TEXT, smallCollector } from './support/collectors.js';
import { fetchRaw, requestText, sendRaw } from './support/connections.js';
import { startServer } from './support/metrics-servers.js';

describe('startMetricsServer', () => {
  describe('the address', () => {
    it('is any free port of this machine when port 0 is asked for', async () => {
      const server = await startServer();
      expect(server.port).toBeGreaterThan(0);
      expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
      expect((await fetchRaw(`${server.url}/metrics`)).text).toBe(SMALL_TEXT);
    });

    it('is only reachable from this machine unless told otherwise', async () => {
      const { port } = await startServer();
      const [error] = (await once(connect(port, '127.0.0.2'), 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');
    });

    it.each([
      ['0.0.0.0', '127.0.0.1'],
      ['localhost', 'localhost'],
      ['127.0.0.2', '127.0.0.2'],
    ])('for the host %s can be reached as %s', async (host, reachable) => {
      const server = await startServer({ host });
      expect(server.url).toBe(`http://${reachable}:${server.port}`);
      expect((await fetchRaw(`${server.url}/metrics`)).status).toBe(200);
    });

    it('answers address_in_use when the port is taken', async () => {
      const { port } = await startServer();
      const second = await startMetricsServer(smallCollector(), { port });
      expect(second._unsafeUnwrapErr()).toEqual({ kind: 'address_in_use', host: '127.0.0.1', port });
    });

    it('answers address_unavailable when it is none of this machine', async () => {
      const result = await startMetricsServer(smallCollector(), { port: 0, host: '192.0.2.1' });
      expect(result._unsafeUnwrapErr()).toMatchObject({
        kind: 'address_unavailable',
        host: '192.0.2.1',
        cause: { code: 'EADDRNOTAVAIL' },
      });
    });

    it.each([[-1], [65_536], [1.5], [Number.NaN], ['9464' as unknown as number]])('cannot have the port %s', (port) => {
      expect(() => startMetricsServer(smallCollector(), { port })).toThrow(
        `The option port is invalid (${port}). Give a whole number from 0 to 65535; 0 takes any free port.`,
      );
    });
  });

  describe('the paths', () => {
    it('are the metrics, exactly there, a page that links to them, and nothing else', async () => {
      const { url } = await startServer();
      expect((await fetchRaw(`${url}/metrics?debug=1`)).text).toBe(SMALL_TEXT);
      const page = await fetchRaw(url);
      expect(page.status).toBe(200);
      expect(page.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'",
        'x-content-type-options': 'nosniff',
      });
      expect(page.text).toContain('<a href="/metrics">Metrics</a>');
      for (const path of ['/metrics/', '/metrics/x', '/other', '/METRICS', '//', '/%6detrics']) {
        const { status, headers, text } = await fetchRaw(url + path);
        expect([status, text]).toEqual([404, 'There is nothing at this path. The metrics are at /metrics.\n']);
        expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      }
    });

    it('put the metrics where they are asked for', async () => {
      const { url } = await startServer({ path: '/internal/metrics' });
      expect((await fetchRaw(`${url}/internal/metrics`)).text).toBe(SMALL_TEXT);
      expect((await fetchRaw(`${url}/metrics`)).status).toBe(404);
      const atRoot = await startServer({ path: '/' });
      expect((await fetchRaw(atRoot.url)).text).toBe(SMALL_TEXT);
    });

    it('understand whole URLs, which proxies send', async () => {
      const { url } = await startServer();
      const client = await sendRaw(url, requestText('http://other.example/metrics', { Connection: 'close' }));
      expect((await client.closed).received.endsWith(SMALL_TEXT)).toBe(true);
    });

    it('answer HEAD and refuse other methods', async () => {
      const { url } = await startServer();
      expect((await fetchRaw(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
      expect((await fetchRaw(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
      expect((await fetchRaw(`${url}/`, { method: 'POST' })).status).toBe(405);
    });

    it.each([['metrics'], [''], ['/a?b'], ['/a b']])('cannot be "%s"', (path) => {
      expect(() => startMetricsServer(smallCollector(), { path })).toThrow('The option path is invalid');
    });
  });

  describe('routes', () => {
    it('are mounted beside the metrics, with everything below them, and linked when they have a title', async () => {
      const { url } = await startServer({
        routes: [
          { path: '/api', title: 'Query API', handle: ({ url }, response) => void response.end(`api ${url}`) },
          { path: '/api/v1/status', handle: (_, response) => void response.end('status') },
        ],
      });
      expect((await fetchRaw(`${url}/api/v1/query?query=up`)).text).toBe('api /api/v1/query?query=up');
      expect((await fetchRaw(`${url}/api/v1/status`)).text).toBe('status');
      expect((await fetchRaw(`${url}/metrics`)).text).toBe(SMALL_TEXT);
      expect((await fetchRaw(url)).text).toContain('<a href="/api">Query API</a>');
    });

    it('may take the place of the page', async () => {
      const { url } = await startServer({
        routes: [{ path: '/', handle: (_, response) => void response.end('mine') }],
      });
      expect((await fetchRaw(`${url}/`)).text).toBe('mine');
      expect((await fetchRaw(`${url}/any`)).text).toBe('mine');
      expect((await fetchRaw(`${url}/metrics`)).text).toBe(SMALL_TEXT);
    });

    it('that throw or reject cost their own request only', async () => {
      const { url } = await startServer({
        routes: [
          {
            path: '/throws',
            handle: () => {
              throw new Error('secret');
            },
          },
          { path: '/rejects', handle: () => Promise.reject(new Error('secret')) },
          {
            path: '/half',
            handle: async (_, response) => {
              response.write('half');
              throw new Error('secret');
            },
          },
        ],
      });
      for (const path of ['/throws', '/rejects']) {
        const { status, text } = await fetchRaw(url + path);
        expect([status, text]).toEqual([500, `The handler of ${path} failed.\n`]);
      }
      await expect(fetchRaw(`${url}/half`)).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
      expect((await fetchRaw(`${url}/metrics`)).status).toBe(200);
    });

    it('cannot have the path of the metrics', () => {
      const routes = [{ path: '/metrics', handle: () => {} }];
      expect(() => startMetricsServer(smallCollector(), { routes })).toThrow('Give every route a path of its own.');
    });
  });

  it('asks for credentials everywhere', async () => {
    const { url } = await startServer({
      auth: { username: 'prometheus', password: 'secret' },
      routes: [{ path: '/api', handle: (_, response) => void response.end('api') }],
    });
    const headers = { Authorization: `Basic ${Buffer.from('prometheus:secret').toString('base64')}` };
    for (const path of ['/', '/metrics', '/api', '/nothing']) {
      const refused = await fetchRaw(url + path);
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([
        401,
        'Basic realm="metrics", charset="UTF-8"',
      ]);
    }
    for (const path of ['/', '/metrics', '/api']) expect((await fetchRaw(url + path, { headers })).status).toBe(200);
    expect((await fetchRaw(`${url}/nothing`, { headers })).status).toBe(404);
  });

  it('answers what is no HTTP, and heads that are too large, with 4xx and goes on', async () => {
    const { url } = await startServer();
    expect((await (await sendRaw(url, '\x16\x03\x01 hello\r\n\r\n')).closed).received).toMatch(/^HTTP\/1\.1 400 /);
    const large = requestText('/metrics', { Accept: 'x'.repeat(20_000) });
    expect((await (await sendRaw(url, large)).closed).received).toMatch(/^HTTP\/1\.1 431 /);
    expect((await fetchRaw(`${url}/metrics`)).status).toBe(200);
  });

  it('does not end the process when a connection cannot be accepted', async () => {
    const spy = jest.spyOn(http, 'createServer');
    try {
      const { url } = await startServer();
      const server = spy.mock.results[0]?.value as Server;
      for (const code of ['EMFILE', 'ENFILE']) expect(() => server.emit('error', new Error(code))).not.toThrow();
      expect((await fetchRaw(`${url}/metrics`)).status).toBe(200);
    } finally {
      spy.mockRestore();
    }
  });
});
