// Processes that push and then come to their end: none is kept alive by a storage, and none ends before what it waits for.
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { freePort } from '../../support/free-port.js';
import { buildPackage, type Program, startProgram } from '../../support/program.js';
import { answerText, startRawServer } from '../delivery/http-servers.js';
import { startReceiver } from './receiver.js';

const PRELUDE = `
  import { MetricsCollector } from 'telltale';
  import { PushgatewayStorage, RemoteWriteStorage } from 'telltale/storage';
  const metrics = new MetricsCollector();
  metrics.counter('x_total').increment();
  const snapshot = await metrics.snapshot();
`;

jest.setTimeout(60_000);

describe('a process that pushes', () => {
  const running: Program[] = [];

  const run = (source: string): Program => {
    const program = startProgram(PRELUDE + source);
    running.push(program);
    return program;
  };

  beforeAll(() => buildPackage(), 120_000);

  afterEach(() => {
    for (const { child } of running.splice(0)) child.process.kill('SIGKILL');
  });

  it('ends while its remote write waits for a target that is away', async () => {
    const program = run(`
      const options = { url: 'http://127.0.0.1:${await freePort()}', minBackoffMs: 60_000, maxBackoffMs: 60_000 };
      const storage = new RemoteWriteStorage({ ...options, onError: ({ kind }) => console.log(kind) });
      await storage.write(snapshot);
    `);
    expect(await program.line()).toBe('push_unreachable');
    expect(await program.exit).toBe(0);
  });

  it('stays until its remote write is closed, with a target that comes back', async () => {
    const receiver = await startReceiver((_request, ordinal) => ({ status: ordinal < 2 ? 503 : 204 }));
    const program = run(`
      const storage = new RemoteWriteStorage({ url: '${receiver.url}', minBackoffMs: 20, maxBackoffMs: 20 });
      await storage.write(snapshot);
      console.log((await storage.close()).isOk());
    `);
    expect(await program.line()).toBe('true');
    expect(await program.exit).toBe(0);
    expect(receiver.requests).toHaveLength(3);
    await receiver.close();
  });

  it('sends what it wrote last, closed or not, where the target is there', async () => {
    const receiver = await startReceiver();
    const program = run(`void new RemoteWriteStorage({ url: '${receiver.url}' }).write(snapshot);`);
    expect(await program.exit).toBe(0);
    expect(receiver.requests).toHaveLength(1);
    await receiver.close();
  });

  it('ends beside a connection that a Pushgateway storage keeps', async () => {
    const server = await startRawServer((socket) => socket.write(answerText('200 OK')));
    const program = run(`
      const storage = new PushgatewayStorage({ url: '${server.url}', jobName: 'j' });
      console.log((await storage.write(snapshot)).isOk());
    `);
    expect(await program.line()).toBe('true');
    expect(await program.exit).toBe(0);
    await server.close();
  });

  it('can be a CommonJS program', async () => {
    const program = startProgram(`
      import { createRequire } from 'node:module';
      const require = createRequire(${JSON.stringify(join(root, 'package.json'))});
      console.log(typeof require('telltale/storage').RemoteWriteStorage);
    `);
    expect(await program.line()).toBe('function');
    expect(await program.exit).toBe(0);
  });
});
