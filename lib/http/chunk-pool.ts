// The chunks that scrapes are encoded into, used again from one scrape to the next: fresh large buffers cost page faults
// and garbage. Here and not in the encoder, because only HTTP knows when the bytes have left.
import { CHUNK_BYTES } from '../exposition/index.js';

/** One scrape holds two or three chunks at a time; more idle ones would be memory kept for a burst that is over. */
const MAX_IDLE_CHUNKS = 4;

/**
 * Lends chunks. A chunk that is never given back is simply collected as garbage, so giving back is owed to nobody: only
 * do so once nothing can read the bytes any more.
 */
export class ChunkPool {
  readonly #idle: Uint8Array[] = [];

  readonly acquire = (): Uint8Array => this.#idle.pop() ?? new Uint8Array(CHUNK_BYTES);

  /** Takes any view of a chunk that `acquire` lent, and lets everything else go. Twice is harmless while it is idle. */
  readonly release = (view: Uint8Array): void => {
    const { buffer } = view;
    if (buffer.byteLength !== CHUNK_BYTES || this.#idle.length >= MAX_IDLE_CHUNKS) return;
    if (this.#idle.some((chunk) => chunk.buffer === buffer)) return;
    this.#idle.push(new Uint8Array(buffer));
  };
}
