// The compressing stage: what comes out decompresses to what went in, and nothing is left running or unread.
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { gzipped } from '../../lib/http/gzip.js';

/** Yields its pieces and tells when it has ended, in whatever way. */
function sourceOf(pieces: Iterable<Uint8Array>, failure?: Error) {
  let ended = false;
  async function* generate() {
    try {
      yield* pieces;
      if (failure !== undefined) throw failure;
    } finally {
      ended = true;
    }
  }
  return { pieces: generate(), hasEnded: () => ended };
}

function* endless() {
  // Cannot be compressed, so that a piece in is about a piece out.
  for (;;) yield randomBytes(100_000);
}

async function read(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}

describe('gzipped', () => {
  it('compresses what the source yields', async () => {
    const input = Array.from({ length: 40 }, (_, i) => Buffer.from(`line ${i} ${Math.sqrt(i)}\n`.repeat(4_000)));
    const source = sourceOf(input);
    const output = await read(gzipped(source.pieces, () => {}));
    expect(gunzipSync(output).equals(Buffer.concat(input))).toBe(true);
    expect(source.hasEnded()).toBe(true);
  });

  it('makes a valid empty file of an empty source', async () => {
    expect(gunzipSync(await read(gzipped(sourceOf([]).pieces, () => {})))).toHaveLength(0);
  });

  it('gives every piece back once, in order, and only after it was read', async () => {
    const input = Array.from({ length: 8 }, (_, i) => Buffer.alloc(100_000, 65 + i));
    const expected = Buffer.concat(input);
    const released: Uint8Array[] = [];
    const output = await read(
      gzipped(sourceOf(input).pieces, (piece) => {
        released.push(piece);
        // Whatever is written into it from now on must not show in the output.
        piece.fill(0);
      }),
    );
    expect(released).toEqual(input);
    expect(gunzipSync(output).equals(expected)).toBe(true);
  });

  it('rejects when the source fails', async () => {
    const source = sourceOf([Buffer.from('begun')], new Error('broken'));
    await expect(read(gzipped(source.pieces, () => {}))).rejects.toThrow('broken');
    expect(source.hasEnded()).toBe(true);
  });

  it('ends the source when its reader leaves early', async () => {
    const source = sourceOf(endless());
    const pieces = gzipped(source.pieces, () => {});
    await pieces.next();
    await pieces.return(undefined);
    expect(source.hasEnded()).toBe(true);
  });

  it('does not read ahead of a reader that takes nothing', async () => {
    let taken = 0;
    const counted = (function* () {
      for (const piece of endless()) {
        taken++;
        yield piece;
      }
    })();
    const pieces = gzipped(sourceOf(counted).pieces, () => {});
    await pieces.next();
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBeLessThanOrEqual(4);
    await pieces.return(undefined);
  });
});
