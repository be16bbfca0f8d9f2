// Requests of fetch and of node:http to real servers: what is recorded is compared with what the servers and the callers saw.
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricsCollector } from '../../../lib/collector.js';
import { instrumentHttpClient } from '../../../lib/instrumentation/http/client.js';
import { afterTest, fetchRaw, listen, serve } from '../../http/support/connections.js';
import { countsOf, inFlight, samplesOf, settled } from './support/recorded.js';

const IN_FLIGHT = 'http_client_requests_in_flight';
const DURATION = 'http_client_request_duration_seconds';
const ERRORS = 'http_client_request_errors_total';
const CHANNELS = [
  'undici:request:create',
  'undici:request:headers',
  'undici:request:trailers',
  'undici:request:error',
  'http.client.request.start',
  'http.client.request.error',
];

const clients = {
  fetch: async (url: string, init: { method?: string; signal?: AbortSignal } = {}) => {
    const response = await fetch(url, { redirect: 'manual', ...init });
    return { status: response.status, length: (await response.text()).length };
  },
  'node:http': async (url: string, { method, signal }: { method?: string; signal?: AbortSignal } = {}) => {
    const sent = request(url, { agent: false, ...(method && { method }), ...(signal && { signal }) }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let length = 0;
    for await (const piece of response) length += (piece as Buffer).length;
    return { status: response.statusCode ?? 0, length };
  },
};

async function start() {
  const seen: string[] = [];
  const url = await serve((asked, response) => {
    seen.push(`${asked.method} ${asked.url}`);
    if (asked.url === '/waits') return;
    if (asked.url === '/cut') return void response.write('x', () => response.destroy());
    response.statusCode = asked.url === '/missing' ? 404 : 200;
    response.end('hello');
  });
  const collector = new MetricsCollector({ strict: true });
  const host = new URL(url).host;
  const metrics = instrumentHttpClient({ collector, hosts: [host] });
  afterTest(() => metrics.remove());
  return { url, host, collector, metrics, seen };
}

describe.each(Object.entries(clients))('instrumentHttpClient with %s', (name, ask) => {
  it('counts requests by method, host and status, and never by path', async () => {
    const { url, host, collector, seen } = await start();
    for (const path of ['/a', '/b?c=1', '/missing']) await ask(url + path);
    await ask(`${url}/d`, { method: 'POST' });
    await ask(`${url}/e`, { method: 'HEAD' });
    await settled(collector, IN_FLIGHT);
    expect(seen).toHaveLength(5);
    expect(await countsOf(collector, DURATION)).toEqual({
      [`GET ${host} 200`]: 2,
      [`GET ${host} 404`]: 1,
      [`POST ${host} 200`]: 1,
      [`HEAD ${host} 200`]: 1,
    });
    expect(await samplesOf(collector, ERRORS)).toEqual({});
  });

  it('counts hosts that are not on the list as other', async () => {
    const { collector } = await start();
    const elsewhere = await serve((_, response) => void response.end());
    await ask(elsewhere);
    await settled(collector, IN_FLIGHT);
    expect(await countsOf(collector, DURATION)).toEqual({ 'GET other 200': 1 });
  });

  it('counts a response that breaks off once, by its error', async () => {
    const { url, host, collector } = await start();
    await expect(ask(`${url}/cut`)).rejects.toThrow();
    await settled(collector, IN_FLIGHT);
    expect(await countsOf(collector, DURATION)).toEqual({ [`GET ${host} error`]: 1 });
    const type = name === 'fetch' ? 'UND_ERR_SOCKET' : 'ECONNRESET';
    expect(await samplesOf(collector, ERRORS)).toEqual({ [`GET ${host} ${type}`]: 1 });
  });

  it('counts a request that is given up once, by its error', async () => {
    const { url, host, collector } = await start();
    const controller = new AbortController();
    const asked = expect(ask(`${url}/waits`, { signal: controller.signal })).rejects.toThrow();
    await inFlight(collector, 1, IN_FLIGHT);
    controller.abort();
    await asked;
    await settled(collector, IN_FLIGHT);
    expect(await countsOf(collector, DURATION)).toEqual({ [`GET ${host} error`]: 1 });
    const [type] = Object.keys(await samplesOf(collector, ERRORS));
    expect(type).toMatch(name === 'fetch' ? /AbortError$/ : /ABORT_ERR$/);
  });

  it('counts a server that is not there', async () => {
    const { collector } = await start();
    const gone = await goneServer();
    await expect(ask(gone)).rejects.toThrow();
    await settled(collector, IN_FLIGHT);
    expect(await samplesOf(collector, ERRORS)).toEqual({ 'GET other ECONNREFUSED': 1 });
    expect(await countsOf(collector, DURATION)).toEqual({ 'GET other error': 1 });
  });

  it('counts 1 000 parallel requests', async () => {
    const { url, host, collector, seen } = await start();
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => ask(`${url}/${i}`)));
    await settled(collector, IN_FLIGHT);
    expect(answers.every(({ status, length }) => status === 200 && length === 5)).toBe(true);
    expect(await countsOf(collector, DURATION)).toEqual({ [`GET ${host} 200`]: seen.length });
  }, 60_000);

  it('can be removed while a request runs, and leaves no subscriber', async () => {
    const { url, collector, metrics } = await start();
    const controller = new AbortController();
    const asked = expect(ask(`${url}/waits`, { signal: controller.signal })).rejects.toThrow();
    await inFlight(collector, 1, IN_FLIGHT);
    metrics.remove();
    metrics.remove();
    expect(CHANNELS.filter((one) => channel(one).hasSubscribers)).toEqual([]);
    expect(await samplesOf(collector, IN_FLIGHT)).toEqual({ [new URL(url).host]: 0 });
    controller.abort();
    await asked;
    await ask(url);
    expect(await countsOf(collector, DURATION)).toEqual({});
  });
});

