// What stands between a storage and a real server in the tests of faults: a TCP proxy that can be slow or keep answers to itself,
// and an HTTP server that refuses some requests and forwards the others.
import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** How long each piece of an answer is held back. */
  delayMs: number;
  /** While true, requests reach the server and answers do not come back. */
  keepsAnswers: boolean;
  /** Resolves when the server has answered something next, whether or not that comes through. */
  nextAnswer(): Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let answered: (() => void)[] = [];
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (piece) => target.write(piece));
    target.on('data', (piece) => {
      for (const tell of answered.splice(0)) tell();
      if (!proxy.keepsAnswers) setTimeout(() => client.write(piece), proxy.delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    delayMs: 0,
    keepsAnswers: false,
    nextAnswer: () =>
      new Promise((resolve) => {
        answered = [...answered, resolve];
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

export interface RefusingFront {
  readonly port: number;
  /** The statuses of all answers so far. */
  readonly statuses: readonly number[];
  close(): Promise<void>;
}

/** Answers with these statuses, one after the other; what comes later, and where there is undefined, is forwarded. */
export async function startRefusingFront(
  targetPort: number,
  refusals: readonly (number | undefined)[],
): Promise<RefusingFront> {
  const statuses: number[] = [];
  let ordinal = 0;
  const server = createHttpServer((request, response) => {
    const refusal = refusals[ordinal++];
    if (refusal !== undefined) {
      statuses.push(refusal);
      request.resume().on('end', () => response.writeHead(refusal, { 'Retry-After': '0' }).end('not now'));
      return;
    }
    const { method, url: path, headers } = request;
    const forwarded = httpRequest({ host: '127.0.0.1', port: targetPort, method, path, headers }, (answer) => {
      statuses.push(answer.statusCode ?? 0);
      answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers));
    });
    request.pipe(forwarded.on('error', () => response.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    statuses,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
