// The generator against a real server: bounded, stopped in good order, and honest about what had no answer.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoadGenerator } from '../../../../examples/shop/load/generator.js';

let server: Server;
let asked = 0;
let answer = true;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    if (answer) response.writeHead(201).end('{"id":"1"}');
    else request.socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  asked = 0;
  answer = true;
});

afterAll(() => server.close());

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('LoadGenerator', () => {
  it('ends by itself after the number of requests', async () => {
    const load = new LoadGenerator({ url: url(), rate: 1_000, requests: 50 });
    expect(await load.ended).toEqual({ sent: 50, answered: 50, failed: 0 });
    expect(asked).toBe(50);
  });

  it('counts requests without an answer', async () => {
    answer = false;
    const load = new LoadGenerator({ url: url(), rate: 1_000, requests: 20 });
    expect(await load.ended).toEqual({ sent: 20, answered: 0, failed: 20 });
  });

  it('sends nothing more once it is stopped, and waits for what is under way', async () => {
    const load = new LoadGenerator({ url: url(), rate: 1_000, requests: 1_000_000 });
    while (asked < 10) await new Promise((resolve) => setImmediate(resolve));
    load.stop();
    const { sent, answered } = await load.ended;
    expect(answered).toBe(sent);
    expect(asked).toBe(sent);
  });
});
