// What every kind of server has to count, over real sockets: the numbers are compared with what the client has seen.
import { once } from 'node:events';
import { Agent, request, type Server, type ServerResponse } from 'node:http';
import { MetricsCollector } from '../../../lib/collector.js';
import { afterTest, fetchRaw, requestText, sendRaw } from '../../http/support/connections.js';
import { applications, PIECE } from './support/applications.js';
import { countsOf, inFlight, settled, sumsOf } from './support/recorded.js';

const lengthsOf = (text: string, head: RegExp) => text.slice((head.exec(text)?.index ?? 0) + 4).length;

describe.each(applications)('the metrics of $name', ({ start, name }) => {
  let collector: MetricsCollector;
  beforeEach(() => {
    collector = new MetricsCollector({ strict: true });
  });

  it('count requests by the pattern of their route, with the prefix of where it is mounted', async () => {
    const { url } = await start(collector);
    for (const path of ['/users/1', '/users/2?x=1', '/api/items/3', '/wp-admin', '/.env', '/api/nothing'])
      if (name !== 'node:http' || !path.includes('?')) await fetchRaw(url + path);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({
      'GET /users/:id 200': name === 'node:http' ? 1 : 2,
      'GET /api/items/:item 200': 1,
      'GET unmatched 404': 3,
    });
  });

  it('count unknown methods as one', async () => {
    const { url } = await start(collector);
    for (const method of ['PROPFIND', 'SEARCH', 'MKCOL']) await fetchRaw(`${url}/nowhere`, { method });
    await settled(collector);
    const counts = Object.entries(await countsOf(collector));
    expect(counts.every(([key]) => key.startsWith('other unmatched'))).toBe(true);
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(3);
  });

  it('count a handler that fails once, as an error', async () => {
    const { url } = await start(collector);
    expect((await fetchRaw(`${url}/fails`)).status).toBe(500);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /fails 500': 1 });
  });

  it('know the sizes of bodies as the client does: whole, streamed, HEAD and 304', async () => {
    const { url } = await start(collector);
    const whole = await fetchRaw(`${url}/users/12345`);
    const head = name === 'node:http' ? undefined : await fetchRaw(`${url}/users/12345`, { method: 'HEAD' });
    await fetchRaw(`${url}/not-modified`);
    const streamed = await sendRaw(url, requestText('/stream', { Connection: 'close' }));
    const { received } = await streamed.closed;
    await settled(collector);
    const sizes = await sumsOf(collector, 'http_response_size_bytes');
    expect(sizes['GET /users/:id 200']).toBe(whole.body.length);
    if (head?.status === 200) expect(sizes['HEAD /users/:id 200']).toBe(0);
    expect(sizes['GET /not-modified 304']).toBe(0);
    // With the framing of its chunks, as it was sent.
    expect(sizes['GET /stream 200']).toBe(lengthsOf(received, /\r\n\r\n/));
    expect(sizes['GET /stream 200']).toBeGreaterThan(3 * PIECE.length);
  });

  it('know the sizes of requests that declare them', async () => {
    const { url } = await start(collector);
    const client = await sendRaw(
      url,
      `${requestText('/echo', { 'Content-Length': '5', Connection: 'close' }, 'POST')}12345`,
    );
    expect((await client.closed).received).toContain('12345');
    await settled(collector);
    expect(await sumsOf(collector, 'http_request_size_bytes')).toEqual({ 'POST /echo 200': 5 });
  });

  it('leave out the size of a request that nobody declares', async () => {
    const { url } = await start(collector);
    const headers = { 'Transfer-Encoding': 'chunked', Connection: 'close' };
    await (await sendRaw(url, `${requestText('/echo', headers, 'POST')}3\r\nabc\r\n0\r\n\r\n`)).closed;
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'POST /echo 200': 1 });
    expect((await countsOf(collector, 'http_request_size_bytes'))['POST /echo 200'] ?? 0).toBe(0);
  });

  it('count every request of a connection that is kept', async () => {
    const { url } = await start(collector);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    afterTest(() => agent.destroy());
    const ports = new Set<number>();
    for (let i = 0; i < 20; i++) ports.add((await fetchRaw(`${url}/users/${i}`, { agent })).localPort);
    await settled(collector);
    expect(ports.size).toBe(1);
    expect(await countsOf(collector)).toEqual({ 'GET /users/:id 200': 20 });
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({ 'GET /users/:id 200': 30 });
  });

  it('count pipelined requests one by one, each with its own size', async () => {
    const { url } = await start(collector);
    const texts = Array.from({ length: 20 }, (_, i) => requestText(`/users/${i}`));
    const client = await sendRaw(url, texts.join('') + requestText('/api/items/last', { Connection: 'close' }));
    const { received } = await client.closed;
    expect(received.match(/HTTP\/1.1 200/g)).toHaveLength(21);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /users/:id 200': 20, 'GET /api/items/:item 200': 1 });
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({
      'GET /users/:id 200': 30,
      'GET /api/items/:item 200': 4,
    });
  });

  it('count requests that waited behind another when their client leaves', async () => {
    const { url } = await start(collector);
    const client = await sendRaw(url, requestText('/waits') + requestText('/users/1').repeat(15));
    await inFlight(collector, 16);
    client.socket.destroy();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /waits 499': 1, 'GET /users/:id 499': 15 });
  });

  it.each(['/waits', '/endless'])('count a client that leaves in the middle of %s once, as 499', async (path) => {
    const { url } = await start(collector);
    const client = await sendRaw(url, requestText(path));
    await inFlight(collector, 1);
    if (path === '/endless') await client.until(/x{10}/);
    client.socket.destroy();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ [`GET ${path} 499`]: 1 });
    expect(await countsOf(collector, 'http_response_size_bytes')).toEqual({ [`GET ${path} 499`]: 0 });
  });

  it('count a client that leaves in the middle of its own body once, as 499', async () => {
    const { url } = await start(collector);
    const headers = { 'Content-Length': '1000', 'Content-Type': 'application/octet-stream' };
    const client = await sendRaw(url, `${requestText('/echo', headers, 'POST')}begun`);
    await inFlight(collector, 1);
    client.socket.resetAndDestroy();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'POST /echo 499': 1 });
    expect(await sumsOf(collector, 'http_request_size_bytes')).toEqual({ 'POST /echo 499': 0 });
  });

  it('do not count upgrades', async () => {
    const { url, server } = await start(collector);
    server.on('upgrade', (_request, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const client = await sendRaw(url, requestText('/users/1', { Connection: 'Upgrade', Upgrade: 'chat' }));
    expect((await client.closed).received).toContain('101');
    await fetchRaw(`${url}/users/1`);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /users/:id 200': 1 });
  });

  it('count 1 000 parallel connections', async () => {
    const { url } = await start(collector);
    const waiting = await Promise.all(Array.from({ length: 100 }, () => sendRaw(url, requestText('/waits'))));
    await inFlight(collector, 100);
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => fetchRaw(`${url}/users/${i}`)));
    for (const { socket } of waiting) socket.destroy();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /users/:id 200': 1000, 'GET /waits 499': 100 });
    const bytes = answers.reduce((sum, { body }) => sum + body.length, 0);
    expect((await sumsOf(collector, 'http_response_size_bytes'))['GET /users/:id 200']).toBe(bytes);
  }, 60_000);

  it('can be removed, also while requests run, and leave no listener', async () => {
    const { url, server, metrics } = await start(collector);
    const before = await listenersDuring(url, server, () => {});
    const after = await listenersDuring(url, server, () => metrics.remove());
    await settled(collector);
    metrics.remove();
    expect(await countsOf(collector)).toEqual({ 'GET /waits 499': 1 });
    expect((await fetchRaw(`${url}/users/1`)).status).toBe(200);
    expect(await countsOf(collector)).toEqual({ 'GET /waits 499': 1 });
    expect(after.finish).toBe(before.finish - 1);
    expect(after.close).toBe(before.close - 1);
  });
});

/** How many listeners a response has while its request waits, once something was done to the server. */
async function listenersDuring(url: string, server: Server, act: () => void) {
  const [client, [, response]] = await Promise.all([
    Promise.resolve(request(`${url}/waits`, { agent: false }).end()),
    once(server, 'request') as Promise<[unknown, ServerResponse]>,
  ]);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  act();
  const counts = { finish: response.listenerCount('finish'), close: response.listenerCount('close') };
  const closed = new Promise((resolve) => response.once('close', resolve));
  client.on('error', () => {}).destroy();
  await closed;
  return counts;
}
