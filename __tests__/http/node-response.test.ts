// Bodies that take their time: readers that are slow, leave or fall asleep, and scrapes that break when half of them has
// been sent. What counts is what the other side can tell, and what is left behind on this one.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { metricsHandler, nodeHandlerOf } from '../../lib/http/node-handler.js';
import { Scraper } from '../../lib/http/scraper.js';
import { collectorOf, scrapesOf } from './support/collectors.js';
import { afterTest, fetchRaw, requestText, sendRaw, serve, turns } from './support/connections.js';
import { BLOCK_BYTES, familyOfBlocks, textOfBlocks, type WatchedFamily } from './support/families.js';

const GZIP = { 'Accept-Encoding': 'gzip' } as const;
const ENDLESS = Number.POSITIVE_INFINITY;

/** Resolves when no more blocks are taken from a family that had begun. */
async function standstill(family: WatchedFamily): Promise<void> {
  for (let before = -1; before !== family.taken() || before === 0; await turns(100)) before = family.taken();
}

/** Starts a server on a pipe and answers the path of it. */
async function servePipe(listener: RequestListener): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'telltale-'));
  const socketPath = join(folder, 'http.sock');
  const server = createServer(listener).listen(socketPath);
  afterTest(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  await once(server, 'listening');
  return socketPath;
}

describe('deliver', () => {
  describe('for a slow reader', () => {
    const BLOCKS = 400;
    const expected = textOfBlocks(BLOCKS);

    /** Asks and stops reading until the server stands still, which takes a few megabytes: the kernel reads ahead. */
    async function stalledReader() {
      const family = familyOfBlocks(BLOCKS);
      const url = await serve(metricsHandler(collectorOf(family), { selfMetrics: false }));
      const client = await sendRaw(url, '');
      client.socket.pause();
      // HTTP/1.0, so that the body comes as it is.
      client.socket.write('GET / HTTP/1.0\r\n\r\n');
      await standstill(family);
      const body = async () => {
        client.socket.resume();
        const { received } = await client.closed;
        return received.slice(received.indexOf('\r\n\r\n') + 4);
      };
      return { url, family, body };
    }

    it('makes no more than it takes, and the rest when it goes on', async () => {
      const { family, body } = await stalledReader();
      expect(family.taken() * BLOCK_BYTES).toBeLessThan(expected.length / 2);
      expect((await body()) === expected).toBe(true);
    });

    it('keeps the bytes that are on their way from being written over by other scrapes', async () => {
      const { url, body } = await stalledReader();
      expect((await fetchRaw(url)).text === expected).toBe(true);
      expect((await body()) === expected).toBe(true);
    });
  });

  it.each([
    ['text', {}],
    ['gzip', GZIP],
  ])('stops encoding and lets go of everything when the reader leaves in the middle of %s', async (_, headers) => {
    const family = familyOfBlocks(ENDLESS);
    const collector = collectorOf(family);
    const url = await serve(metricsHandler(collector, { maxConcurrentScrapes: 1 }));
    const client = await sendRaw(url, requestText('/', headers));
    await client.until(/\r\n\r\n./s);
    expect(scrapesOf(collector).inFlight()).toBe(1);
    client.socket.destroy();
    await family.ended;
    const taken = family.taken();
    await turns(50);
    expect(family.taken()).toBe(taken);
    const { code, inFlight } = scrapesOf(collector);
    expect([code(499), code(200), inFlight()]).toEqual([1, 0, 0]);
  });

  it('stops for a reader that leaves while the server waits for it to read on', async () => {
    const family = familyOfBlocks(ENDLESS);
    const url = await serve(metricsHandler(collectorOf(family)));
    const client = await sendRaw(url, requestText('/'));
    await client.until(/\r\n\r\n./s);
    client.socket.pause();
    await standstill(family);
    client.socket.destroy();
    await family.ended;
  });

  it('cuts off a reader that takes nothing for too long', async () => {
    const family = familyOfBlocks(ENDLESS);
    const collector = collectorOf(family);
    const handler = nodeHandlerOf(new Scraper(collector, {}, { stallMs: 20 }));
    let onClose = () => {};
    const closed = new Promise<void>((resolve) => {
      onClose = resolve;
    });
    const url = await serve((request, response) => {
      response.once('close', onClose);
      handler(request, response);
    });
    const client = await sendRaw(url, requestText('/'));
    client.socket.pause();
    await closed;
    await family.ended;
    expect(scrapesOf(collector).inFlight()).toBe(0);
    client.socket.resume();
    expect((await client.closed).received).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  it('cuts off a reader that takes nothing of an answer that is complete, and does not count it as taken', async () => {
    // One piece, which is all there is to make, and more than the kernel keeps for a pipe.
    const collector = collectorOf(familyOfBlocks(6));
    const handler = nodeHandlerOf(new Scraper(collector, {}, { stallMs: 20 }));
    let onClose = () => {};
    const closed = new Promise<void>((resolve) => {
      onClose = resolve;
    });
    const socketPath = await servePipe((request, response) => {
      response.once('close', onClose);
      handler(request, response);
    });
    const client = connect(socketPath).pause();
    afterTest(() => client.destroy());
    client.write(requestText('/'));
    await closed;
    const { code, inFlight } = scrapesOf(collector);
    expect([code(499), code(200), inFlight()]).toEqual([1, 0, 0]);
  });

  describe('a scrape that breaks after its first bytes', () => {
    it.each([
      ['text', {}],
      ['gzip', GZIP],
    ])('is no complete answer to its reader (%s)', async (_, headers) => {
      const family = familyOfBlocks(400, 300);
      const collector = collectorOf(family);
      const url = await serve(metricsHandler(collector));
      await expect(fetchRaw(url, { headers })).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
      const { code, inFlight } = scrapesOf(collector);
      expect([code(500), code(200), inFlight()]).toEqual([1, 0, 0]);
    });

    it('ends with a reset for a reader of HTTP/1.0, to whom an end alone is how a whole answer ends', async () => {
      // Not seen through the client: Node itself often reports a reset after data as an end.
      const reset = jest.spyOn(Socket.prototype, 'resetAndDestroy');
      const url = await serve(metricsHandler(collectorOf(familyOfBlocks(400, 300))));
      const client = await sendRaw(url, 'GET / HTTP/1.0\r\n\r\n');
      await client.closed;
      expect(reset).toHaveBeenCalledTimes(1);
      reset.mockRestore();
    });

    it('is cut off on a pipe too, which cannot be reset', async () => {
      const socketPath = await servePipe(metricsHandler(collectorOf(familyOfBlocks(400, 300))));
      const [response] = (await once(get({ socketPath, path: '/' }), 'response')) as [IncomingMessage];
      await expect(buffer(response)).rejects.toThrow('aborted');
    });

    it('stays alone: the next scrape is whole', async () => {
      const broken = familyOfBlocks(400, 300);
      const whole = familyOfBlocks(3);
      const collector = collectorOf(broken);
      const url = await serve(metricsHandler(collector));
      await expect(fetchRaw(url)).rejects.toThrow();
      jest.spyOn(collector, 'collect').mockResolvedValue([whole]);
      expect((await fetchRaw(url)).text).toBe(textOfBlocks(3));
    });
  });

  it('does not write into a response that somebody else ended in the middle', async () => {
    const family = familyOfBlocks(ENDLESS);
    const handler = metricsHandler(collectorOf(family));
    const url = await serve((request, response) => {
      handler(request, response);
      void once(response, 'drain').then(() => response.end());
    });
    const client = await sendRaw(url, requestText('/'));
    await family.ended;
    await client.closed;
  });
});
