// Servers that misbehave in one way each, on raw sockets of the loopback interface: what they do, no real server can be
// brought to do at will.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** All connections so far. */
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

/** Calls `onRequest` for each request whose head has come; bodies are not told apart from heads. */
export async function startRawServer(
  onRequest: (socket: Socket, request: { readonly head: string; readonly ordinal: number }) => void,
): Promise<RawServer> {
  const sockets: Socket[] = [];
  let ordinal = 0;
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = text.slice(0, end);
      text = '';
      onRequest(socket, { head, ordinal: ordinal++ });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An answer that lets the connection live on. */
export function answerText(status: string, body = '', headers: readonly string[] = []): string {
  return [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n');
}
