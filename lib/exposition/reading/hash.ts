// The hash of texts. Its numbers are drawn when the process starts: whoever sends texts cannot know which of them collide, so
// that no body makes a table slow.

/** By byte. */
export const BYTE_KEYS: Int32Array = Int32Array.from({ length: 256 }, () => Math.random() * 2 ** 32);
export const HASH_START: number = (Math.random() * 2 ** 32) | 0;
/** Odd, so that no bit is lost. */
export const HASH_FACTOR = 0x01000193;

export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = HASH_START;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ BYTE_KEYS[bytes[at]!]!, HASH_FACTOR);
  return hash;
}

/** Its low bits depend on all bits of a hash. */
export function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return half ^ (half >>> 13);
}