describe('instrumentHttpClient', () => {
  it('counts every request of a connection that is kept', async () => {
    const { url, host, collector } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    afterTest(() => agent.destroy());
    const ports = new Set<number>();
    for (let i = 0; i < 10; i++) ports.add((await fetchRaw(url, { agent })).localPort);
    await settled(collector, IN_FLIGHT);
    expect(ports.size).toBe(1);
    expect(await countsOf(collector, DURATION)).toEqual({ [`GET ${host} 200`]: 10 });
  });

  it('does not count upgrades', async () => {
    const { collector } = await start();
    const server = createServer();
    server.on(
      'upgrade',
      (_asked, socket) =>
        void socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n'),
    );
    const upgraded = get(await listen(server), { headers: { Connection: 'Upgrade', Upgrade: 'chat' } });
    const [, socket] = await once(upgraded, 'upgrade');
    socket.destroy();
    expect(await countsOf(collector, DURATION)).toEqual({});
    expect(await samplesOf(collector, IN_FLIGHT)).toEqual({});
  });

  it('counts an upload that fails before it is sent whole among the errors only', async () => {
    const { collector } = await start();
    const upload = request(await goneServer(), { method: 'POST' });
    upload.write('begun');
    await once(upload, 'error');
    await settled(collector, IN_FLIGHT);
    expect(await samplesOf(collector, ERRORS)).toEqual({ 'POST other ECONNREFUSED': 1 });
    expect(await countsOf(collector, DURATION)).toEqual({});
  });

  it('leaves unhandled what nobody handles', async () => {
    const { url } = await start();
    const asked = get(`${url}/cut`);
    const [response] = await once(asked, 'response');
    response.resume();
    const [error] = await once(response, 'error');
    expect(error.code).toBe('ECONNRESET');
  });
});

/** The address of a server that has been closed. */
async function goneServer(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
