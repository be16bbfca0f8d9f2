// What a server's metrics say, held against what its clients counted: over real sockets, plain and encrypted, many at once,
// with errors, refusals and connections that stay open.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { type Instrumentation, instrumentTcpServer } from 'telltale/instrumentation';
import { setUp } from '../../instruments/setup.js';
import { makeCertificates } from '../../support/https.js';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) {
    if (!server.listening) continue;
    server.close();
    await once(server, 'close');
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that answers everything it is told with the same. */
const echo = (): Server =>
  createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });

/** Says `bytes`, waits for them to come back, and closes. Answers what it has sent and received. */
async function talk(port: number, bytes: number): Promise<number> {
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  let got = 0;
  client.end(Buffer.alloc(bytes, 1));
  client.on('data', ({ length }) => {
    got += length;
  });
  await once(client, 'close');
  return got;
}

function measured(server: Server) {
  const { metrics, lines, clock } = setUp();
  const instrumentation: Instrumentation = instrumentTcpServer(server, { collector: metrics, name: 'echo' });
  const value = async (name: string) => {
    const found = (await lines()).find((line) => line.startsWith(name));
    return found === undefined ? undefined : Number(found.slice(found.lastIndexOf(' ') + 1));
  };
  return { metrics, lines, clock, instrumentation, value };
}

/** Unlike `once`, also for a socket that ends with an error. */
const ended = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

/** Until the server has seen the end of a connection, which a client cannot know. */
async function closed(server: Server, count: number): Promise<void> {
  let left = count;
  await new Promise<void>((resolve) => {
    server.on('connection', (socket: Socket) => {
      socket.once('close', () => {
        if (--left === 0) resolve();
      });
    });
  });
}

describe('instrumentTcpServer', () => {
  it('agrees with 1 000 clients at once about connections and bytes', async () => {
    const server = echo();
    const { value } = measured(server);
    const port = await listen(server);
    const all = closed(server, 1000);
    const echoed = await Promise.all(Array.from({ length: 1000 }, (_, i) => talk(port, 100 + i)));
    await all;
    const total = echoed.reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBe(599_500);
    expect(await value('tcp_server_connections_total')).toBe(1000);
    expect(await value('tcp_server_open_connections')).toBe(0);
    expect(await value('tcp_server_received_bytes_total')).toBe(total);
    expect(await value('tcp_server_sent_bytes_total')).toBe(total);
    expect(await value('tcp_server_connection_duration_seconds_count')).toBe(1000);
  }, 30_000);

  it('tells the bytes of connections while they are open, and how long they lasted afterwards', async () => {
    const server = echo();
    const { value, clock, lines } = measured(server);
    const port = await listen(server);
    const client = connect(port, '127.0.0.1');
    const [[served]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(client, 'connect')]);
    for (const said of [5, 10]) {
      client.write(Buffer.alloc(5));
      await once(client, 'data');
      expect(await value('tcp_server_received_bytes_total')).toBe(said);
      expect(await value('tcp_server_sent_bytes_total')).toBe(said);
    }
    expect(await value('tcp_server_open_connections')).toBe(1);
    clock.advance(7);
    client.end();
    await once(served, 'close');
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'tcp_server_open_connections{server="echo"} 0',
        'tcp_server_connection_duration_seconds_bucket{server="echo",le="1"} 0',
        'tcp_server_connection_duration_seconds_bucket{server="echo",le="10"} 1',
        'tcp_server_connection_duration_seconds_sum{server="echo"} 7',
      ]),
    );
  });

  it('counts errors by code, once each, and refusals', async () => {
    const server = echo();
    server.maxConnections = 1;
    const { lines } = measured(server);
    const port = await listen(server);
    const client = connect(port, '127.0.0.1');
    const [served] = (await once(server, 'connection')) as [Socket];
    const refused = connect(port, '127.0.0.1').on('error', () => {});
    await once(server, 'drop');
    refused.destroy();
    client.resetAndDestroy();
    await ended(served);
    const busy = createServer();
    busy.on('error', () => {});
    const other = measured(busy);
    busy.listen(port, '127.0.0.1');
    await once(busy, 'error');
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'tcp_server_errors_total{server="echo",code="ECONNRESET"} 1',
        'tcp_server_refused_connections_total{server="echo"} 1',
        'tcp_server_connections_total{server="echo"} 1',
      ]),
    );
    expect(await other.lines()).toContain('tcp_server_errors_total{server="echo",code="EADDRINUSE"} 1');
  });

  it('does not take an error away from those who have to handle it', async () => {
    const server = createServer();
    measured(server);
    const error = new Error('nobody listens');
    expect(() => server.emit('error', error)).toThrow('nobody listens');
    const port = await listen(server);
    const client = connect(port, '127.0.0.1');
    const [served] = (await once(server, 'connection')) as [Socket];
    expect(() => served.emit('error', error)).toThrow('nobody listens');
    client.destroy();
  });

  it('lets go of the server and of what is connected when it is removed', async () => {
    const server = echo();
    const { instrumentation, lines, value } = measured(server);
    const before = server.eventNames().length;
    const port = await listen(server);
    const client = connect(port, '127.0.0.1');
    const [served] = (await once(server, 'connection')) as [Socket];
    client.write('hello');
    await once(client, 'data');
    const listening = served.listenerCount('close');
    instrumentation.remove();
    instrumentation.remove();
    expect(served.listenerCount('close')).toBe(listening - 1);
    expect(server.eventNames().length).toBeLessThan(before);
    expect(await value('tcp_server_received_bytes_total')).toBe(5);
    client.end('more');
    await once(served, 'close');
    await talk(port, 10);
    expect(await value('tcp_server_received_bytes_total')).toBe(5);
    expect(await value('tcp_server_connections_total')).toBe(1);
    expect((await lines()).filter((line) => line.startsWith('tcp_server_open_connections'))).toEqual([]);
  });
});

