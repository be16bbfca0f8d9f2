// The number by which Alertmanager knows an alert: FNV-1a of 64 bits over its labels. Receivers match messages by it, so that ours
// has to be the same.
import type { Labels } from '../../model/label-set.js';

/** The offset basis, its upper and its lower half. */
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
/** The prime is 2^40 + 0x1b3. */
const PRIME_LOW = 0x1b3;
const HALF = 2 ** 32;
/** Ends every name and every value; no UTF-8 text has this byte. */
const SEPARATOR = 0xff;

/**
 * 16 hexadecimal digits. A label without a value is as none.
 *
 * Computed in halves of 32 bits, because a bigint for each byte would take many times as long.
 * Source: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv (the hash), Alertmanager's API (what is hashed).
 */
export function fingerprint(labels: Labels): string {
  // In the order of code units, which is that of bytes for all names that the classic format allows.
  const names = Object.keys(labels).filter((name) => labels[name] !== '');
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  for (const byte of hashedBytes(names.sort(), labels)) {
    const mixed = (low ^ byte) >>> 0;
    // Both products stay below 2^53.
    const product = mixed * PRIME_LOW;
    high = (high * PRIME_LOW + Math.floor(product / HALF) + (mixed << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

function hashedBytes(names: readonly string[], labels: Labels): Uint8Array {
  const separator = Uint8Array.of(SEPARATOR);
  return Buffer.concat(
    names.flatMap((name) => [Buffer.from(name), separator, Buffer.from(labels[name] ?? ''), separator]),
  );
}
