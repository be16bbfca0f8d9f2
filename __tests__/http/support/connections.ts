// Real servers and clients on the loopback interface, all closed after each test. The clients show what is on the wire:
// nothing is decompressed, retried or followed for them.
import { once } from 'node:events';
import { type Agent, createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Starts a server of node:http with this listener and answers its base URL. */
export function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

/** Lets a server listen on a free port and answers its base URL. */
export async function listen(server: Server & { closeAllConnections?(): void }): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(async () => {
    server.close();
    server.closeAllConnections?.();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs after the test, the last one first. */
export function afterTest(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp);
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The client's end of the connection, to tell connections apart. */
  readonly localPort: number;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

/** Asks and reads the whole answer. Rejects when the answer breaks off. */
export function fetchRaw(url: string, { method = 'GET', headers = {}, agent }: Asked = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: agent ?? false }, (response) => {
      const { localPort = 0 } = response.socket;
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(pieces);
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body, text: body.toString(), localPort });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

export interface RawClient {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: () => string;
  /** Resolves as soon as what was received matches. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything received once the connection is closed, and with how it was. */
  readonly closed: Promise<{ readonly received: string; readonly error: string | undefined }>;
}

/** Opens a connection and sends the text as it is. */
export async function sendRaw(url: string, text: string): Promise<RawClient> {
  const socket = connect(Number(new URL(url).port), new URL(url).hostname.replace(/[[\]]/g, ''));
  cleanUps.push(() => socket.destroy());
  let received = '';
  let error: string | undefined;
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code;
  });
  const closed = new Promise<{ received: string; error: string | undefined }>((resolve) => {
    socket.on('close', () => resolve({ received, error }));
  });
  await once(socket, 'connect');
  socket.setEncoding('latin1').on('data', (piece: string) => {
    received += piece;
  });
  socket.write(text);
  const until = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(received)) await once(socket, 'data');
    return received;
  };
  return { socket, received: () => received, until, closed };
}

/** A request as text. */
export function requestText(path: string, headers: Readonly<Record<string, string>> = {}, start = 'GET'): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${start} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Lets the event loop go round: what is due runs, and what waits for somebody goes on waiting. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
