// Compression of a scrape, streaming and off the main thread. Apart from the scraper because it is a stage that pieces
// pass through: what goes in is encoded text, what comes out are compressed pieces.
import { createGzip, type Gzip } from 'node:zlib';

/** Level 1 costs a third of the default level's time, for text that becomes ten times smaller either way. */
const LEVEL = 1;
const OUTPUT_BYTES = 64 * 1024;

/**
 * Compresses what `source` yields. Leaving early ends the source too.
 *
 * @param release - Told of every piece of the source once it has been read.
 */
export async function* gzipped(
  source: AsyncGenerator<Uint8Array>,
  release: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: LEVEL, chunkSize: OUTPUT_BYTES });
  void feed(source, gzip, release);
  try {
    for await (const piece of gzip) yield piece as Uint8Array;
  } finally {
    gzip.destroy();
    await source.return(undefined);
  }
}

/** One piece is compressed while the next one is being encoded; never more, so that a slow reader holds the source back. */
async function feed(
  source: AsyncGenerator<Uint8Array>,
  gzip: Gzip,
  release: (piece: Uint8Array) => void,
): Promise<void> {
  try {
    let previous: Promise<void> = Promise.resolve();
    for await (const piece of source) {
      const written = write(gzip, piece, release);
      await previous;
      if (gzip.destroyed) return;
      previous = written;
    }
    await previous;
    gzip.end();
  } catch (cause) {
    gzip.destroy(cause instanceof Error ? cause : new Error('The encoder failed.', { cause }));
  }
}

function write(gzip: Gzip, piece: Uint8Array, release: (piece: Uint8Array) => void): Promise<void> {
  return new Promise((resolve) => {
    gzip.write(piece, (error) => {
      // After an error the other thread may still be reading the piece.
      if (!error) release(piece);
      resolve();
    });
  });
}
