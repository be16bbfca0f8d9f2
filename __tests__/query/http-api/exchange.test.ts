// How an answer ends when its reader does not take it. With a server and a socket of their own, because no client of HTTP can be
// told to stop reading.
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { ok } from 'neverthrow';
import { Exchange } from '../../../lib/query/http-api/exchange.js';

const PIECE = '1'.repeat(64 * 1024);

let server: Server | undefined;
let client: Socket | undefined;

afterEach(() => {
  client?.destroy();
  server?.close();
});

describe('Exchange', () => {
  describe('answer', () => {
    it('cuts off a reader that takes nothing for too long, so that others get its place', async () => {
      const { response, isAnswered } = await asked(20, endless());
      await isAnswered;
      expect(response.destroyed).toBe(true);
      expect(response.writableFinished).toBe(false);
    });

    it('ends with the last piece for a reader that takes it', async () => {
      const { response, isAnswered } = await asked(60_000, [PIECE, PIECE]);
      client?.resume();
      await isAnswered;
      expect(response.writableFinished).toBe(true);
    });
  });
});

/** Has a client ask that reads nothing of the answer. */
async function asked(stallMs: number, data: Iterable<string>) {
  let isAnswered = Promise.resolve();
  const response = await new Promise<ServerResponse>((resolve) => {
    const listening = createServer((request, answering) => {
      isAnswered = new Exchange(request, answering, stallMs).answer(async () => ok({ data }));
      resolve(answering);
    });
    server = listening;
    listening.listen(0, '127.0.0.1', () => {
      client = connect((listening.address() as AddressInfo).port, '127.0.0.1');
      client.on('error', () => undefined).pause();
      client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    });
  });
  return { response, isAnswered };
}

function* endless(): Generator<string> {
  for (;;) yield PIECE;
}
