// How the stand-alone server ends: nobody is cut off who is still being answered, and nobody keeps it from ending.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { MetricsServer } from '../../lib/http/metrics-server.js';
import { collectorOf, heldCollector } from './support/collectors.js';
import { requestText, sendRaw } from './support/connections.js';
import { familyOfBlocks, textOfBlocks } from './support/families.js';
import { startServer } from './support/metrics-servers.js';

const refusesConnections = async ({ port }: MetricsServer) => {
  const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
  return error.code === 'ECONNREFUSED';
};

describe('Connections', () => {
  describe('close', () => {
    it('stops listening and closes idle connections at once', async () => {
      const server = await startServer();
      const idle = await sendRaw(server.url, requestText('/metrics'));
      await idle.until(/GET"} 3\n$/);
      const silent = await sendRaw(server.url, '');
      expect((await server.close()).isOk()).toBe(true);
      await Promise.all([idle.closed, silent.closed]);
      expect(await refusesConnections(server)).toBe(true);
    });

    it('lets a scrape finish that is being collected, then ends its connection', async () => {
      const { collector, release, started } = heldCollector();
      const server = await startServer({}, collector);
      const client = await sendRaw(server.url, requestText('/metrics'));
      await started;
      const closing = server.close();
      expect(await refusesConnections(server)).toBe(true);
      release();
      expect((await client.closed).received).toMatch(/held_value 1\n$/);
      expect((await closing).isOk()).toBe(true);
    });

    it('lets a slow reader take what has been written for it', async () => {
      const server = await startServer({}, collectorOf(familyOfBlocks(400)));
      const client = await sendRaw(server.url, requestText('/metrics'));
      await client.until(/\r\n\r\n./s);
      client.socket.pause();
      const closing = server.close();
      expect(await refusesConnections(server)).toBe(true);
      client.socket.resume();
      const { received } = await client.closed;
      expect(received.endsWith('\r\n0\r\n\r\n')).toBe(true);
      expect(received.length).toBeGreaterThan(textOfBlocks(400).length);
      expect((await closing).isOk()).toBe(true);
    });

    it('lets an answer leave that is complete but still on its way', async () => {
      const bytes = 30_000_000;
      let ended = () => {};
      const answered = new Promise<void>((resolve) => {
        ended = resolve;
      });
      const large = {
        path: '/large',
        handle: (_: unknown, response: ServerResponse) => {
          response.end(Buffer.alloc(bytes, 97));
          ended();
        },
      };
      const server = await startServer({ routes: [large] });
      const client = await sendRaw(server.url, '');
      client.socket.pause();
      client.socket.write(requestText('/large'));
      await answered;
      const closing = server.close();
      client.socket.resume();
      expect((await client.closed).received).toHaveLength(bytes + client.received().indexOf('\r\n\r\n') + 4);
      expect((await closing).isOk()).toBe(true);
    });

    it('answers a request that was queued behind a running one, and says that the connection ends', async () => {
      const { collector, release, started } = heldCollector();
      const second = {
        path: '/second',
        handle: (_: IncomingMessage, response: ServerResponse) => {
          response.end('second');
          release();
        },
      };
      const server = await startServer({ routes: [second] }, collector);
      const client = await sendRaw(server.url, requestText('/metrics'));
      await started;
      const closing = server.close();
      client.socket.write(requestText('/second'));
      const [, first = '', last = ''] = (await client.closed).received.split('HTTP/1.1 200 OK\r\n');
      expect(first).toMatch(/held_value 1\n$/);
      expect(last).toMatch(/^Connection: close\r\n.*second$/s);
      expect((await closing).isOk()).toBe(true);
    });

    it('cuts what has not ended when the time is up', async () => {
      const { collector, release, started } = heldCollector();
      const server = await startServer({}, collector);
      const client = await sendRaw(server.url, requestText('/metrics'));
      await started;
      expect((await server.close({ timeoutSeconds: 0.01 })).isOk()).toBe(true);
      expect((await client.closed).received).toBe('');
      release();
    });

    it.each([Number.POSITIVE_INFINITY, 1e9])(
      'waits for an answer for %s s without cutting it at once',
      async (timeoutSeconds) => {
        const { collector, release, started } = heldCollector();
        const server = await startServer({}, collector);
        const client = await sendRaw(server.url, requestText('/metrics'));
        await started;
        jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
        try {
          const closing = server.close({ timeoutSeconds });
          jest.advanceTimersByTime(60_000);
          release();
          expect((await client.closed).received).toMatch(/held_value 1\n$/);
          expect((await closing).isOk()).toBe(true);
        } finally {
          jest.useRealTimers();
        }
      },
    );

    it('may be called again by somebody with less patience', async () => {
      const { collector, release, started } = heldCollector();
      const server = await startServer({}, collector);
      const client = await sendRaw(server.url, requestText('/metrics'));
      await started;
      const patient = server.close();
      expect((await server.close({ timeoutSeconds: 0.01 })).isOk()).toBe(true);
      expect((await patient).isOk()).toBe(true);
      expect((await client.closed).received).toBe('');
      release();
    });

    it('leaves no timer behind that would keep the process alive', async () => {
      const server = await startServer();
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
      try {
        const closing = server.close();
        expect(jest.getTimerCount()).toBe(1);
        await closing;
        expect(jest.getTimerCount()).toBe(0);
      } finally {
        jest.useRealTimers();
      }
    });

    it('answers every call alike, and frees the port', async () => {
      const server = await startServer();
      const [first, second] = await Promise.all([server.close(), server.close()]);
      expect([first.isOk(), second.isOk(), (await server.close()).isOk()]).toEqual([true, true, true]);
      const next = createServer();
      next.listen(server.port, '127.0.0.1');
      await once(next, 'listening');
      next.close();
    });
  });
});
