// The handler on real sockets: what goes over the wire, on connections that are kept, shared by queued requests, or given up.
import { Agent } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { metricsHandler } from '../../lib/http/node-handler.js';
import { collectorOf, heldCollector, SMALL_TEXT, scrapesOf, smallCollector } from './support/collectors.js';
import { afterTest, fetchRaw, requestText, sendRaw, serve, turns } from './support/connections.js';
import { familyOfBlocks, textOfBlocks } from './support/families.js';

const QUIET = { selfMetrics: false } as const;

describe('metricsHandler', () => {
  it('sends a small scrape whole, with its length', async () => {
    const url = await serve(metricsHandler(smallCollector(), QUIET));
    const { status, headers, text } = await fetchRaw(url);
    expect(status).toBe(200);
    expect(headers).toEqual({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
      'content-length': `${SMALL_TEXT.length}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Encoding',
      date: expect.any(String),
      connection: 'close',
    });
    expect(text).toBe(SMALL_TEXT);
  });

  it('sends a large scrape in chunks', async () => {
    const url = await serve(metricsHandler(collectorOf(familyOfBlocks(100)), QUIET));
    const { headers, text } = await fetchRaw(url);
    expect(headers['transfer-encoding']).toBe('chunked');
    expect(text === textOfBlocks(100)).toBe(true);
  });

  it('sends gzip that decompresses to the same text', async () => {
    const url = await serve(metricsHandler(collectorOf(familyOfBlocks(100)), QUIET));
    const { headers, body } = await fetchRaw(url, { headers: { 'Accept-Encoding': 'gzip, deflate' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString() === textOfBlocks(100)).toBe(true);
  });

  it('answers HEAD with headers alone, and the connection stays in step', async () => {
    const url = await serve(metricsHandler(smallCollector(), QUIET));
    const client = await sendRaw(url, requestText('/', {}, 'HEAD') + requestText('/', { Connection: 'close' }));
    const { received } = await client.closed;
    const [head = '', ...rest] = received.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain('text/plain; version=0.0.4');
    expect(rest[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(rest[1]).toBe(SMALL_TEXT);
  });

  it('refuses other methods and keeps the connection in step, whatever their body was', async () => {
    const url = await serve(metricsHandler(smallCollector(), QUIET));
    const post = `${requestText('/', { 'Content-Length': '5' }, 'POST')}hello`;
    const client = await sendRaw(url, post + requestText('/', { Connection: 'close' }));
    const { received } = await client.closed;
    expect(received).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\nCache-Control: no-store\r\n/);
    expect(received).toContain('\r\nAllow: GET, HEAD\r\n');
    expect(received.endsWith(`\r\n\r\n${SMALL_TEXT}`)).toBe(true);
  });

  it('answers several scrapes over one kept connection', async () => {
    const url = await serve(metricsHandler(collectorOf(familyOfBlocks(20)), QUIET));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    afterTest(() => agent.destroy());
    const ports = new Set<number>();
    for (let i = 0; i < 3; i++) {
      const { text, localPort } = await fetchRaw(url, { agent });
      expect(text === textOfBlocks(20)).toBe(true);
      ports.add(localPort);
    }
    expect(ports.size).toBe(1);
  });

  it('answers requests that were sent at once, in their order, one scrape at a time', async () => {
    const collector = smallCollector();
    const url = await serve(metricsHandler(collector, { maxConcurrentScrapes: 1 }));
    const client = await sendRaw(url, requestText('/').repeat(19) + requestText('/', { Connection: 'close' }));
    const { received } = await client.closed;
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(20);
    expect(scrapesOf(collector).code(200)).toBe(20);
  });

  it('forgets queued requests of a client that leaves', async () => {
    const { collector, release, started } = heldCollector();
    const handler = metricsHandler(collector);
    let arrived = 0;
    let left = () => {};
    const gone = new Promise<void>((resolve) => {
      left = resolve;
    });
    const url = await serve((request, response) => {
      arrived++;
      response.once('close', left);
      handler(request, response);
    });
    const client = await sendRaw(url, requestText('/').repeat(3));
    await started;
    client.socket.destroy();
    await gone;
    await turns(1);
    const { code, inFlight } = scrapesOf(collector);
    expect([arrived, code(499), inFlight()]).toEqual([3, 1, 0]);
    release();
  });

  it('gives up a scrape whose client leaves while it is collected', async () => {
    const { collector, release, started } = heldCollector();
    const handler = metricsHandler(collector, { maxConcurrentScrapes: 1 });
    let left = () => {};
    const gone = new Promise<void>((resolve) => {
      left = resolve;
    });
    const url = await serve((request, response) => {
      response.once('close', left);
      handler(request, response);
    });
    const client = await sendRaw(url, requestText('/'));
    await started;
    client.socket.destroy();
    await gone;
    await turns(1);
    expect(scrapesOf(collector).inFlight()).toBe(0);
    release();
    expect((await fetchRaw(url)).status).toBe(200);
  });

  it('echoes nothing of what a request says', async () => {
    const url = await serve(metricsHandler(smallCollector(), { ...QUIET, auth: { bearerToken: 'abc' } }));
    const hostile = 'text/plain;version=0.0.4;escaping="a%0d%0aSet-Cookie: x=1";charset=evil, */*;evil=1';
    const headers = { Accept: hostile, 'Accept-Encoding': 'evil, gzip;evil=1', Authorization: 'Bearer abc' };
    const { headers: received } = await fetchRaw(`${url}/evil%0d%0aevil:1?evil`, { headers });
    expect(JSON.stringify(received)).not.toMatch(/evil|cookie/i);
    const refused = await fetchRaw(`${url}/evil`, { headers: { ...headers, Authorization: 'Bearer evil"' } });
    expect(refused.status).toBe(401);
    expect(JSON.stringify(refused.headers) + refused.text).not.toMatch(/evil/);
  });

  it('cannot be split by a request: header lines with line breaks are refused by the parser', async () => {
    const url = await serve(metricsHandler(smallCollector(), QUIET));
    const client = await sendRaw(url, requestText('/', { Accept: 'text/plain\n\r\nX: y' }));
    expect((await client.closed).received).toMatch(/^HTTP\/1\.1 (400|200)/);
    expect((await fetchRaw(url)).status).toBe(200);
  });

  it('keeps what other middleware varies by', async () => {
    const handler = metricsHandler(smallCollector(), QUIET);
    const url = await serve((request, response) => {
      response.setHeader('Vary', 'Origin');
      handler(request, response);
    });
    expect((await fetchRaw(url)).headers.vary).toBe('Origin, Accept, Accept-Encoding');
  });

  it('leaves a response alone that somebody else answers meanwhile', async () => {
    const { collector, release, started } = heldCollector();
    const handler = metricsHandler(collector);
    const url = await serve(async (request, response) => {
      handler(request, response);
      await started;
      response.writeHead(504).write('too ');
      release();
      await turns(20);
      response.end('late');
    });
    const { status, text } = await fetchRaw(url);
    expect([status, text]).toEqual([504, 'too late']);
    const { code, inFlight } = scrapesOf(collector);
    expect([code(499), inFlight()]).toEqual([1, 0]);
  });

  it('ends the request when middleware fails inside the response', async () => {
    const collector = smallCollector();
    const handler = metricsHandler(collector);
    const url = await serve((request, response) => {
      response.writeHead = () => {
        throw new Error('The middleware broke.');
      };
      handler(request, response);
    });
    await expect(fetchRaw(url)).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect(scrapesOf(collector).inFlight()).toBe(0);
  });

  it('throws for options that cannot work, when it is set up', () => {
    expect(() => metricsHandler(smallCollector(), { maxConcurrentScrapes: 0 })).toThrow(
      'The option maxConcurrentScrapes is invalid (0). Give a whole number of at least 1, or leave it out for 10.',
    );
    expect(() => metricsHandler(smallCollector(), { auth: { bearerToken: '' } })).toThrow('auth.bearerToken');
  });
});
