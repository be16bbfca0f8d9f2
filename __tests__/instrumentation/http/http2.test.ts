// Servers of node:http2 with requests and responses as HTTP/1 has them. All streams of a client share one connection, and a response
// says that it has finished even where its stream was reset.
import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createSecureServer,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { get } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { MetricsCollector } from '../../../lib/collector.js';
import { instrumentHttpServer } from '../../../lib/instrumentation/http/node-server.js';
import { afterTest } from '../../http/support/connections.js';
import { makeCertificates } from '../../support/https.js';
import { countsOf, inFlight, settled, sumsOf } from './support/recorded.js';

const NGHTTP2_INTERNAL_ERROR = 2;
const NGHTTP2_CANCEL = 8;

function answer({ url, method }: Http2ServerRequest, response: Http2ServerResponse): void {
  // A stream that is reset says so to whoever writes to it.
  response.stream.on('error', () => {});
  if (url === '/waits') return;
  if (url === '/begins') return void response.write('begun');
  if (url === '/resets') return response.stream.close(NGHTTP2_INTERNAL_ERROR);
  if (url === '/fails') return void response.stream.destroy(new Error('no'));
  response.setHeader('Content-Length', 5);
  if (method === 'HEAD') response.end();
  else response.end('hello');
}

async function start() {
  const collector = new MetricsCollector({ strict: true });
  const server = createServer(answer);
  const metrics = instrumentHttpServer(server, { collector, route: ({ url }) => url });
  const session = connect(`http://127.0.0.1:${await listening(server)}`);
  session.on('error', () => {});
  afterTest(() => session.destroy());
  return { collector, metrics, session };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function send(session: ClientHttp2Session, path: string, { method = 'GET', body = '' } = {}): ClientHttp2Stream {
  const stream = session.request({ ':path': path, ':method': method });
  stream.on('error', () => {});
  stream.resume();
  if (body === '') stream.end();
  else stream.end(body);
  return stream;
}

const closed = (stream: ClientHttp2Stream) => new Promise<void>((resolve) => stream.once('close', () => resolve()));

describe('instrumentHttpServer with a server of node:http2', () => {
  it('counts the requests of one connection with the sizes that are known', async () => {
    const { collector, session } = await start();
    await Promise.all(Array.from({ length: 100 }, () => closed(send(session, '/'))));
    await closed(send(session, '/', { method: 'HEAD' }));
    await closed(send(session, '/', { method: 'POST', body: 'abc' }));
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET / 200': 100, 'HEAD / 200': 1, 'POST / 200': 1 });
    const sent = await sumsOf(collector, 'http_response_size_bytes');
    expect(sent).toEqual({ 'GET / 200': 500, 'HEAD / 200': 0, 'POST / 200': 5 });
    expect((await countsOf(collector, 'http_request_size_bytes'))['POST / 200'] ?? 0).toBe(0);
  });

  it('counts a stream that the server resets as 500', async () => {
    const { collector, session } = await start();
    await closed(send(session, '/resets'));
    await closed(send(session, '/fails'));
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /resets 500': 1, 'GET /fails 500': 1 });
  });

  it.each(['/waits', '/begins'])('counts a client that gives up %s as 499', async (path) => {
    const { collector, session } = await start();
    const stream = send(session, path);
    await inFlight(collector, 1);
    if (path === '/begins') await once(stream, 'response');
    stream.close(NGHTTP2_CANCEL);
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ [`GET ${path} 499`]: 1 });
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({ [`GET ${path} 499`]: 0 });
  });

  it('counts all streams of a client that leaves as 499', async () => {
    const { collector, session } = await start();
    for (let i = 0; i < 20; i++) send(session, '/waits');
    await inFlight(collector, 20);
    session.destroy();
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET /waits 499': 20 });
  });

  it('can be removed while streams are open', async () => {
    const { collector, session, metrics } = await start();
    const waiting = send(session, '/waits');
    await inFlight(collector, 1);
    metrics.remove();
    await settled(collector);
    waiting.close(NGHTTP2_CANCEL);
    await closed(send(session, '/'));
    expect(await countsOf(collector)).toEqual({});
  });

  it('counts both protocols of a secure server that allows HTTP/1', async () => {
    const certificates = await makeCertificates();
    afterTest(() => certificates.remove());
    const { ca, cert, key } = certificates;
    const collector = new MetricsCollector({ strict: true });
    const server = createSecureServer(
      { cert, key, allowHTTP1: true },
      (_request, response) => void response.end('hello'),
    );
    instrumentHttpServer(server, { collector, route: ({ httpVersion }) => httpVersion });
    const port = await listening(server);
    const session = connect(`https://127.0.0.1:${port}`, { ca });
    afterTest(() => session.destroy());
    await closed(send(session, '/'));
    const [response] = await once(get({ host: '127.0.0.1', port, ca, agent: false }), 'response');
    await once(response.resume(), 'end');
    await settled(collector);
    expect(await countsOf(collector)).toEqual({ 'GET 2.0 200': 1, 'GET 1.1 200': 1 });
    expect(await sumsOf(collector, 'http_response_size_bytes')).toEqual({ 'GET 2.0 200': 0, 'GET 1.1 200': 5 });
  });
});
