// That chunks are filled, handed over and asked for as their owners rely on: pieces that stay, and pieces that are lent.
import { SLACK } from '../../lib/exposition/bytes.js';
import { CHUNK_BYTES, ChunkWriter, freshChunks } from '../../lib/exposition/chunk-writer.js';

function textOf(pieces: readonly Uint8Array[]): string[] {
  return pieces.map((piece) => Buffer.from(piece).toString());
}

describe('ChunkWriter', () => {
  describe('with chunks of its own', () => {
    it('keeps the whole of a small text in a memory of about its size', () => {
      const writer = new ChunkWriter(undefined);
      writer.writeText('tiny\n');
      const [piece] = writer.takeAll();
      expect(textOf([piece!])).toEqual(['tiny\n']);
      expect(piece!.buffer.byteLength).toBe(5);
    });

    it('hands over pieces that no later writing changes', () => {
      const writer = new ChunkWriter(undefined);
      const lines = Array.from({ length: 3000 }, (_, i) => `line ${i} ${'x'.repeat(200)}\n`);
      const pieces: Uint8Array[] = [];
      for (const line of lines) {
        writer.writeText(line);
        pieces.push(...writer.takeFull());
      }
      pieces.push(...writer.takeAll());
      expect(textOf(pieces).join('')).toBe(lines.join(''));
      expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(pieces.length);
    });

    it('hands over nothing when nothing was written', () => {
      expect(new ChunkWriter(undefined).takeAll()).toEqual([]);
    });
  });

  describe('with chunks that are lent', () => {
    it('asks for a chunk only when there is something to write into it', () => {
      const acquire = jest.fn(() => new Uint8Array(64));
      const writer = new ChunkWriter(acquire);
      expect(acquire).not.toHaveBeenCalled();
      writer.writeText('a');
      writer.writeText('b');
      expect(acquire).toHaveBeenCalledTimes(1);
    });

    it('hands over views of the chunks themselves, however little is in them', () => {
      const chunk = new Uint8Array(1024);
      const writer = new ChunkWriter(() => chunk);
      writer.writeText('a');
      expect(writer.takeAll()[0]!.buffer).toBe(chunk.buffer);
    });

    it('writes into the part of the memory that it was lent and no further', () => {
      const memory = new Uint8Array(100).fill(0xab);
      const writer = new ChunkWriter(() => memory.subarray(10, 50));
      writer.writeText('0123456789');
      expect(textOf(writer.takeAll())).toEqual(['0123456789']);
      expect([...memory.subarray(0, 10), ...memory.subarray(50)].every((byte) => byte === 0xab)).toBe(true);
    });

    it('never splits what was written at once, and uses memory of its own where a chunk is too small', () => {
      const writer = new ChunkWriter(() => new Uint8Array(32 + SLACK));
      const texts = ['1234567890', 'abcdefghij', 'x'.repeat(1000), 'end'];
      for (const text of texts) writer.writeText(text);
      const pieces = textOf(writer.takeAll());
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(texts.join(''));
      for (const text of texts) expect(pieces.some((piece) => piece.includes(text))).toBe(true);
    });
  });
});

describe('freshChunks', () => {
  it('begins with a small chunk and grows to full ones', () => {
    const acquire = freshChunks();
    const sizes = Array.from({ length: 6 }, () => acquire().byteLength);
    expect(sizes[0]).toBeLessThanOrEqual(8192);
    expect(sizes.at(-1)).toBe(CHUNK_BYTES);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
  });
});
