// Pools of real TCP connections: what their metrics say agrees with what was asked of them, and the pools behave as before.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createPool, type Pool } from 'generic-pool';
import { instrumentPool } from 'telltale/instrumentation';
import { setUp } from '../../instruments/setup.js';
import { TcpPool } from './tcp-pool.js';

let server: Server;
let port: number;
const served = new Set<Socket>();

beforeEach(async () => {
  server = createServer((socket) => {
    served.add(socket);
    socket.on('error', () => {}).on('close', () => served.delete(socket));
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of served) socket.destroy();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
});

function measure() {
  const { metrics, lines, clock } = setUp();
  const all = async () => (await lines()).filter((line) => !line.includes('_bucket{'));
  return { options: { collector: metrics, name: 'db' }, lines: all, clock };
}

const figures = (inUse: number, idle: number, waiting: number) => [
  `pool_resources{pool="db",state="in_use"} ${inUse}`,
  `pool_resources{pool="db",state="idle"} ${idle}`,
  `pool_waiting{pool="db"} ${waiting}`,
  'pool_max_resources{pool="db"} 2',
];

describe('instrumentPool of generic-pool', () => {
  const open: Pool<Socket>[] = [];
  afterEach(async () => {
    for (const pool of open.splice(0)) {
      await pool.drain();
      await pool.clear();
    }
  });

  function tcpPool(acquireTimeoutMillis: number): Pool<Socket> {
    const factory = {
      create: async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      },
      destroy: async (socket: Socket) => void socket.destroy(),
    };
    const pool = createPool(factory, { max: 2, acquireTimeoutMillis });
    open.push(pool);
    return pool;
  }

  it('tells what is in use, idle and waited for, and how long one waits and keeps', async () => {
    const { options, lines, clock } = measure();
    const pool = tcpPool(60_000);
    const measuring = instrumentPool(pool, options);
    const [first, second] = await Promise.all([pool.acquire(), pool.acquire()]);
    const third = pool.acquire();
    expect(await lines()).toEqual(expect.arrayContaining(figures(2, 0, 1)));
    clock.advance(3);
    await pool.release(first);
    await pool.release(await third);
    await pool.destroy(second);
    expect(await pool.use(async (socket) => socket.remotePort)).toBe(port);
    expect(await lines()).toEqual(
      expect.arrayContaining([
        ...figures(0, 1, 0),
        'pool_acquire_duration_seconds_count{pool="db"} 4',
        'pool_acquire_duration_seconds_sum{pool="db"} 3',
        'pool_use_duration_seconds_count{pool="db"} 4',
        'pool_use_duration_seconds_sum{pool="db"} 6',
        'pool_timeouts_total{pool="db"} 0',
      ]),
    );
    const prototype = Object.getPrototypeOf(pool) as Pool<Socket>;
    expect(pool.acquire).not.toBe(prototype.acquire);
    measuring.remove();
    expect([pool.acquire, pool.release, pool.destroy]).toEqual([
      prototype.acquire,
      prototype.release,
      prototype.destroy,
    ]);
    expect((await lines()).filter((line) => /^pool_(resources|waiting|max)/.test(line))).toEqual([]);
  });

  it('tells time-outs from errors', async () => {
    const { options, lines } = measure();
    const pool = tcpPool(500);
    instrumentPool(pool, options);
    const held = await Promise.all([pool.acquire(), pool.acquire()]);
    await expect(pool.acquire()).rejects.toThrow('timed out');
    for (const socket of held) await pool.destroy(socket);
    server.close();
    await once(server, 'close');
    const refused = once(pool, 'factoryCreateError');
    await expect(pool.acquire()).rejects.toThrow('timed out');
    await refused;
    const text = await lines();
    expect(text).toContain('pool_timeouts_total{pool="db"} 2');
    expect(text.filter((line) => line.startsWith('pool_errors_total'))).toEqual([
      expect.stringMatching(/^pool_errors_total\{pool="db",code="ECONNREFUSED"\} \d+$/),
    ]);
  });
});

describe('instrumentPool of a pool like that of pg', () => {
  it('measures promises and callbacks alike', async () => {
    const { options, lines, clock } = measure();
    const pool = new TcpPool(port, { max: 2, timeoutMs: 60_000 });
    const measuring = instrumentPool(pool, options);
    const clients = await Promise.all([pool.connect(), pool.connect()]);
    const asked = pool.ask('hello');
    expect(await lines()).toEqual(expect.arrayContaining(figures(2, 0, 1)));
    clock.advance(2);
    clients[0].release();
    expect(await asked).toBe('hello');
    clients[1].release();
    expect(() => clients[1].release()).toThrow('already been released');
    expect(await lines()).toEqual(
      expect.arrayContaining([
        ...figures(0, 2, 0),
        'pool_acquire_duration_seconds_count{pool="db"} 3',
        'pool_acquire_duration_seconds_sum{pool="db"} 2',
        'pool_use_duration_seconds_count{pool="db"} 3',
        'pool_use_duration_seconds_sum{pool="db"} 4',
      ]),
    );
    measuring.remove();
    expect(await pool.ask('again')).toBe('again');
    expect(await lines()).toContain('pool_acquire_duration_seconds_count{pool="db"} 3');
    pool.end();
  });

  it('tells time-outs, refused connections and the loss of idle ones, and hides none of them', async () => {
    const { options, lines } = measure();
    const pool = new TcpPool(port, { max: 1, timeoutMs: 200 });
    instrumentPool(pool, options);
    const client = await pool.connect();
    await expect(pool.ask('late')).rejects.toThrow('timeout exceeded');
    client.release();
    const lost = new Promise((resolve) => pool.once('error', resolve));
    for (const socket of served) socket.resetAndDestroy();
    expect(await lost).toMatchObject({ code: 'ECONNRESET' });
    server.close();
    await once(server, 'close');
    await expect(pool.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'pool_timeouts_total{pool="db"} 1',
        'pool_errors_total{pool="db",code="ECONNRESET"} 1',
        'pool_errors_total{pool="db",code="ECONNREFUSED"} 1',
      ]),
    );
    expect(() => pool.emit('error', new Error('nobody listens'))).toThrow('nobody listens');
  });
});
