// The pool lends every chunk to one borrower at a time, and does not hoard.
import { CHUNK_BYTES } from '../../lib/exposition/index.js';
import { ChunkPool } from '../../lib/http/chunk-pool.js';

describe('ChunkPool', () => {
  it('lends a chunk again once it was given back, whole, from whatever part of it', () => {
    const pool = new ChunkPool();
    const chunk = pool.acquire();
    expect(chunk.byteLength).toBe(CHUNK_BYTES);
    pool.release(chunk.subarray(10, 20));
    const again = pool.acquire();
    expect(again.buffer).toBe(chunk.buffer);
    expect(again.byteLength).toBe(CHUNK_BYTES);
  });

  it('never lends the same chunk twice at a time, even when it was given back twice', () => {
    const pool = new ChunkPool();
    const chunk = pool.acquire();
    pool.release(chunk);
    pool.release(chunk.subarray(0, 5));
    expect(pool.acquire().buffer).not.toBe(pool.acquire().buffer);
  });

  it('keeps at most four idle chunks', () => {
    const pool = new ChunkPool();
    const lent = Array.from({ length: 10 }, () => pool.acquire());
    for (const chunk of lent) pool.release(chunk);
    const buffers = new Set(lent.map((chunk) => chunk.buffer));
    const known = Array.from({ length: 10 }, () => pool.acquire()).filter((chunk) => buffers.has(chunk.buffer));
    expect(known).toHaveLength(4);
  });

  it('takes no buffer of another size', () => {
    const pool = new ChunkPool();
    const long = new Uint8Array(CHUNK_BYTES * 2);
    pool.release(long);
    pool.release(Buffer.from('text'));
    expect(pool.acquire().byteLength).toBe(CHUNK_BYTES);
  });
});
