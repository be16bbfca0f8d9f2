// Compresses a request as remote write wants it, in Snappy's block format, without holding the event loop.
import { compress } from 'snappyjs';
import { varintBytes, writeVarint } from '../../lib/exposition/protobuf/wire.js';
import type { Pace } from '../../lib/model/pace.js';

/** Snappy compresses its input in pieces of this size, which know nothing of each other. */
const FRAGMENT_BYTES = 65_536;

/** The compressed bytes in pieces, to be sent one behind the other. */
export async function snappy(bytes: Uint8Array, pace: Pace): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [lengthOf(bytes)];
  for (let at = 0; at < bytes.length; at += FRAGMENT_BYTES) {
    const fragment = bytes.subarray(at, at + FRAGMENT_BYTES);
    // In front of each result is the length of its fragment; the length of the whole is in front of all of them already.
    pieces.push(compress(fragment).subarray(varintBytes(fragment.length)));
    if (pace.look()) await pace.pause();
  }
  return pieces;
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  return new Uint8Array(view.buffer, 0, writeVarint(view, 0, length));
}
