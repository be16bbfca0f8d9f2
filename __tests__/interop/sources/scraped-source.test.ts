// A URL, attached: real servers answer well, badly and with evil intent, and whatever they do costs them alone.
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { register } from 'prom-client';
import { type CollectorOptions, MetricsCollector, startMetricsServer } from 'telltale';
import { setUp } from '../../instruments/setup.js';
import { makeCertificates } from '../../support/https.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  serve((_, response) =>
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', ...headers }).end(body),
  );

const options: CollectorOptions = { collectTimeoutSeconds: 0.5 };

/** What a reading shows, and why the source is not in it. */
async function readingOf(source: Parameters<MetricsCollector['attach']>[0]) {
  const { metrics, lines, told } = setUp(options);
  metrics.attach(source, { name: 'server' });
  return { lines: await lines(), causes: told.map((error) => ('cause' in error ? String(error.cause) : error.kind)) };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('a URL', () => {
  it('shows what a server of telltale shows, exemplars and times of creation included', async () => {
    const remote = new MetricsCollector();
    remote.counter('jobs_total', { description: 'Jobs' }).increment(3, { queue: 'mail' });
    remote.histogram('job_seconds', { buckets: [1, 2] }).observe(1.5, {}, { exemplar: { trace_id: 'a' } });
    const server = (await startMetricsServer(remote, { port: 0, host: '127.0.0.1' }))._unsafeUnwrap();
    const { metrics, lines } = setUp();
    metrics.attach(`${server.url}/metrics`);
    expect(await lines()).toEqual([
      'jobs_total{queue="mail"} 3',
      'job_seconds_bucket{le="1"} 0',
      'job_seconds_bucket{le="2"} 1',
      'job_seconds_bucket{le="+Inf"} 1',
      'job_seconds_sum 1.5',
      'job_seconds_count 1',
    ]);
    const text = await metrics.expose('openmetrics');
    expect(text).toMatch(/^job_seconds_bucket\{le="2.0"\} 1 # \{trace_id="a"\} 1.5/m);
    expect(text).toMatch(/^jobs_created\{queue="mail"\} \d/m);
    await server.close();
    expect(await lines()).toEqual([]);
  });

  it('shows what a server of prom-client shows', async () => {
    const url = await serve(async (_, response) =>
      response.writeHead(200, { 'content-type': register.contentType }).end('# TYPE up gauge\nup 1\nother 2\n'),
    );
    expect(await readingOf(url)).toEqual({ lines: ['up 1', 'other 2'], causes: [] });
  });

  it('asks for OpenMetrics first, packed, with the time that it has and the credentials of its URL', async () => {
    let asked: IncomingHttpHeaders = {};
    const url = await serve((request, response) => {
      asked = request.headers;
      response.writeHead(200, {
        'content-type': 'application/openmetrics-text; version=1.0.0',
        'content-encoding': 'gzip',
      });
      response.end(gzipSync('# TYPE jobs counter\njobs_total 1\n# EOF\n'));
    });
    const reading = await readingOf({ url: url.replace('//', '//me:secret@'), headers: { 'X-Scope-OrgID': 'a' } });
    expect(reading).toEqual({ lines: ['jobs_total 1'], causes: [] });
    expect(asked).toMatchObject({
      accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
      'accept-encoding': 'gzip',
      'x-prometheus-scrape-timeout-seconds': '0.5',
      authorization: `Basic ${Buffer.from('me:secret').toString('base64')}`,
      'x-scope-orgid': 'a',
    });
  });

  it('is called without credentials and query where it has no name', async () => {
    const { metrics, told } = setUp(options);
    const url = await serve((_, response) => response.writeHead(503).end());
    metrics.attach(`${url.replace('//', '//me:secret@')}/metrics?token=secret`);
    await metrics.expose();
    expect(told).toEqual([
      { kind: 'source_failed', source: `${url}/metrics`, cause: new Error('it answers 503 Service Unavailable') },
    ]);
  });

  it('speaks TLS with a certificate that it is told to trust', async () => {
    const certificates = await makeCertificates();
    const { cert, key, ca } = certificates;
    const server = createSecureServer({ cert, key }, (_, response) => response.end('up 1\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await readingOf({ url, tls: { ca } })).toEqual({ lines: ['up 1'], causes: [] });
    expect(await readingOf(url)).toEqual({ lines: [], causes: [expect.stringContaining('is not trusted')] });
    await new Promise((resolve) => server.close(resolve));
    await certificates.remove();
  });

  it('follows redirects on the same server', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/metrics') response.end('up 1\n');
      else response.writeHead(302, { location: '/metrics' }).end();
    });
    expect(await readingOf(url)).toEqual({ lines: ['up 1'], causes: [] });
  });

  it('follows no redirect to another server, where its credentials would go along', async () => {
    let visits = 0;
    const other = await serve((_, response) => {
      visits++;
      response.end('up 1\n');
    });
    for (const location of [other, 'file:///etc/passwd', 'http://['] as const) {
      const url = await serve((_, response) => response.writeHead(307, { location }).end());
      expect(await readingOf(url)).toEqual({ lines: [], causes: [expect.stringContaining('to another server')] });
    }
    expect(visits).toBe(0);
  });

  it.each<[string, RequestListener, string]>([
    ['redirects for ever', (_, response) => response.writeHead(302, { location: '/' }).end(), 'more than 3 times'],
    ['never answers', () => {}, 'source_timed_out'],
    ['begins and never ends', (_, response) => response.write('up 1\n'), 'source_timed_out'],
    ['shows a page', (_, response) => response.setHeader('content-type', 'text/html').end('<p>'), 'no metrics'],
    ['shows no metrics', (_, response) => response.end('hello, world\n'), 'malformed at line 1'],
    [
      'packs what it was not asked to',
      (_, response) => response.setHeader('content-encoding', 'br').end('x'),
      'without being asked',
    ],
    [
      'packs badly',
      (_, response) => response.setHeader('content-encoding', 'gzip').end('no gzip'),
      'could not be read to its end',
    ],
    [
      'ends too early',
      (_, response) => {
        response.setHeader('content-length', '100');
        response.write('up 1\n');
        setImmediate(() => response.destroy());
      },
      'could not be read to its end',
    ],
    [
      'ends too early, packed',
      (_, response) => {
        const packed = gzipSync('# no more than a remark\n'.repeat(1000));
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
        response.write(packed.subarray(0, packed.length - 4));
        setImmediate(() => response.destroy());
      },
      'could not be read to its end',
    ],
  ])('costs itself when its server %s', async (_, listener, why) => {
    const reading = await readingOf(await serve(listener));
    expect(reading).toEqual({ lines: [], causes: [expect.stringContaining(why)] });
  });

  it('leaves a server that hangs alone for a while, and counts it as failed meanwhile', async () => {
    let requests = 0;
    let isWell = false;
    const url = await serve((_, response) => {
      requests++;
      if (isWell) response.end('up 1\n');
    });
    const { metrics, lines, told, clock } = setUp(options);
    metrics.attach({ url, timeoutSeconds: 0.05 }, { name: 'server' });
    const errors = metrics.counter('telltale_source_errors_total', { labelNames: ['source'] });
    const readings: (readonly [errors: number, requests: number])[] = [];
    for (const seconds of [0, 9, 1, 19]) {
      clock.advance(seconds);
      await lines();
      readings.push([errors.getValue({ source: 'server' }), requests]);
    }
    expect(readings).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ]);
    const causes = told.map((error) => 'cause' in error && String(error.cause));
    expect(causes).toContain('Error: it did not answer in time, and is asked again in 1 s');
    isWell = true;
    clock.advance(1);
    expect(await lines()).toEqual(['up 1']);
    expect(await lines()).toEqual(['up 1']);
  });

  it('asks a server at once again that failed in its time', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.writeHead(503).end();
    });
    const { metrics, lines } = setUp(options);
    metrics.attach(url);
    await lines();
    await lines();
    expect(requests).toBe(2);
  });

  it('says when nothing listens', async () => {
    const url = await serve(() => {});
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    expect((await readingOf(url)).causes).toEqual([expect.stringContaining('nothing listens there')]);
  });

  it('unpacks a bomb no further than its limit', async () => {
    // 512 MB of remarks in half a MB.
    const bomb = Buffer.concat(Array(512).fill(gzipSync(Buffer.alloc(2 ** 20, '# x\n'))));
    const url = await answering(bomb, { 'content-encoding': 'gzip' });
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const { metrics, told } = setUp({ collectTimeoutSeconds: 20 });
    metrics.attach({ url, limits: { maxBytes: 2 ** 22 } });
    await metrics.expose();
    clearInterval(watch);
    expect(told.map((error) => 'cause' in error && String(error.cause))).toEqual([
      expect.stringContaining('exceeds maxBytes (4194304)'),
    ]);
    expect(most).toBeLessThan(2 ** 27);
  });

  it('leaves no connection behind', async () => {
    const url = await answering('up 1\n');
    await readingOf(url);
    const [server] = servers;
    const count = await new Promise<number>((resolve) => server?.getConnections((_, open) => resolve(open)));
    expect(count).toBeLessThanOrEqual(1);
    // It ends by itself once the client has gone.
    await new Promise((resolve) => server?.close(resolve));
    servers.length = 0;
  });

  it.each([
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['url', { url: 'file:///etc/passwd' }],
    ['headers', { headers: { 'a b': 'c' } }],
  ])('refuses an option %s that could never work', (_, target) => {
    expect(() => setUp().metrics.attach({ url: 'http://127.0.0.1', ...target })).toThrow(
      expect.objectContaining({ kind: 'invalid_option' }),
    );
  });
});
