// A body on its way out: whatever happens to it, it ends once, with the right status, and lets go of its source.
import { ScrapeBody } from '../../lib/http/scrape-body.js';

const text = (piece: Uint8Array | undefined) => (piece === undefined ? undefined : Buffer.from(piece).toString());

/** A body over pieces of text; an Error among them is thrown when its turn comes. */
function setUp(pieces: Iterable<string | Error>, { stallMs = 60_000 } = {}) {
  const client = new AbortController();
  const codes: number[] = [];
  const released: (string | undefined)[] = [];
  const source = { ended: false };
  async function* generate() {
    try {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece;
        yield Buffer.from(piece);
      }
    } finally {
      source.ended = true;
    }
  }
  const open = () =>
    ScrapeBody.open(generate(), {
      signal: client.signal,
      stallMs,
      onEnd: (code) => codes.push(code),
      release: (piece) => released.push(text(piece)),
    });
  return { open, client, codes, released, source };
}

describe('ScrapeBody', () => {
  describe('open', () => {
    it('knows the length of a body that is one piece', async () => {
      const { open } = setUp(['twelve bytes']);
      expect((await open()).length).toBe(12);
    });

    it('knows the length of a body that is empty', async () => {
      const { open } = setUp([]);
      expect((await open()).length).toBe(0);
    });

    it('does not make a long body for the sake of its length', async () => {
      const { open, source } = setUp(['a', 'b', 'c']);
      expect((await open()).length).toBeUndefined();
      expect(source.ended).toBe(false);
    });

    it.each([
      ['first', [new Error('broken')]],
      ['second', ['a', new Error('broken')]],
    ])('rejects when the %s piece cannot be made, so that nothing has been sent yet', async (_, pieces) => {
      const { open, codes, source } = setUp(pieces);
      await expect(open()).rejects.toThrow('broken');
      expect(codes).toEqual([500]);
      expect(source.ended).toBe(true);
    });

    it('has been abandoned at once when the client has left before', async () => {
      const { open, client, codes } = setUp(['a', 'b', 'c']);
      client.abort();
      const body = await open();
      expect(body.abandoned.aborted).toBe(true);
      expect(codes).toEqual([499]);
      await expect(body.next()).rejects.toThrow('abandoned');
    });
  });

  describe('next', () => {
    it('hands out all pieces in order, then undefined', async () => {
      const { open, codes } = setUp(['a', 'b', 'c']);
      const body = await open();
      for (const expected of ['a', 'b', 'c']) {
        expect(text(await body.next())).toBe(expected);
      }
      expect(await body.next()).toBeUndefined();
      expect(await body.next()).toBeUndefined();
      expect(codes).toEqual([]);
    });

    it('rejects when a later piece cannot be made', async () => {
      const { open, codes, source } = setUp(['a', 'b', new Error('broken')]);
      const body = await open();
      await body.next();
      await body.next();
      await expect(body.next()).rejects.toThrow('broken');
      await expect(body.next()).rejects.toThrow();
      expect(codes).toEqual([500]);
      expect(body.abandoned.aborted).toBe(true);
      expect(source.ended).toBe(true);
    });
  });

  describe('finish', () => {
    it('ends the scrape with 200, once', async () => {
      const { open, codes } = setUp(['a']);
      const body = await open();
      await body.next();
      body.finish();
      body.finish();
      body.abandon();
      expect(codes).toEqual([200]);
      expect(body.abandoned.aborted).toBe(false);
    });

    it('does nothing while there are pieces left, or to a body that was abandoned', async () => {
      const { open, codes } = setUp(['a', 'b']);
      const body = await open();
      await body.next();
      body.finish();
      expect(codes).toEqual([]);
      body.abandon();
      body.finish();
      expect(codes).toEqual([499]);
    });
  });

  describe('the end of the client', () => {
    it('ends the scrape with 499, lets go of the source and never looks complete', async () => {
      const { open, client, codes, source } = setUp(['a', 'b', 'c']);
      const body = await open();
      await body.next();
      client.abort();
      expect(codes).toEqual([499]);
      expect(body.abandoned.aborted).toBe(true);
      await expect(body.next()).rejects.toThrow('abandoned');
      expect(source.ended).toBe(true);
      expect(codes).toEqual([499]);
    });

    it('is told apart from a complete answer while the last piece is on its way', async () => {
      const { open, client, codes } = setUp(['a']);
      await (await open()).next();
      client.abort();
      expect(codes).toEqual([499]);
    });

    it('changes nothing once the scrape has finished', async () => {
      const { open, client, codes } = setUp(['a']);
      const body = await open();
      await body.next();
      body.finish();
      client.abort();
      expect(codes).toEqual([200]);
    });
  });

  describe('abandon', () => {
    it('ends the scrape with 499, once', async () => {
      const { open, codes, source } = setUp(['a', 'b', 'c']);
      const body = await open();
      body.abandon();
      body.abandon();
      await Promise.resolve();
      expect(codes).toEqual([499]);
      expect(source.ended).toBe(true);
    });
  });

  describe('a reader that stalls', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    it('is given up after the time limit without a request for the next piece', async () => {
      const { open, codes, source } = setUp(['a', 'b', 'c', 'd'], { stallMs: 1_000 });
      const body = await open();
      for (let i = 0; i < 3; i++) {
        jest.advanceTimersByTime(999);
        await body.next();
      }
      jest.advanceTimersByTime(999);
      expect(codes).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(codes).toEqual([499]);
      expect(body.abandoned.aborted).toBe(true);
      await expect(body.next()).rejects.toThrow('abandoned');
      expect(source.ended).toBe(true);
    });

    it('leaves no timer behind', async () => {
      const { open } = setUp(['a']);
      const body = await open();
      await body.next();
      body.finish();
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  describe('release', () => {
    it('hands a piece back to where its memory came from', async () => {
      const { open, released } = setUp(['a']);
      const body = await open();
      const piece = await body.next();
      expect(released).toEqual([]);
      body.release(piece!);
      expect(released).toEqual(['a']);
    });
  });
});