describe('instrumentTcpServer with TLS', () => {
  it('counts the bytes on the wire, and errors of the handshake and after it once', async () => {
    const { key, cert, remove } = await makeCertificates();
    await remove();
    const server = createTlsServer({ key, cert }, (socket) => {
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    server.on('tlsClientError', () => {});
    const { value, lines } = measured(server);
    const port = await listen(server);

    const wire = connect(port, '127.0.0.1');
    const client = connectTls({ socket: wire, rejectUnauthorized: false });
    const [raw] = (await once(server, 'connection')) as [Socket];
    await once(client, 'secureConnect');
    client.end('hello');
    client.resume();
    await Promise.all([once(raw, 'close'), once(wire, 'close')]);
    expect(await value('tcp_server_received_bytes_total')).toBe(wire.bytesWritten);
    expect(await value('tcp_server_sent_bytes_total')).toBe(wire.bytesRead);

    const plain = connect(port, '127.0.0.1').on('error', () => {});
    plain.end('GET / HTTP/1.0\r\n\r\n');
    await once(server, 'tlsClientError');
    // The socket that a client speaks TLS over cannot be reset from within, that of a proxy can.
    let towards: Socket | undefined;
    const proxyPort = await listen(
      createServer((socket) => {
        towards = connect(port, '127.0.0.1').on('error', () => {});
        socket
          .on('error', () => {})
          .pipe(towards)
          .pipe(socket);
      }),
    );
    const talking = connectTls({ port: proxyPort, host: '127.0.0.1', rejectUnauthorized: false });
    talking.on('error', () => {}).write('hello');
    const [[served]] = await Promise.all([
      once(server, 'secureConnection') as Promise<[Socket]>,
      once(talking, 'data'),
    ]);
    towards?.resetAndDestroy();
    await ended(served);
    expect((await lines()).filter((line) => line.startsWith('tcp_server_errors_total')).toSorted()).toEqual([
      'tcp_server_errors_total{server="echo",code="ECONNRESET"} 1',
      expect.stringMatching(/code="ERR_SSL_\w+"\} 1$/),
    ]);
  });
});
