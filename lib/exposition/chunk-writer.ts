// The chunks that an exposition is written into. Apart from what is written, because where chunks come from (fresh for
// whoever keeps them, pooled for whoever sends them) must not concern the encoders.
import { SLACK, utf8Room, writeUtf8 } from './bytes.js';

/** The size of a full chunk: large enough that handing it on costs nothing per line, small enough to stay in the cache. */
export const CHUNK_BYTES = 256 * 1024;
// A small exposition shall not pay for a full chunk: the first fresh one is small, each further one four times as large.
const FIRST_CHUNK_BYTES = 8 * 1024;

/** Answers a chunk that nobody else reads or writes, of any size; one that is too small for a line is passed over. */
export type AcquireChunk = () => Uint8Array;

/** Hands out new chunks, the first ones small. */
export function freshChunks(): AcquireChunk {
  let size = FIRST_CHUNK_BYTES / 4;
  return () => {
    size = Math.min(CHUNK_BYTES, size * 4);
    // Not filled with zeros: every byte that is handed on has been written, and a fifth of a long text's time is saved.
    return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  };
}

/** Fills chunk after chunk. What is reserved at once is never split: if no chunk has room for it, it gets one of its own. */
export class ChunkWriter {
  // Public fields: the hot loops move `position` themselves, after `reserve` has made the room.
  view: DataView = new DataView(new ArrayBuffer(0));
  position = 0;
  end = 0;
  readonly #acquire: AcquireChunk;
  /** Whether whoever takes a piece keeps all of its chunk: then a piece in a much larger chunk is copied out of it. */
  readonly #trims: boolean;
  #chunk: Uint8Array | undefined;
  #full: Uint8Array[] = [];

  /** Without `acquire`, pieces have their memory for themselves. */
  constructor(acquire: AcquireChunk | undefined) {
    this.#acquire = acquire ?? freshChunks();
    this.#trims = acquire === undefined;
  }

  /** Turns to the next chunk if the current one has no room for so many bytes; then `view` is another one. */
  reserve(bytes: number): void {
    if (this.position + bytes > this.end) this.#turn(bytes);
  }

  writeText(text: string): void {
    this.reserve(utf8Room(text));
    this.position = writeUtf8(this.view, this.position, text);
  }

  get hasFull(): boolean {
    return this.#full.length > 0;
  }

  /** Hands over the chunks that are full. */
  takeFull(): readonly Uint8Array[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Hands over everything that was written. */
  takeAll(): readonly Uint8Array[] {
    this.#finishChunk();
    return this.takeFull();
  }

  #turn(bytes: number): void {
    this.#finishChunk();
    let chunk = this.#acquire();
    if (chunk.byteLength < bytes + SLACK) chunk = new Uint8Array(bytes + SLACK);
    this.#chunk = chunk;
    this.view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.end = chunk.byteLength - SLACK;
  }

  #finishChunk(): void {
    const { position } = this;
    const chunk = this.#chunk;
    if (chunk !== undefined && position > 0) {
      const wasteful = this.#trims && position < chunk.byteLength / 2;
      this.#full.push(wasteful ? chunk.slice(0, position) : chunk.subarray(0, position));
    }
    this.#chunk = undefined;
    this.position = 0;
    this.end = 0;
  }
}
